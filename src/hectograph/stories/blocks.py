"""The blocks an editor builds a story from. Nothing in them can load anything from elsewhere."""

from __future__ import annotations

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

INLINE = ["bold", "italic", "superscript", "subscript", "strikethrough", "code", "link", "document-link"]
WITH_LISTS = [*INLINE, "ol", "ul"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=200)
    level = blocks.ChoiceBlock(choices=[("2", "Heading"), ("3", "Smaller heading")], default="2")

    class Meta:
        icon = "title"
        label_format = "{text}"


class QuoteBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=INLINE)
    attribution = blocks.CharBlock(max_length=200, required=False)

    class Meta:
        icon = "openquote"


class ListBlock(blocks.StructBlock):
    items = blocks.ListBlock(blocks.RichTextBlock(features=INLINE))
    ordered = blocks.BooleanBlock(required=False, label="Numbered")

    class Meta:
        icon = "list-ul"


class PictureBlock(blocks.StructBlock):
    photo = ImageChooserBlock()
    caption = blocks.CharBlock(required=False, help_text="For this use; empty takes the photo's own.")
    alt = blocks.CharBlock(required=False, max_length=500, help_text="For this use; empty takes the photo's own.")

    class Meta:
        icon = "image"


class FactBoxBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=WITH_LISTS)

    class Meta:
        icon = "info-circle"
        label_format = "{title}"


class RelatedBlock(blocks.StructBlock):
    story = blocks.PageChooserBlock(page_type="stories.Story")

    class Meta:
        icon = "link"


class DownloadBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=200, required=False)
    document = DocumentChooserBlock()

    class Meta:
        icon = "doc-full"


PLAIN_BLOCKS = [
    ("paragraph", blocks.RichTextBlock(features=INLINE, icon="pilcrow")),
    ("heading", HeadingBlock()),
    ("quote", QuoteBlock()),
    ("list", ListBlock()),
    ("picture", PictureBlock()),
    ("gallery", blocks.ListBlock(PictureBlock(), icon="image")),
    ("fact_box", FactBoxBlock()),
    ("table", TableBlock(icon="table")),
    ("preformatted", blocks.TextBlock(icon="code")),
    ("divider", blocks.StaticBlock(icon="minus", admin_text="A line across the column.")),
    ("download", DownloadBlock()),
]

STORY_BLOCKS = [
    *PLAIN_BLOCKS,
    ("pull_quote", blocks.TextBlock(icon="openquote")),
    ("letter", blocks.StaticBlock(icon="mail", admin_text="The letter's sign-up box stands here.")),
    ("related", RelatedBlock()),
]

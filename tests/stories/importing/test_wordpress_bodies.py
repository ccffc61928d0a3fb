"""Bodies as WordPress has kept them over twenty years become blocks of our editor; nothing of a text is lost."""

from typing import Any

import pytest

from hectograph.stories.importing import gutenberg
from hectograph.stories.importing.html_blocks import Converted, convert
from tests.stories.importing.archives import kinds


def photo(url: str, key: str) -> int | None:
    """Numbers below a hundred have a file."""
    return int(key) if key.isdigit() and int(key) < 100 else None


def made(body: str, *, reusable: dict[str, str] | None = None, notes: str = "", **more: Any) -> Converted:
    told: list[str] = []
    done = convert(gutenberg.whole(body, reusable or {}, notes, told), photo, **more)
    done.changes += told
    return done


def text(done: Converted) -> str:
    return " ".join(str(block["value"]) for block in done.blocks)


def test_columns_groups_and_covers_give_what_is_in_them() -> None:
    done = made(
        '<!-- wp:group --><div class="wp-block-group"><!-- wp:columns --><div class="wp-block-columns">'
        '<!-- wp:column --><div class="wp-block-column"><!-- wp:paragraph --><p>Left</p><!-- /wp:paragraph --></div>'
        "<!-- /wp:column --><!-- wp:column --><div><!-- wp:heading --><h3>Right</h3><!-- /wp:heading --></div>"
        "<!-- /wp:column --></div><!-- /wp:columns --></div><!-- /wp:group -->"
        '<!-- wp:cover --><div class="wp-block-cover"><img class="wp-image-5" src="x"/>'
        '<div class="wp-block-cover__inner-container"><p>On the cover</p></div></div><!-- /wp:cover -->'
    )
    assert kinds(done) == ["paragraph", "heading", "picture", "paragraph"]


def test_a_picture_laid_behind_text_by_a_style_is_a_gap_not_a_loss() -> None:
    done = made('<div class="wp-block-cover" style="background-image:url(https://old.example/b.jpg)"><p>Over</p></div>')
    assert done.gaps == ["picture https://old.example/b.jpg"]
    assert "Over" in text(done)


def test_media_beside_text_keeps_both_and_the_caption_with_its_signs() -> None:
    done = made(
        '<div class="wp-block-media-text"><figure class="wp-block-media-text__media"><img class="wp-image-7" src="u" '
        'alt="A &amp; B"/><figcaption>Quay &amp; crane</figcaption></figure>'
        '<div class="wp-block-media-text__content"><p>Beside</p></div></div>'
    )
    assert done.blocks[0]["value"] == {"photo": 7, "caption": "Quay & crane", "alt": "A & B"}
    assert "Beside" in text(done)


@pytest.mark.parametrize(
    "gallery",
    [
        '<figure class="wp-block-gallery has-nested-images">{}<figcaption>All of them</figcaption></figure>',
        '<figure class="wp-block-gallery"><ul>{}</ul><figcaption>All of them</figcaption></figure>',
    ],
    ids=["nested", "list"],
)
def test_a_gallery_keeps_every_caption(gallery: str) -> None:
    item = (
        '<figure class="wp-block-image"><img class="wp-image-{0}" src="u"/><figcaption>Number {0}</figcaption></figure>'
    )
    done = made(gallery.format(item.format(1) + item.format(2) + item.format(300)))
    shown = next(block["value"] for block in done.blocks if block["type"] == "gallery")
    assert [row["value"]["caption"] for row in shown] == ["Number 1", "Number 2"]
    assert "Number 300" in text(done)
    assert "All of them" in text(done)
    assert len(done.gaps) == 1


def test_a_gallery_that_names_no_picture_shows_those_uploaded_for_the_post() -> None:
    done = made("Before.\n\n[gallery]\n\nAfter.", attached=("3", "4"))
    assert kinds(done) == ["paragraph", "gallery", "paragraph"]
    assert len(done.blocks[1]["value"]) == 2


def test_an_embed_is_a_link_with_its_caption() -> None:
    done = made(
        '<!-- wp:embed {"url":"https://video.example/1"} --><figure class="wp-block-embed">'
        '<div class="wp-block-embed__wrapper">\nhttps://video.example/1\n</div><figcaption>The march</figcaption>'
        "</figure><!-- /wp:embed -->"
    )
    assert '<a href="https://video.example/1">' in text(done)
    assert "The march" in text(done)
    assert done.changes


def test_a_shared_block_stands_where_posts_use_it_and_a_circle_ends() -> None:
    shared = {
        "5": "<!-- wp:paragraph --><p>Shared words</p><!-- /wp:paragraph -->",
        "6": '<!-- wp:block {"ref":6} /-->',
    }
    done = made('<!-- wp:block {"ref":5} /--><!-- wp:block {"ref":6} /--><!-- wp:block {"ref":9} /-->', reusable=shared)
    assert text(done).count("Shared words") == 1
    assert any("number 9" in change for change in done.changes)


def test_footnotes_come_in_as_a_list_and_their_marks_stay() -> None:
    claim = '<p>Claim<sup data-fn="a"><a href="#a">1</a></sup></p>'
    done = made(
        f"<!-- wp:paragraph -->{claim}<!-- /wp:paragraph --><!-- wp:footnotes /-->",
        notes='[{"content":"The <em>source</em>.","id":"a"}]',
    )
    assert kinds(done) == ["paragraph", "list"]
    assert "<sup>1</sup>" in text(done)
    assert "<i>source</i>" in text(done)


def test_blocks_that_a_server_fills_are_told_of() -> None:
    done = made('<!-- wp:paragraph --><p>A</p><!-- /wp:paragraph --><!-- wp:latest-posts {"n":5} /-->')
    assert any("latest-posts" in change for change in done.changes)


def test_text_outside_of_blocks_keeps_its_paragraphs() -> None:
    done = made("First.\n\nSecond.\n<!-- wp:paragraph --><p>Third.</p><!-- /wp:paragraph -->\n\nFourth.\n\nFifth.")
    assert kinds(done) == ["paragraph"] * 5


def test_shortcodes_of_plugins_are_told_and_words_in_brackets_stay() -> None:
    done = made('[row]\nInside.\n[/row]\n\n[contact-form-7 id="3"]\n\n[poll]\n\nHe said [sic] so. [Box] too.')
    assert all(words in text(done) for words in ("Inside.", "[sic]", "[Box]"))
    assert "[row" not in text(done)
    assert {"row", "contact-form-7", "poll"} <= {change.split("[")[1].split("]")[0] for change in done.changes}


def test_a_caption_in_either_old_form_is_the_pictures() -> None:
    inner = made('[caption id="attachment_8"]<a href="u"><img class="wp-image-8" src="u"></a> Under it[/caption]')
    outer = made('[wp_caption id="attachment_8" caption="Under it"]<img class="wp-image-8" src="u">[/wp_caption]')
    assert inner.blocks[0]["value"]["caption"] == outer.blocks[0]["value"]["caption"] == "Under it"


def test_a_list_item_of_paragraphs_keeps_them_apart() -> None:
    assert "one<br>two" in text(made("<ul><li><p>one</p><p>two</p></li></ul>"))


def test_a_pull_quote_keeps_who_said_it() -> None:
    done = made(
        '<figure class="wp-block-pullquote"><blockquote><p>Never.</p><cite>The mayor</cite></blockquote></figure>'
    )
    assert done.blocks[0] == {"type": "pull_quote", "value": "Never. — The mayor", "id": done.blocks[0]["id"]}


@pytest.mark.parametrize(
    "hostile",
    [
        '<a href="java&#115;cript:alert(1)">x</a>',
        "<a href=' javascript:alert(1)'>x</a>",
        '<a href="data:text/html,<script>1</script>">x</a>',
        "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<math><mtext><script>alert(1)</script></mtext></math>",
        "<p style=\"background:url('javascript:alert(1)')\">x</p>",
        '<img src=x onerror="alert(1)">',
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<base href='https://elsewhere.example/'><meta http-equiv=refresh content='0;url=javascript:1'>",
        "[caption]<script>alert(1)</script>[/caption]",
        "[embed]javascript:alert(1)[/embed]",
        '<!-- wp:x {"url":"https://a.example/\\"><script>alert(1)</script>"} /-->',
    ],
)
def test_nothing_that_runs_or_loads_gets_through(hostile: str) -> None:
    got = text(made(f"<p>Before</p>{hostile}<p>After</p>")).lower()
    assert not any(
        word in got for word in ("<script", "<img", "<iframe", "<svg", "<meta", "<base", "style=", "onerror=")
    )
    assert 'href="java' not in got
    assert 'href="data' not in got
    assert "before" in got


@pytest.mark.parametrize(
    "opening",
    ["[caption]", "<pre>", "<!--", "<!-- wp:a ", "<", "[a b='", "<p ", "\n", "[embed]", "<div>", "<a <b ", "[x]\n"],
)
def test_an_opening_without_end_repeated_for_ever_takes_no_time_to_speak_of(opening: str) -> None:
    made(f"Words. {opening * 60_000}")  # in the square of the length this would take hours


def test_a_classic_body_keeps_its_headings_quotes_and_broken_lines() -> None:
    done = made(
        "First.\n<h2>Head &amp; all</h2>\nUnder it,\nbroken.\n\n<blockquote>Said.\n\nAgain.</blockquote>\n"
        "<p>Marked.</p><h3>Small</h3><ul>\n<li>a</li>\n\n<li>b</li>\n</ul><div>In a box</div><hr />Last."
    )
    expected = ["paragraph", "heading", "paragraph", "quote", "paragraph", "heading", "list", "paragraph"]
    assert kinds(done) == [*expected, "divider", "paragraph"]
    assert done.blocks[1]["value"] == {"text": "Head & all", "level": "2"}
    assert done.blocks[3]["value"]["text"] == "<p>Said.</p><p>Again.</p>"
    assert "Under it,<br>broken." in text(done)

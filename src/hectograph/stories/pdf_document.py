"""A document for readers: PDF only, cleaned on upload."""

from __future__ import annotations

from wagtail.documents.models import AbstractDocument


class PdfDocument(AbstractDocument):
    admin_form_fields = ("title", "file", "collection")

    class Meta(AbstractDocument.Meta):
        verbose_name = "PDF"
        verbose_name_plural = "PDFs"

    def clean(self) -> None:
        if self.file:  # of one that was refused there is nothing more to say
            super().clean()

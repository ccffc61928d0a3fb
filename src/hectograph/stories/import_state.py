"""What an import brought in: so that a second run changes nothing, and never writes over an editor."""

from __future__ import annotations

from django.db import models


class Imported(models.Model):
    """`digest` is of the item as it was in the archive; `revision` the page's revision that the import made."""

    source = models.CharField(max_length=300, unique=True)
    page = models.BigIntegerField(db_index=True)
    digest = models.CharField(max_length=64)
    revision = models.BigIntegerField(null=True)


class ImportedPhoto(models.Model):
    """The photo that stands for a picture of an archive, by where it was there."""

    url = models.CharField(max_length=500, unique=True)
    photo = models.ForeignKey("stories.Photo", on_delete=models.CASCADE, related_name="+")


class ImportedDocument(models.Model):
    """The document that stands for a file of an archive, by where it was there."""

    url = models.CharField(max_length=500, unique=True)
    document = models.ForeignKey("stories.PdfDocument", on_delete=models.CASCADE, related_name="+")

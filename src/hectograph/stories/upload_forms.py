"""The library's upload forms. A file is cleaned before anything is stored; a bad one is refused with a sentence."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile, UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from hectograph.errors import Problem
from hectograph.stories import photo_store
from hectograph.stories.pdf_files import clean_pdf
from hectograph.stories.photo_files import clean_photo


class PhotoForm(BaseImageForm):
    """Cleans the picture, and makes the press's renditions when it is saved."""

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if not isinstance(file, UploadedFile | InMemoryUploadedFile):
            return file
        file.seek(0)
        try:
            clean = clean_photo(file.read(), file.name or "")
        except Problem as problem:
            raise ValidationError(str(problem)) from problem
        name = photo_store.neutral_name(clean.data, clean.extension)
        return SimpleUploadedFile(name, clean.data, content_type=f"image/{clean.format.lower()}")

    def save(self, commit: bool = True) -> Any:
        photo = super().save(commit=commit)
        focal = {"file", "focal_point_x", "focal_point_y"} & set(self.changed_data)
        if commit and (focal or not photo.files):
            photo_store.render(photo)
        return photo


class PdfForm(BaseDocumentForm):
    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if not isinstance(file, UploadedFile):
            return file
        file.seek(0)
        try:
            data = clean_pdf(file.read())
        except Problem as problem:
            raise ValidationError(str(problem)) from problem
        return SimpleUploadedFile(photo_store.neutral_name(data, "pdf"), data, content_type="application/pdf")

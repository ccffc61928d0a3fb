"""The library's upload forms. A file is cleaned before anything is stored; a bad one is refused with a sentence."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.forms import FileField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from hectograph.errors import Problem
from hectograph.stories import photo_store
from hectograph.stories.photo_files import clean_photo


class PhotoField(WagtailImageField):
    """We alone look at the file: Wagtail's look breaks on half a picture, and says less of others."""

    def to_python(self, data: Any) -> Any:
        file = FileField.to_python(self, data)
        return file and cleaned(file)


class PhotoForm(BaseImageForm):
    """Cleans the picture, and makes the press's renditions when it is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:  # it isn't where the file waits already
            field = self.fields["file"]
            self.fields["file"] = PhotoField(label=field.label, required=field.required, widget=field.widget)

    def save(self, commit: bool = True) -> Any:
        photo = super().save(commit=commit)
        focal = {"file", "focal_point_x", "focal_point_y"} & set(self.changed_data)
        if commit and (focal or not photo.files):
            photo_store.render(photo)
        return photo


def cleaned(file: File[bytes]) -> SimpleUploadedFile:
    """The picture of an upload, clean, its name saying nothing. A ValidationError says why it can't be taken."""
    file.seek(0)
    try:
        clean = clean_photo(file.read(), file.name or "")
    except Problem as problem:
        raise ValidationError(str(problem)) from problem
    name = photo_store.neutral_name(clean.data, clean.extension)
    return SimpleUploadedFile(name, clean.data, content_type=f"image/{clean.format.lower()}")


def clean_waiting(instance: Any, **_of_the_signal: Any) -> None:
    """Before Wagtail keeps an upload that waits for its credit: it would keep the file as it came."""
    photos = instance.for_content_type.model == "photo"
    if photos and instance.file and not instance.file._committed:
        instance.file = cleaned(instance.file.file)


class PdfForm(BaseDocumentForm):
    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if not isinstance(file, UploadedFile):
            return file
        from hectograph.stories.pdf_files import clean_pdf  # noqa: PLC0415 (memory that only an upload needs)

        file.seek(0)
        try:
            data = clean_pdf(file.read())
        except Problem as problem:
            raise ValidationError(str(problem)) from problem
        return SimpleUploadedFile(photo_store.neutral_name(data, "pdf"), data, content_type="application/pdf")

"""The library of pictures and documents: who may put something in, and what is refused with nothing kept."""

import gc
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import UploadedFile

from hectograph.newsroom.access import accounts
from hectograph.newsroom.access.roles import ROLES
from hectograph.stories.pdf_document import PdfDocument
from hectograph.stories.photo import Photo
from tests.newsroom.cast import Newsroom
from tests.stories import planted_photos

PASSWORD = "a-long-enough-password"


def _picture(**options: Any) -> bytes:
    return planted_photos.saved("JPEG", **options)


def _signed_in(client: Client, role: str) -> Client:
    client.force_login(accounts.create_staff("someone", PASSWORD, role=role))
    return client


@pytest.mark.parametrize("role", ROLES)
def test_every_role_finds_pictures_in_the_menu(newsroom: Newsroom, client: Client, role: str) -> None:
    assert b"/admin/images/" in _signed_in(client, role).get("/admin/").content


@pytest.mark.parametrize("role", ROLES)
def test_every_role_puts_a_picture_into_the_library(newsroom: Newsroom, client: Client, role: str) -> None:
    sent = {"title": "The quay", "credit": "Ada Finch", "file": SimpleUploadedFile("quay.jpg", _picture())}
    answer = _signed_in(client, role).post("/admin/images/add/", sent)
    assert answer.headers["Location"] == "/admin/images/"
    assert [(photo.title, photo.credit) for photo in Photo.objects.all()] == [("The quay", "Ada Finch")]


@pytest.fixture
def collected() -> Iterator[None]:
    """Wagtail leaves the temporary file of a thumbnail to the collector, which would complain in another test."""
    yield
    gc.collect()


@pytest.mark.usefixtures("collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("role", ROLES)
def test_every_role_uploads_and_chooses_from_the_story(newsroom: Newsroom, client: Client, role: str) -> None:
    _signed_in(client, role)
    assert 'type="file"' in client.get("/admin/images/chooser/").json()["html"]
    form = {"image-chooser-upload-title": "The quay", "image-chooser-upload-credit": "Ada Finch"}
    form |= {"image-chooser-upload-file": SimpleUploadedFile("quay.jpg", _picture())}
    assert client.post("/admin/images/chooser/create/", form).json()["step"] == "chosen"
    photo = Photo.objects.get()
    assert client.get(reverse("wagtailimages_chooser:chosen", args=[photo.pk])).json()["step"] == "chosen"
    assert b"The quay" in client.get("/admin/images/chooser/results/").content


def test_a_reporter_changes_no_picture_of_others(newsroom: Newsroom, client: Client) -> None:
    accounts.create_staff("first", PASSWORD, role="editor")
    photo = Photo.objects.create(
        title="The quay", credit="Ada Finch", width=40, height=40, file=SimpleUploadedFile("quay.jpg", _picture())
    )
    _signed_in(client, "reporter").post(f"/admin/images/{photo.pk}/delete/")
    assert Photo.objects.get().title == "The quay"


@pytest.mark.parametrize("role", ["editor", "publisher", "operator"])
def test_documents_come_in_from_editors_up(newsroom: Newsroom, client: Client, role: str) -> None:
    assert b'type="file"' in _signed_in(client, role).get("/admin/documents/add/").content


def test_a_reporter_links_a_document_that_an_editor_put_in(newsroom: Newsroom, client: Client) -> None:
    document = PdfDocument.objects.create(title="The ruling", file=SimpleUploadedFile("ruling.pdf", b"%PDF-1.4"))
    _signed_in(client, "reporter")
    assert "The ruling" in client.get("/admin/documents/chooser/").json()["html"]
    chosen = client.get(reverse("wagtaildocs_chooser:chosen", args=[document.pk])).json()["result"]
    assert chosen["title"] == "The ruling"
    assert client.get(chosen["url"]).getvalue() == b"%PDF-1.4"
    assert b'type="file"' not in client.get("/admin/documents/add/", follow=True).content


def test_documents_can_be_listed_opened_and_edited(newsroom: Newsroom, client: Client) -> None:
    document = PdfDocument.objects.create(title="The ruling", file=SimpleUploadedFile("ruling.pdf", b"%PDF-1.4"))
    _signed_in(client, "editor")
    for place in ("", f"edit/{document.pk}/", "chooser/"):
        assert b"The ruling" in client.get(f"/admin/documents/{place}").content


def test_a_document_that_is_refused_is_refused_for_one_reason(newsroom: Newsroom, client: Client) -> None:
    form = {"title": "A letter", "file": SimpleUploadedFile("letter.pdf", b"no PDF at all")}
    shown = _signed_in(client, "editor").post("/admin/documents/add/", form).content.decode()
    assert "This file is not a PDF." in shown
    assert "extension" not in shown


def _bomb() -> bytes:
    """A PNG of 841 million pixels in a few bytes, as its header says."""
    small = planted_photos.saved("PNG")
    header = b"IHDR" + struct.pack(">II", 29_000, 29_000) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


def _huge() -> bytes:
    """A JPEG whose frame header says 16,000 by 12,500 pixels."""
    data = _picture()
    frame = data.index(b"\xff\xc0") + 5
    return data[:frame] + struct.pack(">HH", 12_500, 16_000) + data[frame + 4 :]


_REFUSED = {
    "bomb.png": (_bomb, "more than 60 million pixels"),
    "huge.jpg": (_huge, "more than 60 million pixels"),
    "text.jpg": (lambda: b"no picture, a text\n" * 9, "not a picture that can be read"),
    "page.jpg": (lambda: b"<html><script>alert(1)</script>", "a web page or another text"),
    "other.png": (_picture, "but it is a JPEG picture"),
    "half.jpg": (lambda: _picture()[:700], "damaged"),
}


def _stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", _REFUSED)
@pytest.mark.parametrize("way", ["/admin/images/add/", "/admin/images/multiple/add/"])
def test_a_bad_picture_is_refused_with_a_sentence_and_nothing_is_stored(
    newsroom: Newsroom, client: Client, name: str, way: str
) -> None:
    make, words = _REFUSED[name]
    there = _stored()
    file = SimpleUploadedFile(name, make())
    sent = {"title": "The quay", "credit": "Ada Finch", ("files[]" if "multiple" in way else "file"): file}
    answer = _signed_in(client, "reporter").post(way, sent)
    assert words in answer.content.decode()
    assert (_stored(), Photo.objects.count(), UploadedFile.objects.count()) == (there, 0, 0)


def test_an_upload_that_waits_for_its_credit_is_clean_already(newsroom: Newsroom, client: Client) -> None:
    there = _stored()
    raw = _picture(exif=planted_photos.exif())
    assert planted_photos.MARK in raw  # or this proves nothing
    _signed_in(client, "reporter").post(
        "/admin/images/multiple/add/", {"files[]": SimpleUploadedFile("masha-at-home.jpg", raw)}
    )
    (kept,) = set(_stored()) - set(there)
    assert planted_photos.MARK not in kept.read_bytes()
    assert "masha" not in kept.name


@pytest.mark.usefixtures("collected")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_several_at_once_come_into_the_library_clean_and_with_all_sizes(newsroom: Newsroom, client: Client) -> None:
    raw = _picture(exif=planted_photos.exif())
    _signed_in(client, "reporter").post(
        "/admin/images/multiple/add/", {"files[]": SimpleUploadedFile("masha-at-home.jpg", raw)}
    )
    waiting = UploadedFile.objects.get()
    words = {"title": "The quay", "credit": "Ada Finch"}
    client.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk]),
        {f"uploaded-image-{waiting.pk}-{name}": value for name, value in words.items()},
    )
    photo = Photo.objects.get()
    assert {row[3] for row in photo.files} == {"avif", "webp", "jpeg"}
    assert planted_photos.MARK not in photo.file.read()
    assert "masha" not in photo.file.name
    photo.file.close()

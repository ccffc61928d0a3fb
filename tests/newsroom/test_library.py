"""The library of pictures and documents: who may put something in, and what is refused with nothing kept."""

import gc
import io
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from hectograph.newsroom.access import accounts
from hectograph.newsroom.access.roles import ROLES
from hectograph.stories.photo import Photo
from tests.newsroom.cast import Newsroom

PASSWORD = "a-long-enough-password"


def _picture(form: str = "JPEG", side: int = 40) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(held, form)
    return held.getvalue()


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

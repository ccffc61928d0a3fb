"""Pictures that wait for a credit that never comes are forgotten after a day."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import UploadedFile

from hectograph.newsroom import timetable
from hectograph.stories import uploads_given_up
from hectograph.stories.pdf_document import PdfDocument


@pytest.fixture
def waiting(db: None) -> UploadedFile:
    row = UploadedFile(for_content_type=ContentType.objects.get_for_model(PdfDocument))
    row.file.save("b.jpg", ContentFile(b"a picture"))
    return row


def test_an_upload_waits_for_a_day(waiting: UploadedFile) -> None:
    assert uploads_given_up.forget(timezone.now() + timedelta(hours=23)) == 0
    assert UploadedFile.objects.exists()
    assert Path(waiting.file.path).exists()


def test_an_upload_given_up_goes_with_its_file_by_the_timetable(
    waiting: UploadedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "forget uploads that were given up"
    monkeypatch.setattr(timetable, "_JOBS", {name: timetable._JOBS[name]})
    monkeypatch.setattr(timetable, "_last_run", {})
    timetable.run_due(timezone.now() + timedelta(hours=25))
    assert not UploadedFile.objects.exists()
    assert not Path(waiting.file.path).exists()


def test_a_file_whose_row_is_gone_goes_too(waiting: UploadedFile) -> None:
    UploadedFile.objects.all().delete()
    assert uploads_given_up.forget(timezone.now() + timedelta(hours=25)) == 1
    assert not Path(waiting.file.path).exists()

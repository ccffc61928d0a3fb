"""Files of the old site that words link to: PDFs come in, the rest is named."""

from pathlib import Path
from typing import Any

import pytest

from hectograph.stories.importing.writing import ImportOptions, run_import
from hectograph.stories.pdf_document import PdfDocument
from hectograph.stories.story import Story
from tests.stories.importing.archives import ghost, ghost_post, post, written, wxr
from tests.stories.planted_pdf import planted

OLD = "https://old.example/wp-content/uploads/2020/01"


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    (folder / "2020/01").mkdir(parents=True)
    (folder / "2020/01/the-report.pdf").write_bytes(planted())
    return folder


def gaps(report: Any) -> list[str]:
    return [gap for item in report.items for gap in item.gaps]


def archive(folder: Path, link: str) -> Path:
    return written(folder, wxr(post(1, body=f'<p>Read <a href="{link}">the report</a> in full.</p>')))


def test_a_linked_pdf_becomes_a_document_of_ours(newsroom: Any, tmp_path: Path, uploads: Path) -> None:
    report = run_import("wordpress", archive(tmp_path, f"{OLD}/the-report.pdf"), options=ImportOptions(uploads=uploads))
    document = PdfDocument.objects.get()
    stored = str(Story.objects.get().body.get_prep_value())
    assert (document.title, gaps(report)) == ("the report", [])
    assert f'linktype="document" id="{document.pk}"' in stored
    assert "old.example" not in stored


def test_a_second_run_changes_nothing(newsroom: Any, tmp_path: Path, uploads: Path) -> None:
    file = archive(tmp_path, f"{OLD}/the-report.pdf")
    run_import("wordpress", file, options=ImportOptions(uploads=uploads))
    again = run_import("wordpress", file, options=ImportOptions(uploads=uploads))
    assert [item.outcome for item in again.items] == ["same"]
    assert PdfDocument.objects.count() == 1


@pytest.mark.parametrize("name", ["missing.pdf", "table.xlsx", "../../../secret.pdf"])
def test_a_file_that_does_not_come_in_is_named_as_a_gap(
    newsroom: Any, tmp_path: Path, uploads: Path, name: str
) -> None:
    report = run_import("wordpress", archive(tmp_path, f"{OLD}/{name}"), options=ImportOptions(uploads=uploads))
    assert len(gaps(report)) == 1
    assert name in gaps(report)[0]


def test_a_pdf_that_cannot_be_cleaned_says_why(newsroom: Any, tmp_path: Path, uploads: Path) -> None:
    (uploads / "2020/01/broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    report = run_import("wordpress", archive(tmp_path, f"{OLD}/broken.pdf"), options=ImportOptions(uploads=uploads))
    assert "PDF" in gaps(report)[0]
    assert not PdfDocument.objects.exists()


def test_links_to_other_sites_stay_as_they_are(newsroom: Any, tmp_path: Path, uploads: Path) -> None:
    link = "https://elsewhere.example/wp-content/uploads/2020/01/the-report.pdf"
    report = run_import("wordpress", archive(tmp_path, link), options=ImportOptions(uploads=uploads))
    assert link in str(Story.objects.get().body.get_prep_value())
    assert gaps(report) == []


def test_ghost_files_come_in_too(newsroom: Any, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "plan.pdf").write_bytes(planted())
    body = '<p><a href="__GHOST_URL__/content/files/plan.pdf">The plan</a></p>'
    report = run_import("ghost", ghost(tmp_path, [ghost_post(1, html=body)]), options=ImportOptions(uploads=folder))
    assert (PdfDocument.objects.count(), gaps(report)) == (1, [])

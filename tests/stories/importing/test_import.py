"""Archives come in whole, twice without a difference, and never over an editor's words."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hectograph.errors import Problem
from hectograph.stories import queue
from hectograph.stories.importing import turns
from hectograph.stories.importing.html_blocks import convert
from hectograph.stories.importing.writing import ImportOptions, run_import
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import Address
from hectograph.stories.queue import Kind
from hectograph.stories.story import Story

SAMPLES = Path(__file__).parents[3] / "samples"
WXR, GHOST = SAMPLES / "wordpress/edge-cases.wxr.xml", SAMPLES / "ghost/edge-cases.json"


def none(url: str, key: str) -> None:
    return None


def line(report: Any, words: str) -> Any:
    return next(item for item in report.items if words in item.where)


def test_published_posts_and_pages_come_in_and_the_rest_as_drafts(newsroom: Any) -> None:
    report = run_import("wordpress", WXR)
    assert (report.posts, report.pages) == (9, 1)
    assert set(Story.objects.filter(live=False).values_list("title", flat=True)) == {"Locked", "Private", "Tomorrow"}
    assert PlainPage.objects.get(live=True).title == "About"


def test_what_is_left_is_counted_and_named(newsroom: Any) -> None:
    report = run_import("wordpress", WXR)
    left = {item.where for item in report.items if item.outcome == "left"}
    assert left == {"1 × nav_menu_item", "1 × post (trash)", "1 × comment"}


def test_drafts_stand_first_in_the_report(newsroom: Any) -> None:
    assert "came in as a draft" in next(iter(run_import("wordpress", WXR).lines()))


def test_classic_and_block_bodies_become_our_blocks(newsroom: Any) -> None:
    run_import("wordpress", WXR)
    kinds = [block.block_type for block in Story.objects.get(title="Made of blocks").body]
    assert kinds == ["heading", "paragraph", "quote", "pull_quote", "table", "divider", "paragraph"]
    classic = [block.block_type for block in Story.objects.get(title="Classic & plain").body]
    assert classic == ["paragraph", "paragraph", "paragraph", "list", "preformatted"]


def test_what_runs_or_loads_is_neutralised_and_told(newsroom: Any) -> None:
    report = run_import("wordpress", WXR)
    stored = str(Story.objects.get(title="Hostile").body.get_prep_value())
    assert not any(
        word in stored for word in ("onclick", "script", "javascript:", "onerror", "<form", "<object", "<img")
    )
    told = " ".join(line(report, "Hostile").changes + line(report, "Hostile").gaps)
    assert all(word in told for word in ("event handlers", "<script>", "run a script", "spy.gif", "<form>", "embed"))


def test_a_second_run_changes_nothing(newsroom: Any) -> None:
    run_import("wordpress", WXR)
    before = list(Story.objects.order_by("pk").values_list("pk", "latest_revision_id"))
    again = run_import("wordpress", WXR)
    assert list(Story.objects.order_by("pk").values_list("pk", "latest_revision_id")) == before
    assert {item.outcome for item in again.items} == {"same", "left"}


def test_an_archive_waits_behind_what_editors_publish_after_it(newsroom: Any) -> None:
    run_import("wordpress", WXR)
    fresh = newsroom.story("Just in")
    assert queue.take(site=False).of(Kind.STORY) == {fresh.pk}


def test_after_each_item_others_come_to_their_turn_where_the_database_has_one_writer(
    newsroom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests = list[float]()
    monkeypatch.setattr(turns.time, "sleep", rests.append)
    came = sum(item.outcome == "came" for item in run_import("wordpress", WXR).items)
    if connection.vendor == "sqlite":
        assert 0 < came <= len(rests)
        assert all(rests)
    else:
        assert rests == []


def test_an_editors_change_is_never_written_over(newsroom: Any, tmp_path: Path) -> None:
    run_import("wordpress", WXR)
    newsroom.edit(Story.objects.get(title="Made of blocks"), title="Edited by hand")
    changed = tmp_path / "changed.xml"
    changed.write_text(WXR.read_text().replace("A heading", "Another heading"))
    report = run_import("wordpress", changed)
    assert line(report, "Made of blocks").outcome == "edited"
    assert Story.objects.filter(title="Edited by hand").exists()


def test_an_item_that_changed_in_the_archive_alone_is_updated(newsroom: Any, tmp_path: Path) -> None:
    run_import("wordpress", WXR)
    changed = tmp_path / "changed.xml"
    changed.write_text(WXR.read_text().replace("A heading", "Another heading"))
    assert line(run_import("wordpress", changed), "Made of blocks").outcome == "changed"


def test_old_addresses_lead_to_the_new_ones(newsroom: Any) -> None:
    run_import("wordpress", WXR)
    page = Story.objects.get(title="Classic & plain").pk
    assert Address.objects.get(path="2019/04/classic-plain/index.html").page == page


def test_a_truncated_file_gives_all_that_is_whole_and_says_where_it_ends(newsroom: Any, tmp_path: Path) -> None:
    text = WXR.read_text()
    torn = tmp_path / "torn.xml"
    torn.write_text(text[: text.index("No headline here")])
    report = run_import("wordpress", torn)
    assert set(Story.objects.values_list("title", flat=True)) == {"Classic & plain", "Made of blocks"}
    assert any("Item 3 (line" in problem for problem in report.problems)


def test_an_entity_bomb_expands_to_nothing(newsroom: Any, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    file = tmp_path / "bomb.xml"
    file.write_text(WXR.read_text().replace("<rss", f"{bomb}<rss", 1).replace("Classic &amp; plain", "x &b; y"))
    run_import("wordpress", file)
    assert not Story.objects.filter(title__contains="lol").exists()


def test_an_endless_text_is_cut_and_told(newsroom: Any, tmp_path: Path) -> None:
    file = tmp_path / "huge.xml"
    file.write_text(WXR.read_text().replace("Second paragraph.", "word " * 4_000_000))
    report = run_import("wordpress", file)
    assert any("longer than 16 MB" in problem for problem in report.problems)
    assert Story.objects.filter(title="Made of blocks").exists()


def test_a_wrong_encoding_is_read_and_told(newsroom: Any, tmp_path: Path) -> None:
    file = tmp_path / "latin.xml"
    file.write_bytes(WXR.read_bytes().replace(b"Second paragraph.", b"Caf\xe9."))
    report = run_import("wordpress", file)
    assert any("another encoding" in problem for problem in report.problems)
    assert Story.objects.filter(title="Classic & plain").exists()


@pytest.mark.parametrize("data", [b"", b"not xml", b"<html></html>", b"{}", b"\x00\x01"])
def test_a_file_that_is_no_export_is_refused_with_a_sentence(newsroom: Any, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "no.xml"
    file.write_bytes(data)
    with pytest.raises(Problem, match=r"export|posts"):
        run_import("wordpress", file)


def test_pictures_come_from_the_uploads_folder_and_never_from_outside_it(newsroom: Any, tmp_path: Path) -> None:
    folder = tmp_path / "uploads/2019/04"
    folder.mkdir(parents=True)
    picture = SAMPLES / "newsroom/pictures/hills.jpg"
    (folder / "quay.jpg").write_bytes(picture.read_bytes())
    (tmp_path / "secret.jpg").write_bytes(picture.read_bytes())
    hostile = tmp_path / "hostile.xml"
    hostile.write_text(WXR.read_text().replace("spy.gif", "wp-content/uploads/../secret.jpg"))
    report = run_import("wordpress", hostile, options=ImportOptions(uploads=tmp_path / "uploads"))
    assert Story.objects.get(title="Made of blocks").lead_photo is not None
    assert any("secret.jpg" in gap for gap in line(report, "Hostile").gaps)


def test_a_ghost_export_comes_in_with_its_authors_tags_and_lexical_bodies(newsroom: Any) -> None:
    report = run_import("ghost", GHOST)
    assert (report.posts, report.pages) == (4, 1)
    first = Story.objects.get(title="High water")
    assert first.section.name == "River"
    assert first.story_bylines.get().byline.all_names() == "Tomas Reel"
    assert [row.topic.name for row in first.story_topics.all()] == ["Flood"]
    assert "<b>Bold words</b> &amp; plain" in str(Story.objects.get(title="In Lexical").body.get_prep_value())
    assert any("strange-card" in change for change in line(report, "In Lexical").changes)
    assert not Story.objects.get(title="For members").live


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=st.sampled_from(list("<>/=\"'&;[] abpimgdivscript\n")), max_size=200))
def test_no_markup_breaks_the_converter_or_gets_through_it(body: str) -> None:
    for block in convert(body, none).blocks:
        assert "<script" not in str(block["value"]).replace("&lt;script", "")
        assert "<img" not in str(block["value"])


def test_every_post_of_wordpresss_own_test_export_comes_in_and_is_readable(newsroom: Any) -> None:
    if "HECTO_WXR" not in os.environ:
        pytest.skip("HECTO_WXR is not set")
    report = run_import("wordpress", Path(os.environ["HECTO_WXR"]))
    assert (report.posts, report.pages) == (58, 21)
    assert Story.objects.filter(live=True).count() == 55
    assert PlainPage.objects.filter(live=True).count() == 21
    assert not any(item.outcome == "skipped" for item in report.items)

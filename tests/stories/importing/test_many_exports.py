"""Exports as many sites hand them over: packed, in parts, of two sites, with links among their pages."""

import gzip
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hectograph.errors import Problem
from hectograph.stories.importing.writing import run_import
from hectograph.stories.plain import PlainPage
from hectograph.stories.story import Story
from tests.stories.importing.archives import body_of, ghost, ghost_post, meta, post, written, wxr, zipped


def of_site(host: str, *items: str) -> str:
    return wxr(*items).replace("old.example", host)


def changes(report: Any, title: str) -> str:
    return " ".join(next(item for item in report.items if title in item.where).changes)


def test_a_gzipped_export_comes_in(newsroom: Any, tmp_path: Path) -> None:
    file = written(tmp_path, gzip.compress(wxr(post(1), post(2)).encode()), "export.xml.gz")
    assert run_import("wordpress", file).posts == 2


def test_a_gzipped_export_that_breaks_off_gives_what_is_whole(newsroom: Any, tmp_path: Path) -> None:
    packed = gzip.compress(
        wxr(
            *(
                post(n, body=" ".join(sha256(f"{n}.{word}".encode()).hexdigest() for word in range(60)))
                for n in range(60)
            )
        ).encode()
    )
    report = run_import("wordpress", written(tmp_path, packed[: len(packed) // 2], "torn.gz"))
    assert 0 < report.posts < 60
    assert report.problems


def test_an_export_in_several_parts_comes_in_as_one(newsroom: Any, tmp_path: Path) -> None:
    shared = post(7, "Shared", "<!-- wp:paragraph --><p>Shared words</p><!-- /wp:paragraph -->", post_type="wp_block")
    name = "<wp:author_display_name>Ada F</wp:author_display_name>"
    author = f"<wp:author><wp:author_login>ada</wp:author_login>{name}</wp:author>"
    first = wxr(post(1, "One", '<!-- wp:block {"ref":7} /-->', more="<dc:creator>ada</dc:creator>"))
    report = run_import(
        "wordpress", zipped(tmp_path, a__2__xml=wxr(shared, author, post(2)), a__1__xml=first, notes__txt="x")
    )
    assert report.posts == 2
    assert "Shared words" in body_of("One")
    assert Story.objects.get(title="One").story_bylines.get().byline.all_names() == "Ada F"


def test_a_zip_of_ghosts_is_read(newsroom: Any, tmp_path: Path) -> None:
    export = ghost(tmp_path, [ghost_post(1)]).read_text()
    assert run_import("ghost", zipped(tmp_path, data__json=export, redirects__json="[]")).posts == 1


def test_a_zip_without_an_export_is_refused_with_a_sentence(newsroom: Any, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"no \.xml"):
        run_import("wordpress", zipped(tmp_path, readme__txt="x"))


def test_a_torn_zip_is_refused_with_a_sentence(newsroom: Any, tmp_path: Path) -> None:
    whole = zipped(tmp_path, a__xml=wxr(post(1))).read_bytes()
    with pytest.raises(Problem, match="zip can't be opened"):
        run_import("wordpress", written(tmp_path, whole[:-30], "torn.zip"))


def test_two_sites_whose_posts_bear_the_same_numbers_both_come_in(newsroom: Any, tmp_path: Path) -> None:
    run_import("wordpress", written(tmp_path, of_site("one.example", post(1, "Of the first")), "1.xml"))
    report = run_import("wordpress", written(tmp_path, of_site("two.example", post(1, "Of the second")), "2.xml"))
    assert set(Story.objects.values_list("title", flat=True)) == {"Of the first", "Of the second"}
    assert report.items[0].outcome == "came"


def test_a_second_run_counts_no_change_whatever_the_file_holds_beside(newsroom: Any, tmp_path: Path) -> None:
    file = written(tmp_path, wxr(post(1), post(2, "A cup", post_type="product")))
    run_import("wordpress", file)
    assert run_import("wordpress", file).as_json()["changed"] == 0


def test_a_site_that_moved_brings_no_post_twice(newsroom: Any, tmp_path: Path) -> None:
    guid = "<guid>http://old.example/?p=1</guid>"
    run_import("wordpress", written(tmp_path, wxr(post(1, more=guid))))
    moved = wxr(post(1, more=guid)).replace("<link>https://old.example", "<link>https://new.example")
    assert run_import("wordpress", written(tmp_path, moved)).items[0].outcome == "changed"
    assert Story.objects.count() == 1


def test_two_items_of_one_number_both_come_in_and_a_second_run_changes_nothing(newsroom: Any, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        wxr(post(1, "First", post_name="a"), post(1, "Second", post_name="b"), post(1, "First", post_name="a")),
    )
    report = run_import("wordpress", file)
    assert sorted(Story.objects.values_list("title", flat=True)) == ["First", "Second"]
    assert "has its number" in changes(report, "Second")
    assert {item.outcome for item in run_import("wordpress", file).items} == {"same"}


def test_posts_of_two_files_that_have_no_number_both_come_in(newsroom: Any, tmp_path: Path) -> None:
    for name in ("One", "Two"):
        run_import("wordpress", written(tmp_path, wxr(post(0, name, post_id=""))))
    assert Story.objects.count() == 2


def test_a_link_from_page_to_page_leads_to_ours_whichever_came_first(newsroom: Any, tmp_path: Path) -> None:
    early = '<a href="https://old.example/2020/post-2/#more">later</a> <a href="http://www.old.example/?p=3">number</a>'
    late = '<a href="/2020/post-1">earlier</a> <a href="https://elsewhere.example/2020/post-1/">other</a>'
    file = written(tmp_path, wxr(post(1, "Early", early), post(2, "Late", late), post(3, "Third")))
    report = run_import("wordpress", file)
    pages = {story.title: story.pk for story in Story.objects.all()}
    for title, target in (("Early", "Late"), ("Early", "Third"), ("Late", "Early")):
        assert f'linktype="page" id="{pages[target]}"' in body_of(title)
    assert "elsewhere.example" in body_of("Late")
    assert [item.gaps for item in report.items] == [[], [], []]
    assert {item.outcome for item in run_import("wordpress", file).items} == {"same"}


def test_a_link_that_turned_late_leaves_the_dates_as_they_were(newsroom: Any, tmp_path: Path) -> None:
    run_import("wordpress", written(tmp_path, wxr(post(1, "Early", '<a href="/2020/post-2/">l</a>'), post(2, "Late"))))
    story = Story.objects.get(title="Early")
    assert story.last_published_at == story.first_published_at
    assert story.live
    assert not story.has_unpublished_changes


def test_a_link_to_what_is_not_in_the_archive_is_a_gap(newsroom: Any, tmp_path: Path) -> None:
    body = '<a href="https://old.example/category/city/">city</a>'
    file = written(tmp_path, wxr(post(1, "Early", body)))
    assert run_import("wordpress", file).items[0].gaps == ["a link to https://old.example/category/city/"]
    assert {item.outcome for item in run_import("wordpress", file).items} == {"same"}


def test_a_page_keeps_what_a_pulled_quote_says(newsroom: Any, tmp_path: Path) -> None:
    body = (
        '<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>Never & ever.</p></blockquote></figure>'
    )
    run_import("wordpress", written(tmp_path, wxr(post(1, "About", body, post_type="page"))))
    assert "Never &amp; ever." in str(PlainPage.objects.get(live=True).body.get_prep_value())


def test_a_headline_with_a_sign_like_a_tag_keeps_its_words(newsroom: Any, tmp_path: Path) -> None:
    run_import("wordpress", written(tmp_path, wxr(post(1, "1 &lt; 2 and 3 &gt; 2"))))
    assert Story.objects.get().title == "1 < 2 and 3 > 2"


def test_words_in_the_fields_of_a_block_without_html_are_in_the_report(newsroom: Any, tmp_path: Path) -> None:
    block = '<!-- wp:acf/voice {"name":"acf/voice","data":{"said":"We will not move.","_said":"field_1 of it"}} /-->'
    report = run_import("wordpress", written(tmp_path, wxr(post(1, "Voices", block, more=meta("x", "y")))))
    assert "it said: We will not move." in changes(report, "Voices")
    assert "field_1" not in changes(report, "Voices")


def test_what_ghost_hid_from_some_readers_is_a_draft(newsroom: Any, tmp_path: Path) -> None:
    begin, end = '<!--kg-gated-block:begin nonMember:false memberSegment:"status:paid" -->', "<!--kg-gated-block:end-->"
    gated = f"<p>All</p>{begin}<p>Some</p>{end}"
    report = run_import("ghost", ghost(tmp_path, [ghost_post(1, html=gated), ghost_post(2)]))
    assert list(Story.objects.filter(live=True).values_list("title", flat=True)) == ["Post 2"]
    assert "not for everyone" in changes(report, "Post 1")


def test_ghosts_own_marks_of_a_post_are_told(newsroom: Any, tmp_path: Path) -> None:
    report = run_import("ghost", ghost(tmp_path, [ghost_post(1, featured=1, codeinjection_foot="<script>1</script>")]))
    assert "was featured" in changes(report, "Post 1")
    assert "injected" in changes(report, "Post 1")


def test_oldest_ghosts_that_count_from_one_do_not_meet(newsroom: Any, tmp_path: Path) -> None:
    for uuid in ("a-1", "b-2"):
        run_import(
            "ghost", ghost(tmp_path, [ghost_post(1, id=1, uuid=uuid, title=uuid, image="/content/images/x.jpg")])
        )
    assert Story.objects.count() == 2


def test_ghosts_text_in_brackets_is_no_shortcode_and_its_line_ends_mean_nothing(newsroom: Any, tmp_path: Path) -> None:
    run_import("ghost", ghost(tmp_path, [ghost_post(1, html='<p>a [b c="d"] e\n\nf</p>')]))
    assert body_of("Post 1").count("<p>") == 1
    assert "[b c=" in body_of("Post 1")

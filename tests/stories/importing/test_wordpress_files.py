"""WordPress exports as they are found in the wild: other versions, other encodings, broken, hostile."""

from pathlib import Path
from typing import Any

import pytest

from hectograph.stories.importing.old_addresses import old_address
from hectograph.stories.importing.writing import run_import
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import Address
from hectograph.stories.story import Story
from tests.stories.importing.archives import body_of, meta, post, written, wxr

AUTHOR = (
    "<wp:author><wp:author_login>{}</wp:author_login><wp:author_display_name>{}</wp:author_display_name></wp:author>"
)


def come_in(folder: Path, *items: str, **how: Any) -> Any:
    return run_import("wordpress", written(folder, wxr(*items, **how)))


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3"])
def test_every_version_of_the_namespace_is_read(newsroom: Any, tmp_path: Path, version: str) -> None:
    text = wxr(post(1, "Of its time", "Words of the time.")).replace("export/1.2/", f"export/{version}/")
    report = run_import("wordpress", written(tmp_path, text))
    assert report.posts == 1
    assert "Words of the time." in body_of("Of its time")


def test_a_file_without_its_namespaces_is_read(newsroom: Any, tmp_path: Path) -> None:
    excerpt = "<excerpt:encoded>Short.</excerpt:encoded>"
    come_in(tmp_path, AUTHOR.format("ada", "Ada Finch"), post(1, "Bare", "Its words.", more=excerpt), spaces=False)
    assert "Its words." in body_of("Bare")
    assert Story.objects.get(title="Bare").standfirst == "Short."


@pytest.mark.parametrize(
    ("encoding", "declared", "mark"),
    [
        ("utf-8", "UTF-8", b"\xef\xbb\xbf"),
        ("utf-16-le", "UTF-16", b"\xff\xfe"),
        ("utf-16-be", "UTF-16", b"\xfe\xff"),
        ("cp1251", "windows-1251", b""),
        ("cp1251", "UTF-8", b""),  # says one thing and is another
    ],
)
def test_words_survive_any_encoding(newsroom: Any, tmp_path: Path, encoding: str, declared: str, mark: bytes) -> None:
    text = wxr(
        post(1, "Река поднялась", "Нижняя набережная закрыта до вечера. " * 5),
        head=f'<?xml version="1.0" encoding="{declared}"?>',
    )
    run_import("wordpress", written(tmp_path, mark + text.encode(encoding)))
    assert "Нижняя набережная закрыта" in body_of("Река поднялась")


def test_a_stray_western_byte_in_utf8_is_read_as_what_it_was(newsroom: Any, tmp_path: Path) -> None:
    text = wxr(post(1, "Mixed", "Набережная. Caf@")).encode().replace(b"@", b"\xe9")
    report = run_import("wordpress", written(tmp_path, text))
    assert "Набережная. Café" in body_of("Mixed")
    assert any("another encoding" in problem for problem in report.problems)


def test_what_a_server_printed_before_the_file_is_passed_over(newsroom: Any, tmp_path: Path) -> None:
    text = "\n<br />\n<b>Warning</b>: something in export.php on line 7<br />\n" + wxr(post(1, "After it"))
    assert run_import("wordpress", written(tmp_path, text)).posts == 1


def test_control_characters_are_taken_out(newsroom: Any, tmp_path: Path) -> None:
    come_in(tmp_path, post(1, "Bell\x07 and \x0bTab", "A\x00B \x1f[gallery]\x01"))
    assert "AB" in body_of("Bell and Tab")


def test_a_text_that_ends_its_own_section_too_early_is_kept(newsroom: Any, tmp_path: Path) -> None:
    split = "<p>if (a[b[0]]]]><![CDATA[> c)</p><p>Second.</p>"
    torn = "<p>Before.</p> ]]> <p>After &amp; all.</p>"
    tail = '<p>Its "end".</p>'
    come_in(tmp_path, post(1, "Split", split), post(2, "Torn", torn).replace("]]></content", f"{tail}</content"))
    assert "a[b[0]]&gt; c" in body_of("Split")
    assert all(words in body_of("Torn") for words in ("Before.", "After &amp; all.", "Its"))


def test_names_of_entities_that_nobody_declared_do_not_cut_a_headline(newsroom: Any, tmp_path: Path) -> None:
    come_in(tmp_path, post(1, "Fish&nbsp;&amp;&nbsp;chips &mdash; again"))
    assert Story.objects.get().title == "Fish & chips — again"


@pytest.mark.parametrize("zero", ["0000-00-00 00:00:00", "", "no date", "9999-12-31 23:59:59", "2020-13-40 99:00:00"])
def test_a_date_that_is_none_does_not_keep_a_post_out(newsroom: Any, tmp_path: Path, zero: str) -> None:
    report = come_in(tmp_path, post(1, "When", post_date_gmt=zero, post_date=zero))
    assert report.posts == 1
    assert any("date" in change for change in report.items[0].changes)
    assert Story.objects.get(live=True).shown_date is not None


def test_posts_without_number_kind_or_headline_come_in(newsroom: Any, tmp_path: Path) -> None:
    bare = "<item><content:encoded>Only words.</content:encoded></item>"
    report = come_in(tmp_path, bare, post(0, post_id="", title="Numberless"), post(3, title=""))
    assert report.posts == 3
    assert not any(item.outcome == "skipped" for item in report.items)


def test_items_of_plugins_are_named_one_by_one_and_machinery_is_counted(newsroom: Any, tmp_path: Path) -> None:
    kinds = ("product", "event", "nav_menu_item", "wp_global_styles", "wp_global_styles")
    items = [post(n, f"Thing {n}", post_type=kind) for n, kind in enumerate(kinds, 1)]
    report = come_in(tmp_path, post(9), *items)
    left = {item.where for item in report.items if item.outcome == "left"}
    assert {"product 1 “Thing 1”", "event 2 “Thing 2”", "1 × product", "2 × wp_global_styles"} <= left


def test_many_posts_with_one_slug_get_addresses_of_their_own(newsroom: Any, tmp_path: Path) -> None:
    come_in(tmp_path, *(post(n, f"Twin {n}", post_name="same") for n in range(1, 5)))
    assert set(Story.objects.values_list("slug", flat=True)) == {"same", "same-2", "same-3", "same-4"}


def test_authors_who_are_missing_or_several_sign_all_the_same(newsroom: Any, tmp_path: Path) -> None:
    several = (
        '<category domain="author" nicename="cap-ada">ada</category>'
        '<category domain="author" nicename="cap-guest">guest</category>'
    )
    guest = post(
        8, "Guest", post_type="guest-author", more=meta("cap-user_login", "guest") + meta("cap-display_name", "G. Pen")
    )
    gone = "<dc:creator>gone@old.example</dc:creator>"
    come_in(
        tmp_path, AUTHOR.format("ada", "Ada Finch"), post(1, "Two", more=several), post(2, "Gone", more=gone), guest
    )
    names = [row.byline.all_names() for row in Story.objects.get(title="Two").story_bylines.all()]
    assert names == ["Ada Finch", "G. Pen"]
    assert Story.objects.get(title="Gone").story_bylines.get().byline.all_names() == "gone"


def test_a_page_below_a_page_comes_in_and_is_told(newsroom: Any, tmp_path: Path) -> None:
    report = come_in(tmp_path, post(1, "Team", post_type="page", post_parent="7"))
    assert PlainPage.objects.get(live=True).title == "Team"
    assert any("below another page" in change for change in report.items[0].changes)


def test_a_cyrillic_address_and_the_ones_before_it_lead_on(newsroom: Any, tmp_path: Path) -> None:
    slug = "%d1%80%d0%b5%d0%ba%d0%b0"
    come_in(tmp_path, post(1, "Река", post_name=slug, more=meta("_wp_old_slug", "old-river")))
    story = Story.objects.get()
    assert story.slug == "reka"
    paths = set(Address.objects.filter(page=story.pk, current=False).values_list("path", flat=True))
    assert paths == {"2020/река/index.html", "2020/old-river/index.html"}


@pytest.mark.parametrize(
    "url",
    [
        "https://old.example/index.html",
        "https://old.example/robots.txt",
        "https://old.example/sitemap.xml/",
        "https://old.example/en/city.html",
        "https://old.example/en/",
        "https://old.example/ru/city/2.html",
        "https://old.example/lite/en/2020/01/x.html",
        "https://old.example/media/",
        "https://old.example/story.html/comments/",
        "https://old.example/../../etc/passwd",
        "https://old.example/%2e%2e/%2e%2e/x",
        "https://old.example/a%00b/",
        "https://old.example/" + "x" * 300 + "/",
        "https://old.example/\u202egnp.x/",
        "https://[broken/",
    ],
)
def test_no_old_address_stands_where_the_press_puts_something(url: str) -> None:
    assert old_address(url).path == ""
    assert old_address(url).why


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://old.example/2019/04/x/", "2019/04/x/index.html"),
        ("https://old.example/index.php/2019/x/", "index.php/2019/x/index.html"),
        ("https://old.example/news/x.html", "news/x.html"),
        ("https://old.example/en/2019/04/x/", "en/2019/04/x/index.html"),
        ("/high-water/", "high-water/index.html"),
    ],
)
def test_an_old_address_becomes_a_file_that_a_static_host_serves(url: str, path: str) -> None:
    assert old_address(url).path == path


def test_an_item_without_end_costs_no_memory_and_no_other_item(
    newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hectograph.stories.importing.wxr_records.LARGEST_ITEM", 200_000)
    deep = post(1, "Deep", more="<a>" * 500_000)
    report = come_in(tmp_path, deep, post(2, "After it"))
    assert Story.objects.filter(title="After it").exists()
    assert any("their ends were cut off" in problem for problem in report.problems)


def test_what_the_database_refuses_is_one_line_of_the_report(
    newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Story.save_revision

    def refuses(story: Any, *args: Any, **kwargs: Any) -> Any:
        if story.title == "Bad":
            raise ValueError("no such thing")
        return real(story, *args, **kwargs)

    monkeypatch.setattr(Story, "save_revision", refuses)
    report = come_in(tmp_path, post(1, "Bad"), post(2, "Good"))
    assert [item.outcome for item in report.items] == ["skipped", "came"]
    assert list(Story.objects.values_list("title", flat=True)) == ["Good"]


@pytest.mark.parametrize("title", ["..", "🙂🙂🙂", "!!! ???", "\u202eright to left\u202c", "x" * 300, "/etc/passwd"])
def test_any_headline_gets_a_safe_address_of_its_own(newsroom: Any, tmp_path: Path, title: str) -> None:
    come_in(tmp_path, post(1, title, post_name=""), post(2, title, post_name=""))
    slugs = list(Story.objects.values_list("slug", flat=True))
    assert len(set(slugs)) == 2
    assert all(slug.replace("-", "").isalnum() and slug.isascii() and len(slug) <= 84 for slug in slugs)

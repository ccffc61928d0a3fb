"""Ghost exports of every age: bodies in three formats, all cards, broken files, and what must not be published."""

import json
from pathlib import Path
from typing import Any

import pytest

from hectograph.errors import Problem
from hectograph.stories.importing.writing import run_import
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import Address
from hectograph.stories.story import Story
from tests.stories.importing.archives import body_of, ghost, ghost_post, written


def come_in(folder: Path, *posts: dict[str, Any], **tables: Any) -> Any:
    return run_import("ghost", ghost(folder, list(posts), **tables))


def lexical(*nodes: dict[str, Any]) -> str:
    return json.dumps({"root": {"children": list(nodes)}})


@pytest.mark.parametrize("bare", [False, True])
def test_both_shapes_of_an_export_are_read(newsroom: Any, tmp_path: Path, bare: bool) -> None:
    assert run_import("ghost", ghost(tmp_path, [ghost_post(1)], bare=bare)).posts == 1


def test_an_export_with_a_mark_at_its_beginning_is_read(newsroom: Any, tmp_path: Path) -> None:
    file = written(tmp_path, b"\xef\xbb\xbf" + ghost(tmp_path, [ghost_post(1)]).read_bytes(), "marked.json")
    assert run_import("ghost", file).posts == 1


def test_a_mobiledoc_body_becomes_blocks(newsroom: Any, tmp_path: Path) -> None:
    document = {
        "version": "0.3.1",
        "atoms": [["soft-return", "", {}]],
        "cards": [["hr", {}], ["embed", {"url": "https://video.example/1"}], ["html", {"html": "<p>Raw</p>"}]],
        "markups": [["a", ["href", "https://a.example/"]], ["strong"]],
        "sections": [
            [1, "h2", [[0, [], 0, "Head"]]],
            [1, "p", [[0, [0], 0, "linked "], [0, [1], 2, "bold"], [1, [], 0, 0], [0, [], 0, " & <plain>"]]],
            [3, "ol", [[[0, [], 0, "one"]], [[0, [], 0, "two"]]]],
            [10, 0],
            [10, 1],
            [10, 2],
        ],
    }
    come_in(tmp_path, ghost_post(1, title="Old", html=None, mobiledoc=json.dumps(document)))
    kinds = [block.block_type for block in Story.objects.get().body]
    assert kinds == ["heading", "paragraph", "list", "divider", "paragraph", "paragraph"]
    assert '<a href="https://a.example/">linked <b>bold</b></a><br> &amp; &lt;plain&gt;' in body_of("Old")


def test_every_card_of_the_menu_comes_in_or_is_told_of(newsroom: Any, tmp_path: Path) -> None:
    cards = [
        {"type": "bookmark", "url": "https://b.example/", "metadata": {"title": "Marked"}},
        {"type": "file", "src": "https://f.example/a.pdf", "fileTitle": "Papers"},
        {"type": "audio", "src": "https://a.example/a.mp3"},
        {"type": "callout", "calloutText": "<p>Called out</p>"},
        {"type": "toggle", "heading": "Asked", "content": "<p>Answered</p>"},
        {"type": "button", "buttonUrl": "https://c.example/", "buttonText": "Press"},
        {"type": "product", "productTitle": "A book", "productDescription": "<p>Thick</p>"},
        {"type": "header", "header": "Large", "subheader": "Small"},
        {"type": "markdown", "markdown": "*mark*"},
        {"type": "signup"},
        {"type": "email", "html": "<p>Hello {first_name}</p>"},
        {"type": "paywall"},
        {"type": "unheard-of"},
    ]
    report = come_in(tmp_path, ghost_post(1, title="Cards", html=None, lexical=lexical(*cards)))
    stored = body_of("Cards")
    words = (
        "Marked",
        "Papers",
        "a.mp3",
        "Called out",
        "Asked",
        "Answered",
        "Press",
        "A book",
        "Thick",
        "Large",
        "mark",
    )
    assert [word for word in words if word not in stored] == []
    assert "first_name" not in stored
    told = " ".join(report.items[0].changes)
    assert all(word in told for word in ("sign-up", "newsletter", "paywall", "unheard-of"))


def test_cards_in_html_keep_their_captions_and_a_bookmark_is_a_link(newsroom: Any, tmp_path: Path) -> None:
    html = (
        '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="https://b.example/">'
        '<div class="kg-bookmark-title">Marked</div><img class="kg-bookmark-icon" src="https://b.example/i.png"></a></figure>'
        '<figure class="kg-card kg-gallery-card"><div><img src="__GHOST_URL__/content/images/1.jpg"></div></figure>'
    )
    report = come_in(tmp_path, ghost_post(1, title="Html", html=html))
    assert '<a href="https://b.example/">Marked</a>' in body_of("Html")
    assert report.items[0].gaps == ["picture /content/images/1.jpg"]


def test_what_was_for_members_or_sent_alone_is_a_draft(newsroom: Any, tmp_path: Path) -> None:
    states = [{"visibility": "members"}, {"visibility": "paid"}, {"visibility": "tiers"}, {"status": "sent"}]
    come_in(tmp_path, *(ghost_post(n, **state) for n, state in enumerate(states, 1)), ghost_post(9, visibility=None))
    assert list(Story.objects.filter(live=True).values_list("title", flat=True)) == ["Post 9"]
    assert Story.objects.count() == 5


def test_authors_stand_in_their_order_and_internal_tags_are_counted(newsroom: Any, tmp_path: Path) -> None:
    users = [{"id": "u1", "name": "First"}, {"id": "u2", "name": "Second"}, {"name": "No number"}, "no row"]
    joins = [
        {"post_id": "p1", "author_id": "u2", "sort_order": 1},
        {"post_id": "p1", "author_id": "u1", "sort_order": 0},
    ]
    tags = [{"id": "t1", "name": "#hidden"}, {"id": "t2", "name": "River"}]
    tagged = [{"post_id": "p1", "tag_id": "t1", "sort_order": 0}, {"post_id": "p1", "tag_id": "t2", "sort_order": None}]
    report = come_in(tmp_path, ghost_post(1), users=users, posts_authors=joins, tags=tags, posts_tags=tagged)
    story = Story.objects.get()
    assert [row.byline.all_names() for row in story.story_bylines.all()] == ["First", "Second"]
    assert story.section.name == "River"
    assert any(item.where == "1 × internal tag" for item in report.items)


def test_readers_and_letters_are_counted_and_never_read(newsroom: Any, tmp_path: Path) -> None:
    members = [{"id": "m1", "email": "someone@example.org"}, {"id": "m2", "email": "other@example.org"}]
    report = come_in(tmp_path, ghost_post(1), members=members, newsletters=[{"id": "n1", "name": "Weekly"}])
    left = {item.where for item in report.items if item.outcome == "left"}
    assert {"2 × row of the table members", "1 × row of the table newsletters"} <= left
    assert "example.org" not in json.dumps(report.as_json())


def test_the_lead_pictures_own_words_come_with_it(newsroom: Any, tmp_path: Path) -> None:
    meta = [{"post_id": "p1", "feature_image_alt": "A quay", "feature_image_caption": "<i>The quay</i> in May"}]
    come_in(tmp_path, ghost_post(1, feature_image="__GHOST_URL__/content/images/q.jpg"), posts_meta=meta)
    story = Story.objects.get()
    assert (story.lead_alt, story.lead_caption) == ("A quay", "The quay in May")


def test_old_addresses_and_pages_come_in(newsroom: Any, tmp_path: Path) -> None:
    come_in(tmp_path, ghost_post(1, type="page", title="About"), ghost_post(2, page=1, title="Older"), ghost_post(3))
    assert set(PlainPage.objects.filter(live=True).values_list("title", flat=True)) == {"About", "Older"}
    assert Address.objects.get(path="post-3/index.html").page == Story.objects.get().pk


@pytest.mark.parametrize(
    "odd",
    [
        {"title": "A\u0000B \ud800 C"},
        {"title": {"not": "text"}},
        {"title": "x" * 3000},
        {"published_at": "yesterday", "created_at": None},
        {"published_at": 1e30},
        {"lexical": "{", "html": None},
        {"lexical": "[" * 100_000, "html": None},
        {"mobiledoc": '{"sections": [[10, 99]]}', "html": None},
        {"html": None, "plaintext": "Only <plain> words"},
        {"id": None, "uuid": None},
        {"slug": "../../etc/passwd"},
        {"html": "<div>" * 5000 + "deep"},
    ],
)
def test_an_odd_post_comes_in_and_harms_no_other(newsroom: Any, tmp_path: Path, odd: dict[str, Any]) -> None:
    report = come_in(tmp_path, ghost_post(1, **odd), ghost_post(2, title="The next"))
    assert report.posts == 2
    assert Story.objects.filter(title="The next", live=True).exists()


def test_a_torn_file_gives_what_is_whole_and_says_so(newsroom: Any, tmp_path: Path) -> None:
    whole = ghost(tmp_path, [ghost_post(n) for n in range(1, 4)], users=[{"id": "u1", "name": "Late"}]).read_text()
    report = run_import("ghost", written(tmp_path, whole[: whole.index("Post 3")], "torn.json"))
    assert report.posts == 2
    assert any("broken" in problem for problem in report.problems)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"db": "x"}', b"<xml/>", b"[" * 100_000])
def test_a_file_that_is_no_export_is_refused_with_a_sentence(newsroom: Any, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Problem, match="holds no posts"):
        run_import("ghost", written(tmp_path, data, "no.json"))


def test_a_second_run_changes_nothing(newsroom: Any, tmp_path: Path) -> None:
    file = ghost(tmp_path, [ghost_post(1), ghost_post(2, visibility="paid")])
    run_import("ghost", file)
    assert {item.outcome for item in run_import("ghost", file).items} == {"same"}

"""Shortcodes of twenty years: none stands raw on a page, and what a reader saw of them comes along."""

import base64
from urllib.parse import quote

import pytest

from hectograph.stories.importing.html_blocks import convert
from tests.stories.importing.archives import kinds
from tests.stories.importing.test_nothing_is_lost import no_photo, shown


def links(body: str) -> list[str]:
    values = [str(block["value"]) for block in convert(body, no_photo).blocks]
    return [part.partition('"')[0] for value in values for part in value.split('href="')[1:]]


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("[youtube=http://www.youtube.com/watch?v=abc&#038;w=320]", "http://www.youtube.com/watch?v=abc&amp;w=320"),
        ("[youtube https://youtu.be/abc]", "https://youtu.be/abc"),
        ("[youtube id=abc]", "https://www.youtube.com/watch?v=abc"),
        ("[vimeo 123 w=400]", "https://vimeo.com/123"),
        ("[wpvideo kUJmAcSf w=640]", "https://videopress.com/v/kUJmAcSf"),
        ("[soundcloud url=“https://api.soundcloud.com/1” params=”x=1″]", "https://api.soundcloud.com/1"),
        ("[audio http://old.example/a.mp3]", "http://old.example/a.mp3"),
        ('[video width="640" mp4="https://old.example/a.mp4"][/video]', "https://old.example/a.mp4"),
        ('[vc_btn title="Read" link="url:https%3A%2F%2Fa.example%2Fx|title:Go|"]', "https://a.example/x"),
        ('[et_pb_button button_url="https://a.example/y" button_text="Go there"]', "https://a.example/y"),
    ],
)
def test_what_was_shown_from_elsewhere_is_a_link(body: str, address: str) -> None:
    assert address in links(f"Before.\n\n{body}\n\nAfter.")


def test_words_that_a_page_builder_keeps_in_its_fields_come_along() -> None:
    done = convert(
        '[et_pb_section admin_label="Section One"][et_pb_blurb title="Our Harbour" use_icon="on"]Cranes.[/et_pb_blurb]'
        '[/et_pb_section][vc_custom_heading text="Чьи это краны?"][vc_tta_section title="First part" tab_id="1-a"]'
        'In it.[/vc_tta_section][contact-form-7 id="3" title="Contact form 1"]',
        no_photo,
    )
    assert [words in shown(done) for words in ("Our Harbour", "Cranes.", "Чьи это краны?", "First part", "In it.")] == [
        True
    ] * 5
    assert not any(words in shown(done) for words in ("[", "Section One", "Contact form", "1-a"))
    assert any("[et_pb_blurb]" in change for change in done.changes)


def test_pictures_that_a_page_builder_names_are_pictures_or_gaps() -> None:
    done = convert(
        '[vc_single_image image="41"][vc_gallery images="42,43"][et_pb_image src="https://old.example/a.jpg"]', no_photo
    )
    assert done.gaps == [
        "picture number 41",
        "picture number 42",
        "picture number 43",
        "picture https://old.example/a.jpg",
    ]


def test_html_that_a_page_builder_packed_is_read() -> None:
    packed = base64.b64encode(quote("<p>Unpacked & <b>bold</b></p><script>1</script>").encode()).decode()
    done = convert(f"[vc_raw_html]{packed}[/vc_raw_html]", no_photo)
    assert "Unpacked" in shown(done)
    assert "script" not in shown(done)


def test_code_is_shown_as_it_was_written() -> None:
    done = convert('[sourcecode language="html"]<div class="x">[gallery]</div>[/sourcecode]', no_photo)
    assert done.blocks[0]["value"] == '<div class="x">[gallery]</div>'


@pytest.mark.parametrize(
    "body", ["<pre>[gallery ids=1]</pre>", "Write [[gallery ids=1]] there.", "<code>[gallery ids=1]</code>"]
)
def test_a_shortcode_that_is_spoken_of_stays(body: str) -> None:
    assert "[gallery ids=1]" in shown(convert(body, no_photo))


@pytest.mark.parametrize(
    "words", ["He said [sic] so.", "input[type=text] and a[0]", "[Box] of [the old] things", "[…]"]
)
def test_words_in_brackets_stay(words: str) -> None:
    assert words in shown(convert(words, no_photo))


def test_a_list_of_films_without_an_address_is_told_of() -> None:
    done = convert('[playlist type="video" ids="1,2"]', no_photo)
    assert kinds(done) == []
    assert 'ids="1,2"' in done.changes[0]

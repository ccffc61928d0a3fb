"""An archive in two languages: each text on its side of the newsroom, twins linked."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.stories.importing.languages import by_language, code
from hectograph.stories.importing.writing import run_import
from hectograph.stories.story import Story
from tests.stories.importing.archives import post, written, wxr


def terms(language: str, shared: str) -> str:
    return (
        f'<category domain="language" nicename="{language}"><![CDATA[L]]></category>'
        f'<category domain="post_translations" nicename="{shared}"><![CDATA[{shared}]]></category>'
    )


def test_polylangs_twins_come_in_as_twins(newsroom: Any, tmp_path: Path) -> None:
    items = (post(1, "River", more=terms("en", "pll_1")), post(2, "Река", more=terms("ru", "pll_1")))
    file = written(tmp_path, wxr(*items))
    run_import("wordpress", file)
    english, russian = Story.objects.get(title="River"), Story.objects.get(title="Река")
    assert (english.locale.language_code, russian.locale.language_code) == ("en", "ru")
    assert english.translation_key == russian.translation_key
    assert russian.section.locale == russian.locale
    assert {item.outcome for item in run_import("wordpress", file).items} == {"same"}


def test_a_twin_that_comes_in_later_finds_the_first(newsroom: Any, tmp_path: Path) -> None:
    first = post(1, "River", more=terms("en", "pll_1"))
    run_import("wordpress", written(tmp_path, wxr(first)))
    run_import("wordpress", written(tmp_path, wxr(first, post(2, "Река", more=terms("ru", "pll_1")))))
    assert len(set(Story.objects.values_list("translation_key", flat=True))) == 1


def test_a_language_that_the_newsroom_does_not_have_is_told(newsroom: Any, tmp_path: Path) -> None:
    report = run_import("wordpress", written(tmp_path, wxr(post(1, "Fluss", more=terms("de", "pll_1")))))
    assert "it is in “de”" in " ".join(report.items[0].changes)
    assert Story.objects.get().locale.language_code == "en"


@pytest.mark.parametrize("mark", ["<!--:{}-->", "[:{}]"])
def test_two_languages_in_one_text_become_twins(newsroom: Any, tmp_path: Path, mark: str) -> None:
    def both(english: str, russian: str) -> str:
        return f"{mark.format('en')}{english}{mark.format('ru')}{russian}{mark.format('')}"

    title = both("River", "Река").replace("<", "&lt;").replace(">", "&gt;")
    file = written(tmp_path, wxr(post(1, title, both("Water rose.", "Вода поднялась."))))
    report = run_import("wordpress", file)
    assert report.posts == 2
    russian = Story.objects.get(title="Река")
    assert "Вода поднялась." in str(russian.body.get_prep_value())
    assert "Water" not in str(russian.body.get_prep_value())
    assert russian.translation_key == Story.objects.get(title="River").translation_key
    assert {item.outcome for item in run_import("wordpress", file).items} == {"same"}


@pytest.mark.parametrize(("name", "language"), [("ru_RU", "ru"), ("en-gb", "en"), ("RU", "ru"), ("", "")])
def test_a_language_has_one_name(name: str, language: str) -> None:
    assert code(name) == language


@given(st.lists(st.sampled_from(["[:en]", "[:ru]", "[:]", "<!--:ru-->", "<!--:-->", "w", " "]), max_size=12))
def test_no_word_of_a_text_in_many_languages_is_lost(parts: list[str]) -> None:
    text = "".join(part if part != "w" else f" w{number} " for number, part in enumerate(parts))
    found = by_language(text)
    words = text.replace("[", " ").replace("<", " ").replace("]", " ").replace(">", " ").split()
    wanted = {word for word in words if word.startswith("w")}
    assert not found or wanted <= set(" ".join(found.values()).split())

"""The hecto command: every subcommand explains itself, and a person never sees a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest

from hectograph.newsroom.command.main import COMMANDS, main
from hectograph.stories.story import Story
from tests.newsroom.cast import Newsroom


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 100


def test_publish_brings_what_waits_to_the_site_and_counts_it(newsroom: Newsroom, site_root: Path, capsys: Any) -> None:
    newsroom.story("Counted")
    assert main(["publish", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] > 10
    assert (site_root / "en/2026/11/counted.html").exists()


def test_import_prints_its_counts_as_one_json_object(newsroom: Newsroom, capsys: Any) -> None:
    sample = Path(__file__).parents[2] / "samples/wordpress/edge-cases.wxr.xml"
    assert main(["import", "wordpress", str(sample), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"posts", "pages", "skipped", "changed", "gaps"} <= report.keys()
    assert Story.objects.count() == 9


def test_a_missing_file_is_a_sentence_and_exit_code_1(newsroom: Newsroom, capsys: Any) -> None:
    assert main(["import", "ghost", "/nowhere.json"]) == 1
    assert capsys.readouterr().err == "hecto: There is no file nowhere.json. Check its name.\n"


def test_an_unknown_byline_is_a_sentence(newsroom: Newsroom, capsys: Any) -> None:
    assert main(["retire", "nobody"]) == 1
    assert "hecto retire --list" in capsys.readouterr().err

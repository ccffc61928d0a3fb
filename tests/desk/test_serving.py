"""What would fail at the first reader's form fails at the desk's start, with a sentence."""

from dataclasses import replace
from pathlib import Path

import pytest

from hectograph.desk import serving
from hectograph.errors import Problem
from tests.desk.conftest import Street


def test_a_desk_whose_folder_can_not_be_used_says_so(street: Street, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    own = replace(street.configuration, spool=str(tmp_path / "file/spool.sqlite3"))
    with pytest.raises(Problem, match="may write in the desk's folder"):
        serving._look_over(own)


def test_a_database_of_a_desk_that_is_away_is_told_without_its_password(street: Street) -> None:
    own = replace(street.configuration, spool="postgresql://desk:s3cret@127.0.0.1:1/desk")
    with pytest.raises(Problem, match="spool can't be used") as said:
        serving._look_over(own)
    assert "s3cret" not in str(said.value)


def test_a_desk_without_a_page_names_it(street: Street) -> None:
    (street.configuration.pages / "ru/left.html").unlink()
    with pytest.raises(Problem, match=r"ru/left\.html is missing"):
        serving._look_over(street.configuration)


def test_a_desk_that_has_what_it_needs_begins(street: Street) -> None:
    serving._look_over(street.configuration)

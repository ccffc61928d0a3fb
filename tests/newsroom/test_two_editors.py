"""Two editors at once: both stories come out whole, on either database."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.process import PREAMBLE, Home

EACH = 6
WRITE = """
import sys
from hectograph.stories.home import Home as Front
from hectograph.stories.section import Section
from wagtail.models import Locale
english = Locale.objects.get(language_code="en")
section, front = Section.objects.get(locale=english, slug="city"), Front.objects.get(locale=english)
print("ready", flush=True)
sys.stdin.readline()
for number in range({each}):
    story = Story(title=f"{name} {{number}}", section=section, locale=english, body=body("Words."), live=False)
    front.add_child(instance=story)
    story.save_revision().publish()
"""
LOOK = "print(Story.find_problems(), Story.objects.filter(live=True).count())"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """DATABASE_URL of an empty database; the empty one is SQLite's."""
    if request.param == "sqlite":
        yield ""
        return
    folder = Path(tempfile.mkdtemp(prefix="hecto-two-"))  # not below pytest's own: PostgreSQL runs as another user
    started = postgres.start(folder)
    if not started:
        pytest.skip("PostgreSQL is not installed")
    yield started
    postgres.stop_newest()
    shutil.rmtree(folder)


def test_stories_that_two_editors_publish_at_once_all_stand_on_the_site(tmp_path: Path, address: str) -> None:
    home = Home(tmp_path, address)
    home.found()
    home.python("Newsroom()")
    editors = [_begin(home, name) for name in ("Ada", "Ben")]
    for editor in editors:
        assert editor.stdin
        editor.stdin.write("go\n")
        editor.stdin.flush()
    assert [editor.communicate(timeout=120)[1] for editor in editors] == ["", ""]
    assert home.python(LOOK).strip() == f"([], [], [], [], []) {2 * EACH}"
    home.hecto("publish")
    assert len(list(home.site.glob("en/*/*/ada-*.html")) + list(home.site.glob("en/*/*/ben-*.html"))) == 2 * EACH


def _begin(home: Home, name: str) -> "subprocess.Popen[str]":
    """An editor who has everything ready and waits for the word."""
    pipe = subprocess.PIPE
    editor = subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + WRITE.format(name=name, each=EACH)],
        env=home.environment,
        cwd=Path(__file__).parents[2],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
    )
    assert editor.stdout
    editor.stdout.readline()
    return editor

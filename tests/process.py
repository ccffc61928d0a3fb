"""A newsroom in a home of its own, acted on by real processes: for what must survive them, and leave nothing behind."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests import shared

PREAMBLE = """
import django; django.setup()
from tests.newsroom.cast import Newsroom, body
from hectograph.stories.story import Story
"""


@dataclass(frozen=True)
class Home:
    folder: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        own = {"HECTO_HOME": str(self.folder / "var"), "HECTO_KEYS": str(self.folder / "keys")}
        return {
            **os.environ,
            **own,
            "DJANGO_SETTINGS_MODULE": "hectograph.newsroom.settings",
            "DATABASE_URL": self.database,
        }

    @property
    def site(self) -> Path:
        return self.folder / "var/site"

    def hecto(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "hectograph.newsroom.command.main", *words]
        return subprocess.run(command, env=self.environment, check=check, capture_output=True, text=True)

    def found(self) -> None:
        """As `hecto init --no-account` leaves it. On SQLite it is a copy: migrating takes longer than most tests."""
        if self.database:
            self.hecto("init", "--no-account")
            return
        made = shared.once("founded", lambda folder: Home(folder).hecto("init", "--no-account"))
        shutil.copytree(made, self.folder, dirs_exist_ok=True)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "hectograph.newsroom.command.main", *words]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def python(self, code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", PREAMBLE + code],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        return done.stdout

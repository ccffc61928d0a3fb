"""The hecto command on a machine of its own: taken ports, signals, no terminal, files that are not there."""

import io
import logging
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from hectograph.desk import listening
from hectograph.errors import Problem
from hectograph.newsroom import environment, founding, health
from hectograph.newsroom.access import accounts
from hectograph.newsroom.command import main
from tests.process import Home, port_for_later

_HECTO = [sys.executable, "-m", "hectograph.newsroom.command.main"]


def _start(home: Home, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([*_HECTO, *words], env=home.environment, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens at, and would share: granian would join it without a word."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


def test_a_port_that_is_taken_is_said_and_never_shared(taken: int) -> None:
    with pytest.raises(Problem, match=f"listens at 127.0.0.1:{taken} already"):
        listening.free(f"127.0.0.1:{taken}")


@pytest.mark.parametrize("where", ["", "8090", ":8090", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", "a:b"])
def test_what_is_no_address_to_listen_at_is_refused(where: str) -> None:
    with pytest.raises(Problem, match="Nothing can listen"):
        listening.free(where)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Problem, match=r"Nothing can listen at 192\.0\.2\.1:8090"):
        listening.free("192.0.2.1:8090")


@pytest.mark.parametrize("of_the_site", [False, True])
def test_serve_refuses_a_taken_port_with_a_sentence(
    taken: int, capsys: pytest.CaptureFixture[str], *, of_the_site: bool
) -> None:
    ports = [str(port_for_later()), "--site", str(taken)] if of_the_site else [str(taken)]
    assert main.main(["serve", "--port", *ports]) == 1
    assert capsys.readouterr() == (
        "",
        f"hecto: Something else listens at 127.0.0.1:{taken} already. Stop it first, or choose another port.\n",
    )


@pytest.mark.parametrize("option", ["port", "site", "desk", "mail", "bank"])
def test_the_demo_says_which_port_is_taken_before_it_builds_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    def free(where: str) -> tuple[str, int]:
        if where == "127.0.0.1:4321":
            raise Problem(f"Something else listens at {where} already.", "")
        return "127.0.0.1", 1

    monkeypatch.setattr(listening, "free", free)
    assert main.main(["demo", f"--{option}", "4321"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("hecto: Something else listens at 127.0.0.1:4321 already.")
    assert f"hecto demo --{option} PORT" in said.err


def test_serve_that_nobody_may_reach_says_so(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.ALLOWED_HOSTS = []
    assert main.main(["serve"]) == 1
    assert capsys.readouterr().err == (
        "hecto: No host name is allowed to reach the admin. Set HECTO_ADMIN_HOSTS: localhost, say.\n"
    )


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_serve_that_is_ended_leaves_no_admin_behind(tmp_path: Path, by: signal.Signals) -> None:
    home, port = Home(tmp_path), port_for_later()
    home.found()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a script's shell starts what runs in its background
    try:
        serving = _start(home, "serve", "--port", str(port))
    finally:
        signal.signal(signal.SIGINT, before)
    with serving:
        try:
            assert serving.stdout is not None
            assert serving.stdout.readline() == f"Admin: http://127.0.0.1:{port}/admin/, at 127.0.0.1:{port}\n"
            serving.send_signal(by)
            assert serving.wait(30) == 0
        finally:
            serving.kill()
    listening.free(f"127.0.0.1:{port}")


def test_a_name_that_is_not_allowed_is_one_line_of_the_log() -> None:
    record = logging.makeLogRecord({"exc_info": (ValueError, ValueError(), None)})
    assert logging.getLogger("django.security.DisallowedHost").filter(record)
    assert record.exc_info is None


def test_init_without_a_terminal_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(founding, "found", lambda: None)
    monkeypatch.setattr(accounts, "list_staff", list)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main.main(["init"]) == 1
    assert capsys.readouterr().err.startswith("hecto: A password can't be asked for here.")


def test_a_setting_of_known_values_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HECTO_TIME_ZONE", "Mars")
    with pytest.raises(ImproperlyConfigured, match="HECTO_TIME_ZONE is not understood"):
        environment.one_of("HECTO_TIME_ZONE", "UTC", {"UTC"}, "Europe/Riga")


@pytest.mark.parametrize("url", ["x", "mysql://u@h/x", "postgres:/h"])
def test_a_database_of_a_kind_unknown_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not understood"):
        environment.database(url)


@pytest.mark.parametrize(
    ("name", "value"),
    [("HECTO_LETTER_TIME", "never"), ("HECTO_RELAY", "post office"), ("HECTO_LANGUAGES", ["en", "klingon"])],
)
def test_the_doctor_reads_what_is_needed_on_friday_alone(settings: object, name: str, value: object) -> None:
    setattr(settings, name, value)
    assert any(name in str(found.msg) for found in run_checks())


def test_a_database_that_is_away_is_not_said_to_want_an_init(tmp_path: Path) -> None:
    done = Home(tmp_path, "postgres://hecto@127.0.0.1:1/none").hecto("staff", "list", check=False)
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "init" not in done.stderr


def test_a_database_that_is_away_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_now: datetime) -> health.Finding:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(health, "_LOOKS", (away, away, away))
    assert [found.what for found in health.examine(datetime(2026, 11, 26, tzinfo=UTC))] == [
        "The database's file can't be opened."
    ]


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fails(_args: object) -> int:
        raise FileNotFoundError(2, "No such file or directory", "/mnt/stick")

    monkeypatch.setattr("hectograph.newsroom.command.publish_command.run", fails)
    assert main.main(["publish"]) == 1
    assert "/mnt/stick (No such file or directory)" in capsys.readouterr().err


def test_an_answer_that_never_comes_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asks(_args: object) -> int:
        raise EOFError

    monkeypatch.setattr("hectograph.newsroom.command.publish_command.run", asks)
    assert main.main(["publish"]) == 1
    assert capsys.readouterr().err == "hecto: No answer came. Run the command again.\n"

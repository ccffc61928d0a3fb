"""The admin's process can't read the readers' keys: another account has them; what could read them refuses to start."""

import getpass
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from hectograph.errors import Problem
from hectograph.newsroom import opener_account
from hectograph.newsroom.opener_account import NAME
from tests.process import Home


@pytest.fixture
def keys(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of keys that belongs to the account which runs the tests."""
    settings.HECTO_KEYS = tmp_path / "keys"  # type: ignore[attr-defined]
    folder = opener_account.folder()
    (folder / "envelopes").mkdir(parents=True)
    (folder / "blind-index").write_text("00" * 32)
    monkeypatch.setenv(NAME, getpass.getuser())
    return folder


def test_what_serves_the_admin_refuses_where_it_could_read_the_keys(keys: Path) -> None:
    with pytest.raises(Problem, match="must not"):
        opener_account.keep_out()


def test_without_an_account_of_its_own_nothing_is_refused(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME)
    opener_account.keep_out()
    opener_account.become()
    assert opener_account.can_read()


def test_an_account_that_is_not_there_is_named(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "nobody-of-that-name")
    with pytest.raises(Problem, match="nobody-of-that-name"):
        opener_account.become()


def test_keys_that_are_handed_over_are_closed_to_all_others(keys: Path) -> None:
    keys.chmod(0o755)
    opener_account.hand_over(keys, pwd.getpwuid(os.geteuid()))
    assert {path.stat().st_mode & 0o777 for path in (keys, keys / "envelopes")} == {0o700}
    assert (keys / "blind-index").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("command", [["serve", "--port", "1"], ["work"]])
def test_admin_and_press_do_not_start_with_the_keys_in_reach(tmp_path: Path, command: list[str]) -> None:
    home = Home(tmp_path)
    (tmp_path / "keys/opener/envelopes").mkdir(parents=True, mode=0o700)
    environment = {**home.environment, NAME: getpass.getuser()}
    whole = [sys.executable, "-m", "hectograph.newsroom.command.main", *command]
    done = subprocess.run(whole, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "must not" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_account_is_refused_by_the_system_itself(keys: Path) -> None:
    """Where the tests run as root: keys of one account, read by another. Else: nobody but the owner has a way in."""
    if os.geteuid() != 0:
        opener_account.hand_over(keys, pwd.getpwuid(os.geteuid()))
        assert keys.stat().st_mode & 0o077 == 0
        return
    owner, other = pwd.getpwnam("nobody"), pwd.getpwnam("daemon")
    opener_account.hand_over(keys, owner)
    for folder in keys.parents:
        if folder.is_relative_to("/tmp/") or "pytest" in folder.name:
            folder.chmod(folder.stat().st_mode | 0o011)

    def read_as(account: pwd.struct_passwd) -> int:
        command = ["cat", str(keys / "blind-index")]
        who = {"user": account.pw_uid, "group": account.pw_gid}
        return subprocess.run(command, **who, capture_output=True, check=False).returncode  # type: ignore[call-overload]

    assert (read_as(owner), read_as(other)) == (0, 1)

"""The account that alone can read the opener's keys. With HECTO_OPENER_USER set, what serves the admin refuses to start
where it could read them, and what opens becomes that account before it does."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

from django.conf import settings

from hectograph.errors import Problem

NAME = "HECTO_OPENER_USER"


def folder() -> Path:
    """Where the opener's keys lie, apart from those of the admin."""
    return Path(settings.HECTO_KEYS) / "opener"


def wanted() -> pwd.struct_passwd | None:
    """The account that HECTO_OPENER_USER names; None where keys and admin share one."""
    name = os.environ.get(NAME)
    if not name:
        return None
    try:
        return pwd.getpwnam(name)
    except KeyError as error:
        raise Problem(f"There is no account {name} on this machine.", f"Make it, or mend {NAME}.") from error


def can_read() -> bool:
    """Whether this process could read the opener's keys."""
    try:
        return any(path.is_dir() or os.access(path, os.R_OK) for path in folder().iterdir())
    except (FileNotFoundError, PermissionError):
        return False


def keep_out() -> None:
    """For the admin and the press: a Problem where this process could read the opener's keys though it must not."""
    if wanted() and can_read():
        words = "This process could read the keys of readers' envelopes, and must not."
        raise Problem(words, f"Run it neither as {os.environ[NAME]} nor as root.")


def become() -> None:
    """For what opens: go on as the opener's account, for good. As root that is done here, else it must be so."""
    account = wanted()
    if account is None or os.geteuid() == account.pw_uid:
        return
    if os.geteuid() != 0:
        raise Problem("This opens readers' envelopes.", f"Run it as {account.pw_name}, or as root, which steps down.")
    hand_over(folder(), account)
    os.initgroups(account.pw_name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def hand_over(folder: Path, account: pwd.struct_passwd) -> None:
    """Give the folder of keys to the opener's account alone; the folder above may be passed through."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, account.pw_uid, account.pw_gid)
        path.chmod(0o700 if path.is_dir() else 0o600)
    folder.parent.chmod(0o711)

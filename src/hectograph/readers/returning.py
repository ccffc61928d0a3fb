"""Mail that comes back, from a folder: read, told whose it is, noted, put away. Each mail counts once.

folder → verdict (post) → whose copy (MAC) → rows, in one transaction → the file moves to `done`

The folder is a maildir (`new` and `cur`), single files, or mbox files. A file moves only after the commit:
what a killed process leaves is read again, and its digest says that it was counted. What can't be told of any reader
goes to `done` as well, and is only numbered on the board. `done` is emptied after thirty days: addresses stand there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from hectograph.post import bounces, parts, verp
from hectograph.post.bounces import Failure, Kind, Verdict
from hectograph.readers import deliverability
from hectograph.readers.deliverability import Fault
from hectograph.readers.intake_state import Taken
from hectograph.readers.tallies import count
from hectograph.readers.vault import Vault

DONE_FOR = timedelta(days=30)
_MOST_AT_ONCE = 200  # files a step: confirmations must not wait behind a flood
_MAILDIR = ("new", "cur")
log = logging.getLogger(__name__)


def door(vault: Vault) -> str:
    """The token by which returned mail may be posted to a desk."""
    return hmac.new(vault.blind, b"door of returned mail", hashlib.sha256).hexdigest()[:40]


def take_posted(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
    """Take in a mail that was posted to a desk. It is judged as one in the folder is: by the MAC in its address."""
    take(vault, base64.b64decode(words["mail"], validate=True), now)
    return "returned mail posted"


def take_folder(vault: Vault, folder: Path, now: datetime) -> int:
    """Take in what lies in `folder`, oldest first; returns how many mails there were."""
    return sum(_take_file(vault, folder, path, now) for path in _waiting(folder)[:_MOST_AT_ONCE])


def _take_file(vault: Vault, folder: Path, path: Path, now: datetime) -> int:
    """Take in the mails of one file. One that can't be taken in is put into `failed`, so that the next ones are."""
    came = 0
    try:
        for raw in _mails(path):
            take(vault, raw, now)
            came += 1
    except DatabaseError:
        raise  # the mail is not to blame: it stays where it is
    except Exception as error:  # noqa: BLE001 (its words could hold an address: only its kind is said)
        log.error("a returned mail could not be taken in (%s); it lies in `failed`", type(error).__name__)
        count("bounce not taken in", now)
        _put_away(folder, path, "failed")
        return came
    _put_away(folder, path, "done")
    return came


def take(vault: Vault, raw: bytes, now: datetime) -> str:
    """Take in one mail; returns what became of it, as it is counted. Never raises for what stands in the mail."""
    digest = hashlib.sha256(b"returned mail" + raw).hexdigest()
    verdict = bounces.read(raw)
    with transaction.atomic():
        if not Taken.objects.get_or_create(digest=digest, defaults={"at": now})[1]:
            return "bounce repeated"
        return _apply(verp.key(vault.blind), verdict, now)


def _apply(own: bytes, verdict: Verdict, now: datetime) -> str:
    for name in verdict.names:
        if number := verp.read_leave(own, name):
            return deliverability.asked_to_leave(number, now) if _meant(verdict) else _seen(verdict, now)
    named = next((found for name in verdict.names if (found := verp.read(own, name))), None)
    if named is None:
        count("bounce without a name", now)
        return "bounce without a name"
    if verdict.kind is Kind.BOUNCE:
        return deliverability.came_back(named, _worst(verdict.failures), now)
    if verdict.kind is Kind.COMPLAINT:
        return deliverability.complained(named, now)
    if verdict.kind is Kind.LEAVE:
        return deliverability.asked_to_leave(named.reader, now)
    return _seen(verdict, now)


def _meant(verdict: Verdict) -> bool:
    """Whether a mail to a leave address comes from someone: a bounce or an answer of a machine asks for nothing."""
    return verdict.kind in (Kind.LEAVE, Kind.OTHER)


def _seen(verdict: Verdict, now: datetime) -> str:
    count(f"returned {verdict.kind.value}", now)
    return verdict.kind.value


def _worst(failures: tuple[Failure, ...]) -> Fault:
    """A copy has one reader: where a report tells of several addresses (an alias that leads to many), the mildest
    reason counts, since somebody may have got it."""
    mild = {"ours": 0, "soft": 1, "hard": 2}
    chosen = min(failures, key=lambda failure: mild[failure.reason.weight.value])
    return Fault(chosen.reason, chosen.status)


# --- the folder -------------------------------------------------------------------------------------------------------


def _waiting(folder: Path) -> list[Path]:
    found = []
    own = [folder / name for name in _MAILDIR if (folder / name).is_dir()]
    for place in own or [folder]:  # beside a maildir's folders lie the mail server's own files
        found += [path for path in place.iterdir() if path.is_file() and not path.is_symlink() and path.name[0] != "."]
    return sorted(found, key=lambda path: (path.name, path))


def _mails(path: Path) -> Iterator[bytes]:
    """The mails in a file. Of each, no more is read than is looked at; an mbox is parted at its `From ` lines."""
    with path.open("rb") as file:
        first = file.readline(1000)
        if not (first.startswith(b"From ") and _is_mbox(path)):
            file.seek(0)
            yield file.read(parts.LOOKED_AT)
            return
        held: list[bytes] = []
        size = 0
        blank = False
        for line in iter(lambda: file.readline(parts.LOOKED_AT), b""):
            if blank and line.startswith(b"From "):
                yield b"".join(held)
                held, size = [], 0
            elif size < parts.LOOKED_AT:
                held.append(line)
                size += len(line)
            blank = line in (b"\n", b"\r\n")
        yield b"".join(held)


def _is_mbox(path: Path) -> bool:
    return path.parent.name not in _MAILDIR


def _put_away(folder: Path, path: Path, where: str) -> None:
    done = folder / where
    done.mkdir(mode=0o700, exist_ok=True)
    target = done / path.name
    if target.exists():
        target = done / f"{path.name}.{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}"
    path.replace(target)


def forget_done(folder: Path, now: datetime) -> int:
    """Remove what was put away more than thirty days ago; returns how many files."""
    done = folder / "done"
    old = [path for path in done.iterdir() if _age(path, now) > DONE_FOR] if done.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _age(path: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(path.stat().st_ctime, now.tzinfo)

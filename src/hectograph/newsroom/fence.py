"""What tells this installation from a clone of it, and a database from an older copy of itself. Kept with the keys,
outside the database and its backups: a restored backup must neither send a letter again nor empty a desk unasked."""

from __future__ import annotations

import hashlib
import secrets
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from hectograph.errors import Problem
from hectograph.letters.rows import DeliveryRows
from hectograph.post.outcomes import Outcome, State


def fence(folder: Path) -> str:
    """This installation on this machine, as 64 hexadecimal digits."""
    file = folder / "instance"
    if not file.exists():
        file.write_text(secrets.token_hex(32))
        file.chmod(0o600)
    return hashlib.sha256(f"{file.read_text().strip()}|{_machine()}".encode()).hexdigest()


def puller(name: str, folder: Path, home: Path) -> str:
    """What this installation calls itself at desks: `name` is the keys' own and copied with them, so machine and
    folder are told apart, too. 32 hexadecimal digits."""
    own = f"{name}|{fence(folder)}|{home.resolve()}"
    return hashlib.sha256(own.encode()).hexdigest()[:32]


def _machine() -> str:
    try:
        return Path("/etc/machine-id").read_text().strip()
    except OSError:
        return socket.gethostname()


class Witness:
    """How many copies of an edition are known to be accepted and committed."""

    def __init__(self, folder: Path, edition: int) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = folder / f"{edition}.accepted"
        try:
            self.accepted = int(self._file.read_text())
        except (OSError, ValueError):
            self.accepted = 0

    def add(self, count: int) -> None:
        if count:
            self.accepted += count
            aside = self._file.with_suffix(".aside")
            aside.write_text(str(self.accepted))
            aside.replace(self._file)

    def compare(self, accepted: int) -> None:
        """A Problem where the database knows fewer than we do: it was put back to an earlier state."""
        if accepted < self.accepted:
            raise Problem(
                "The database is older than the letter: it has forgotten readers who have it already.",
                "Nothing was sent. Put back the newer database, or cancel this edition.",
            )
        self.accepted = accepted


class WitnessedRows(DeliveryRows):
    """The rows, with what is accepted noted outside the database as soon as it is committed. `told` hears of every
    outcome then."""

    witness: Witness
    told: Callable[[Sequence[Outcome]], None] = staticmethod(lambda outcomes: None)

    def settle(self, outcomes: Sequence[Outcome]) -> int:
        changed = super().settle(outcomes)
        self.witness.add(sum(outcome.state is State.ACCEPTED for outcome in outcomes) if changed else 0)
        self.told(outcomes)
        return changed

"""Approval: exactly what was approved goes out, and any edit withdraws it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from hectograph.errors import Problem
from hectograph.letters.edition import WRITABLE, Approval, CompiledLetter, Edition, State


def digest(letters: Iterable[CompiledLetter]) -> str:
    """SHA-256 over every language's compiled letter; each one's own digest holds the list of permitted hosts, too."""
    lines = [f"{letter.language} {letter.sha256}" for letter in sorted(letters, key=lambda row: row.language)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@transaction.atomic
def approve(edition: Edition, person: int, now: datetime, *, needed: int) -> int:
    """Note that `person` approves the letters compiled for `edition`. Returns how many more people are asked for; with
    none, the edition is approved. A Problem where it can't be approved any more."""
    row = Edition.objects.select_for_update().get(pk=edition.pk)
    if row.state not in WRITABLE:
        raise Problem("This letter is on its way already.", "Its progress page says how far it is.")
    letters = list(row.compiled.all())
    if not letters:
        raise Problem("There is nothing to approve yet.", "Write the letter first.")
    sha256 = digest(letters)
    Approval.objects.get_or_create(edition=row, person=person, sha256=sha256, defaults={"at": now})
    people = Approval.objects.filter(edition=row, sha256=sha256).values("person").distinct().count()
    if people >= needed and row.state == State.DRAFT:
        Edition.objects.filter(pk=row.pk).update(state=State.APPROVED, approved_sha256=sha256)
    edition.refresh_from_db()
    return max(needed - people, 0)


@transaction.atomic
def withdraw(edition: Edition) -> bool:
    """An edit was made: who approved, approved something else. Says whether there was an approval to take back: who
    approved what is on its way, or went out, stays on record."""
    open_still = Edition.objects.filter(pk=edition.pk, state__in=WRITABLE)
    changed = open_still.update(state=State.DRAFT, approved_sha256="", send_at=None)
    had = bool(changed) and Approval.objects.filter(edition=edition).delete()[0] > 0
    edition.refresh_from_db()
    return had


def is_what_was_approved(edition: Edition) -> bool:
    """Whether the stored letters are still the approved ones, to the byte."""
    return bool(edition.approved_sha256) and digest(edition.compiled.all()) == edition.approved_sha256

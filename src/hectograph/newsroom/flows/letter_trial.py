"""A test letter: the address that an editor types is sealed at once, and only the opener, which sends it, reads it.

typed address → sealed to the intake key → row → opener → the same splice as for readers → relay → address gone
"""

from __future__ import annotations

import secrets
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from django.conf import settings

from hectograph.errors import Problem
from hectograph.letters.letter import Letter, Trial
from hectograph.newsroom.flows import letter_mail
from hectograph.post import relay
from hectograph.post.message import Sender, is_plain, message_id
from hectograph.post.splice import Values, bind, prove
from hectograph.sealing.seal import seal
from hectograph.stories.feed.site import site

if TYPE_CHECKING:  # the admin loads this file, too, and must never load what opens
    from hectograph.readers.vault import Vault

_AT_ONCE = 20  # tests that wait at the same time
_NOBODY = "This-is-a-test-and-this-link-leads-nowhere"


def ask(letter: Letter, address: str, person: int) -> Trial:
    """Let the letter, as it stands now, be sent to `address`."""
    if not is_plain(address.strip().lower()):
        raise Problem("This address can't be right.", "It looks like name@example.org.")
    key = site().words(letter.language).letter.key
    if not key:
        raise Problem("There is no key yet to seal the address to.", "An operator runs `hecto keys make`.")
    if Trial.objects.filter(state=Trial.State.READY).count() >= _AT_ONCE:
        raise Problem("Many tests wait already.", "Is the opener running? `hecto work --opener`")
    made = letter_mail.compile_letter(letter)
    sealed = seal(bytes.fromhex(key), address.strip().lower().encode())
    return Trial.objects.create(
        edition=letter.edition,
        language=letter.language,
        sealed=sealed,
        compiled=letter_mail.packed(made),
        person=person,
    )


def recover() -> None:
    """At the opener's start: what the last process left in hand may have gone. It is not sent again."""
    left = Trial.objects.filter(state=Trial.State.SENDING)
    left.update(state=Trial.State.UNCERTAIN, sealed=None, compiled=None)


def send_waiting(vault: Vault, now: datetime) -> int:
    """In the opener: send the tests that wait; returns how many."""
    rows = list(Trial.objects.filter(state=Trial.State.READY).order_by("pk")[:_AT_ONCE])
    if not rows:
        return 0
    with relay.connect(relay.read(settings.HECTO_RELAY)) as connection:
        return sum(_send(vault, row, connection, now) for row in rows)


def _send(vault: Vault, row: Trial, connection: relay.Connection, now: datetime) -> bool:
    if not Trial.objects.filter(pk=row.pk, state=Trial.State.READY).update(state=Trial.State.SENDING):
        return False
    try:
        address = vault.open(bytes(row.sealed or b"")).decode()
        message = _message(vault, row, address, now)
        fate = connection.hand(settings.HECTO_MAIL_FROM, address, message)
    except (Problem, ValueError):  # the envelope, its key, or the splice
        fate = relay.Fate.REJECTED
    state = Trial.State.REJECTED if fate is relay.Fate.LATER else Trial.State(fate.value)
    Trial.objects.filter(pk=row.pk).update(state=state, sealed=None, compiled=None)
    return True


def _message(vault: Vault, row: Trial, address: str, now: datetime) -> bytes:
    made = letter_mail.unpacked(bytes(row.compiled or b""))
    sender = Sender("", settings.HECTO_MAIL_FROM)
    values = Values(
        to=address,
        date=format_datetime(now),
        message_id=message_id(f"trial|{row.pk}|{secrets.token_hex(8)}", sender, vault.blind),
        leave=_NOBODY,
        leave_mail=settings.HECTO_MAIL_FROM,
    )
    bases = {"site": letter_mail.site_base(), "links": settings.HECTO_LINKS.rstrip("/")}
    prove(made, values, **bases)
    return bind(made, **bases).write(values)

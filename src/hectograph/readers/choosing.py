"""Which newsletters a reader gets: asked for, confirmed, left. A consent event is kept for each, by its name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hectograph.readers.newsletter import Membership, offered
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Consent, Subscriber

_State, _Kind = Membership.State, Consent.Kind


def wanted(text: str, known: list[str]) -> list[str]:
    """The newsletters that a form names, comma-separated, as far as they are `known`, which is what is offered; the
    first of those where it names none."""
    named = {slug.strip() for slug in text.split(",")}
    return [slug for slug in known if slug in named] or known[:1]


def not_yet(reader: Subscriber, slugs: Iterable[str]) -> list[str]:
    """Those of `slugs` that the reader does not get."""
    active = set(reader.memberships.filter(state=_State.ACTIVE).values_list("newsletter", flat=True))
    return [slug for slug in slugs if slug not in active]


def ask(reader: Subscriber, slugs: Iterable[str], *, text: str, now: datetime) -> None:
    """Note that the reader asks for `slugs`; nothing is sent before they confirm."""
    for slug in slugs:
        reader.memberships.update_or_create(newsletter=slug, defaults={"state": _State.PENDING})
        reader.consents.create(kind=_Kind.REQUESTED, letter=slug, text=text, at=now, how="form")


def confirm(reader: Subscriber, now: datetime) -> None:
    """All that the reader asked for is theirs."""
    for row in reader.memberships.filter(state=_State.PENDING):
        reader.consents.create(kind=_Kind.CONFIRMED, letter=row.newsletter, at=now, how="link")
    reader.memberships.filter(state=_State.PENDING).update(state=_State.ACTIVE)


def leave(reader: Subscriber, slugs: Iterable[str] | None, now: datetime, *, how: str = "link") -> bool:
    """Take the reader off `slugs`, or off all. Says whether anything is left that they get."""
    rows = reader.memberships.exclude(state=_State.LEFT)
    rows = rows if slugs is None else rows.filter(newsletter__in=list(slugs))
    for row in rows:
        reader.consents.create(kind=_Kind.WITHDRAWN, letter=row.newsletter, at=now, how=how)
    rows.update(state=_State.LEFT)
    return reader.memberships.filter(state=_State.ACTIVE).exists()


def leave_all(reader: Subscriber, now: datetime, *, how: str = "link") -> None:
    """Take the reader off every newsletter; nothing that waits is sent any more."""
    leave(reader, None, now, how=how)
    reader.state, reader.confirm_number = Subscriber.State.UNSUBSCRIBED, ""
    reader.save(update_fields=["state", "confirm_number"])
    reader.mails.filter(state=Outgoing.State.READY).delete()


def choose(reader: Subscriber, answers: dict[str, str], now: datetime) -> bool:
    """Answers of the preference page, `letter-<slug>`: yes or no. A press of the button there is consent by itself:
    only who reads the reader's mail has the page. Says whether anything is left that they get."""
    said = {name.removeprefix("letter-"): value for name, value in answers.items() if name.startswith("letter-")}
    for slug in (slug for slug in offered() if said.get(slug) == "yes"):
        if not_yet(reader, [slug]):
            reader.memberships.update_or_create(newsletter=slug, defaults={"state": _State.ACTIVE})
            reader.consents.create(kind=_Kind.CONFIRMED, letter=slug, at=now, how="link")
    return leave(reader, [slug for slug, value in said.items() if value == "no"], now)

"""What a reader is written besides the letter: please confirm, welcome, you are on the list already."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from hectograph.post.message import SmallMail
from hectograph.readers import consent_text
from hectograph.readers.newsletter import Membership
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from hectograph.sealing.capability import Capability, Purpose

_FALLBACK = "en"
CONFIRM_WITHIN = timedelta(days=7)
LEAVE_WITHIN = timedelta(days=400)  # more than the year that RFC 8058's users expect


@dataclass(frozen=True)
class House:
    """What the mails say of the newsroom, in one language. `links` is the address that links stand on, with no slash
    at its end."""

    name: str
    links: str
    how_to_read: str
    other_ways: str = ""  # how to read us when we are blocked, in words: who needs it can't open a page
    newsletters: tuple[tuple[str, str], ...] = ()  # slug and name; named where there are several


@cache
def texts(language: str, inner: str = "") -> dict[str, str]:
    """What mails say in `language`, or in English; those of the folder `inner`."""
    folder = files("hectograph.readers") / "texts" / inner
    file = folder / f"{language}.toml"
    chosen = file if file.is_file() else folder / f"{_FALLBACK}.toml"
    return tomllib.loads(chosen.read_text(encoding="utf-8"))


def write(vault: Vault, row: Outgoing, house: House) -> SmallMail:
    """The mail of `row`. The address is unsealed here and goes nowhere else."""
    reader = row.subscriber
    assert reader is not None  # noqa: S101 (the outbox asks for subscribers' rows alone)
    said, kind = texts(reader.language), str(row.kind)
    links = _links(vault, reader, house, row.made)
    return SmallMail(
        to=vault.open(bytes(reader.sealed or b"")).decode(),
        subject=said[f"{kind}_subject"],
        text=said[kind].strip().format(**_words(reader, house, said), **links) + "\n",
        key=f"{row.kind}|{row.pk}",
        leave=links["leave"] if kind == Outgoing.Kind.WELCOME else "",
    )


def _words(reader: Subscriber, house: House, said: dict[str, str]) -> dict[str, str]:
    asked = set(reader.memberships.filter(state=Membership.State.PENDING).values_list("newsletter", flat=True))
    names = ", ".join(name for slug, name in house.newsletters if slug in asked)
    return {
        "name": house.name,
        "how_to_read": house.how_to_read,
        "other_ways": f"{house.other_ways}\n" if house.other_ways else "",
        "consent": f"{agreed}\n\n" if (agreed := consent_text.shown_to(reader)) else "",
        "asked": said["asked"].format(names=names) + "\n\n" if names and len(house.newsletters) > 1 else "",
    }


def _links(vault: Vault, reader: Subscriber, house: House, at: datetime) -> dict[str, str]:
    ways = {
        "confirm": (Purpose.CONFIRM, reader.confirm_number, CONFIRM_WITHIN),
        "leave": (Purpose.LEAVE, reader.number, LEAVE_WITHIN),
        "prefer": (Purpose.PREFER, reader.number, LEAVE_WITHIN),
    }
    return {
        name: f"{house.links}/l/"
        + vault.link(Capability(purpose, bytes.fromhex(number), at + within, (reader.language,)))
        for name, (purpose, number, within) in ways.items()
        if number
    } | ({} if reader.confirm_number else {"confirm": ""})

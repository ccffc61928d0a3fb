"""Which mail hosts a state can read: the country policy's newest version says it, and mail exchangers are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from hectograph.payments.policy import WATCHED
from hectograph.post.mail_hosts import MailHosts
from hectograph.readers import watched
from hectograph.support import policy_row

_ADDRESS = {"give": "email", "remind": "address"}  # where an envelope of a kind has the contact's address
_KNOWN = MailHosts()  # of this process


def listed() -> frozenset[str]:
    """The hosts of the newest policy; those that are published with the program where there is none."""
    policy = policy_row.current()
    return policy.watched if policy else WATCHED


def known(domain: str) -> tuple[str, ...]:
    """What was found out of late about who takes mail of `domain`."""
    return _KNOWN.known(domain) if settings.HECTO_LOOK_UP_MX else ()


def find_out(envelopes: Iterable[Mapping[str, Any]]) -> None:
    """Before envelopes are taken in: learn about the domains of the contacts that these words ask to keep."""
    watched.find_out(_address(words) for words in envelopes)


def _address(words: Mapping[str, Any]) -> str:
    return str(words.get(_ADDRESS.get(str(words.get("kind")), ""), ""))[:320]


def exchangers(domain: str) -> tuple[str, ...]:
    """The hosts that take mail of `domain`; none where the newsroom does not look them up."""
    return _KNOWN.of(domain) if settings.HECTO_LOOK_UP_MX else ()

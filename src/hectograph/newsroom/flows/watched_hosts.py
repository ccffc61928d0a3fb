"""Which mail hosts a state can read: the country policy's newest version says it, and mail exchangers are looked up."""

from __future__ import annotations

from django.conf import settings

from hectograph.payments.policy import WATCHED
from hectograph.post.mail_hosts import MailHosts
from hectograph.support import policy_row

_KNOWN = MailHosts()  # of this process


def listed() -> frozenset[str]:
    """The hosts of the newest policy; those that are published with the program where there is none."""
    policy = policy_row.current()
    return policy.watched if policy else WATCHED


def exchangers(domain: str) -> tuple[str, ...]:
    """The hosts that take mail of `domain`; none where the newsroom does not look them up."""
    return _KNOWN.of(domain) if settings.HECTO_LOOK_UP_MX else ()

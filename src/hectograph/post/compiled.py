"""A letter in one language as it goes out: finished bytes, with named slots for the little that differs by reader.

A slot is a word of 43 lower-case letters, which every template, inliner and encoder on the way leaves alone. In the
body (quoted-printable) each stands alone on its line: no soft break can cut it, and what is put in keeps the limit of
76 characters (RFC 2045 §6.7). No line of the body begins with a dot: there is nothing to stuff (RFC 5321 §4.5.2).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import Enum

WIDTH = 43


class Slot(Enum):
    """What differs. SITE and LINKS are the same for all readers of one sending; the others are each reader's own."""

    SITE = "site"  # where story links stand, as https://courier.example
    LINKS = "links"  # where leave and prefer links stand: a domain of the newsroom's own
    LEAVE = "leave"  # the token of one-click unsubscribing, and of the page of choices beside it
    TO = "to"
    DATE = "date"
    MESSAGE_ID = "message_id"
    LEAVE_MAIL = "leave_mail"  # the address that a mail from anywhere unsubscribes by

    @property
    def mark(self) -> str:
        """The word that stands for it in a text, a template or a header."""
        return f"hectoslot{self.value.replace('_', '')}x".ljust(WIDTH, "q")


SHARED = (Slot.SITE, Slot.LINKS)
MARKS = re.compile("|".join(slot.mark for slot in Slot))
OF_MARK = {slot.mark: slot for slot in Slot}


@dataclass(frozen=True)
class Compiled:
    """`head` and `body` have CRLF line ends and are ASCII; `head` ends with its empty line. `link_hosts` are the hosts
    (`courier.example`, `127.0.0.1:8080`) that SITE and LINKS may be set to without a new approval."""

    language: str
    subject: str
    head: bytes
    body: bytes
    link_hosts: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """What an approval fixes: every byte with its slots, and the list of hosts. In hexadecimal."""
        digest = hashlib.sha256(b"hectograph letter 1")
        hosts = ",".join(sorted(set(self.link_hosts)))
        for part in (self.language.encode(), self.subject.encode(), self.head, self.body, hosts.encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()

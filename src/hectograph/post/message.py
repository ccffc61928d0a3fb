"""Small plain mails: one reader, one text, one link. Nothing of them can break out of its header."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from hectograph.errors import Problem

_PLAIN = re.compile(r"[\x21-\x3f\x41-\x7e]{1,64}@[a-z0-9.-]{1,189}")  # what SMTP takes without extensions


class MessageProblem(Problem):
    """A message that can't be made. Says nothing of whom it was for."""


@dataclass(frozen=True)
class Sender:
    """Who writes: the name readers see, and the address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class SmallMail:
    """One mail to one address. `key` names it for good: the same mail, tried again, has the same Message-ID."""

    to: str
    subject: str
    text: str
    key: str
    leave: str = ""  # the one-click address; empty on confirmations, which nobody is subscribed to yet


def compose(mail: SmallMail, sender: Sender, secret: bytes, at: datetime) -> bytes:
    """The message as the relay gets it: CRLF, lines within bounds, UTF-8 made ASCII."""
    if not is_plain(mail.to):
        raise MessageProblem("An address can't be written to without tricks.", "It is not tried again.")
    message = EmailMessage(policy=SMTP.clone(max_line_length=78))
    try:
        message["From"] = Address(sender.name, addr_spec=sender.address)
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = " ".join(mail.subject.split())
        message["Date"] = format_datetime(at)
        message["Message-ID"] = message_id(mail.key, sender, secret)
        message["Auto-Submitted"] = "auto-generated"
        if mail.leave:
            message["List-Unsubscribe"] = f"<{mail.leave}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
        return message.as_bytes()
    except (ValueError, MessageError) as error:
        raise MessageProblem("A mail could not be composed.", "Look at the sender's name and address.") from error


def is_plain(address: str) -> bool:
    """Whether `address` can be written to without tricks or extensions of SMTP."""
    return bool(_PLAIN.fullmatch(address)) and ".." not in address and "." in address.rpartition("@")[2]


def message_id(key: str, sender: Sender, secret: bytes) -> str:
    """Deterministic, so that a repeat can be recognised as one; keyed, so that it tells nothing."""
    digest = hmac.new(secret, f"message|{key}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"<{digest}@{sender.domain}>"

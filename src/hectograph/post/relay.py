"""Handing small mails to an SMTP relay, with TLS and AUTH, so that the fate of each is known by name."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import unquote, urlsplit

from hectograph.errors import Problem

_SECONDS = 60.0


class Fate(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # for good: there is no such mailbox, say
    LATER = "later"  # not taken now; nothing was sent
    UNCERTAIN = "uncertain"  # the connection broke after the text was out: only the relay knows


class RelayProblem(Problem):
    """The relay can't be reached or doesn't let us in. Mails wait."""


class Handing(Protocol):
    """What hands mails over."""

    def hand(self, sender: str, to: str, message: bytes) -> Fate: ...


Door = Callable[[], AbstractContextManager[Handing]]  # opens a connection to whatever takes mails


@dataclass(frozen=True)
class Relay:
    """`security` is tls (from the first byte), starttls, or none (loopback alone)."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""


def read(url: str) -> Relay:
    """A relay from `smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS) or `smtp+plain://127.0.0.1:1025`."""
    parts = urlsplit(url)
    kinds = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("none", 25)}
    if parts.scheme.startswith("anymail+"):
        words = "Set HECTO_RELAY to smtp://…, and HECTO_RELAY_SMALL to the provider: small mails go there."
        raise Problem("Letters need an SMTP relay: a provider's own interface takes small mails alone.", words)
    if parts.scheme not in kinds or not parts.hostname:
        raise Problem("The relay's address is not understood.", "Write it like smtp://user:password@host:587.")
    security, port = kinds[parts.scheme]
    if security == "none" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise Problem("Mail without TLS goes to this machine alone.", "Use smtp:// or smtps:// for another host.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Relay(parts.hostname, parts.port or port, security, user, password)


class Connection:
    """An open connection; `hand` may be called many times."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client

    def hand(self, sender: str, to: str, message: bytes) -> Fate:
        """Hand one message over. The text goes out only after the relay has taken both addresses."""
        client = self._client
        try:
            for code, _ in (client.mail(sender), client.rcpt(to)):
                if code >= 300:
                    client.rset()
                    return Fate.REJECTED if code >= 500 else Fate.LATER
        except (smtplib.SMTPException, OSError):
            return Fate.LATER
        return self._text(message)

    def _text(self, message: bytes) -> Fate:
        try:
            code, _ = self._client.data(message)
        except smtplib.SMTPDataError as error:  # it would not have the text at all
            return Fate.REJECTED if error.smtp_code >= 500 else Fate.LATER
        except (smtplib.SMTPException, OSError):
            return Fate.UNCERTAIN
        if code < 300:
            return Fate.ACCEPTED
        return Fate.REJECTED if code >= 500 else Fate.LATER


@contextmanager
def connect(relay: Relay) -> Iterator[Connection]:
    """A connection to `relay`; a RelayProblem where there is none to be had."""
    context = ssl.create_default_context()
    try:
        if relay.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=_SECONDS, context=context)
        else:
            client = smtplib.SMTP(relay.host, relay.port, timeout=_SECONDS)
        if relay.security == "starttls":
            client.starttls(context=context)
        if relay.user:
            client.login(relay.user, relay.password)
        client.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError) as error:
        raise RelayProblem(
            "The mail relay can't be reached or doesn't let us in.", "Mails wait; `hecto doctor`."
        ) from error
    try:
        yield Connection(client)
    finally:
        try:
            client.quit()
        except (smtplib.SMTPException, OSError):
            client.close()

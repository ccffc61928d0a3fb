"""Mail providers that take mails by their own HTTP interface, through anymail: `anymail+postmark://`.

Small mails alone go this way; letters need SMTP. The provider's key stands in a file of the opener's keys (`relay`) or
in HECTO_RELAY_KEY, never in the address. What a provider answers is read for its fate and thrown away: its words, and
anymail's errors, hold the reader's address.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from anymail.message import AnymailMessage
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from requests.exceptions import ConnectTimeout, SSLError, TooManyRedirects
from urllib3.exceptions import NewConnectionError

from hectograph.errors import Problem
from hectograph.post.relay import Fate, RelayProblem

SCHEME = "anymail+"
_SECONDS = 30
_KEY_NAMES = {  # what each provider calls its key
    "brevo": "api_key",
    "mailersend": "api_token",
    "mailgun": "api_key",
    "mailjet": "secret_key",
    "mailtrap": "api_token",
    "postmark": "server_token",
    "resend": "api_key",
    "scaleway": "secret_key",
    "sparkpost": "api_key",
    "unisender_go": "api_key",
}
_REFUSED = frozenset({"invalid", "rejected", "failed"})
_TAKEN = frozenset({"sent", "queued"})
_NOT_NOW = frozenset({429, 503})
_OURS_TO_MEND = frozenset({401, 402, 403})  # the key, the bill, the rights: no mail's fault
_OWN_HEADERS = ("Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID", "Date")


@dataclass(frozen=True)
class Provider:
    """One provider's service; `options` are anymail's for it, as `sender_domain` or `api_url`."""

    name: str
    key: str
    options: tuple[tuple[str, str], ...] = ()

    @contextmanager
    def __call__(self) -> Iterator[Hand]:
        """An open connection; nothing is sent by opening it."""
        options: dict[str, Any] = {_KEY_NAMES[self.name]: self.key, **dict(self.options)}
        backend = get_connection(
            f"anymail.backends.{self.name}.EmailBackend",
            ignore_unsupported_features=True,  # tracking is asked to be off wherever a provider can be asked
            timeout=_SECONDS,
            **options,
        )
        backend.open()
        session: requests.Session = backend.session  # type: ignore[attr-defined]
        session.max_redirects = 0  # a mail is not carried on to where an answer points
        try:
            yield Hand(backend)
        finally:
            backend.close()


def read(address: str, key: str) -> Provider:
    """The provider that `address` names, as in `anymail+mailgun://?sender_domain=mg.example`."""
    parts = urlsplit(address)
    name = parts.scheme.removeprefix(SCHEME).replace("-", "_")
    if name not in _KEY_NAMES:
        raise Problem("That mail provider is not known.", f"Known are: {', '.join(_KEY_NAMES)}.")
    if parts.netloc or parts.path.strip("/"):
        raise Problem(
            "The address of a mail provider holds its name and options alone.",
            f"Write {SCHEME}{name}://, and put the key into the file `relay` among the opener's keys.",
        )
    if not key:
        raise Problem(
            "The mail provider's key is missing.", "Put it into the file `relay` among the opener's keys, mode 0600."
        )
    options = tuple(parse_qsl(parts.query))
    _only_encrypted(dict(options).get("api_url", ""))
    return Provider(name, key, options)


def _only_encrypted(url: str) -> None:
    parts = urlsplit(url)
    if url and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise Problem("Mail without TLS goes to this machine alone.", "Begin the provider's api_url with https://.")


class Hand:
    """Hands mails over, one at a time."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend

    def hand(self, sender: str, to: str, message: bytes) -> Fate:
        """Hand one message over. Where the answer leaves its fate open it is uncertain, and never tried again."""
        mail = _as_anymail(sender, to, message)
        try:
            self._backend.send_messages([mail])
        except AnymailRecipientsRefused:
            return Fate.REJECTED
        except AnymailAPIError as error:
            return _fate(error)
        except (AnymailError, ValueError):  # the mail can't be put into the provider's form: nothing was sent
            return Fate.REJECTED
        except Exception:  # noqa: BLE001 (an answer that its reader trips over; its words could hold the address)
            return Fate.UNCERTAIN
        said = mail.anymail_status.status
        if not said or not said <= _REFUSED | _TAKEN:
            return Fate.UNCERTAIN  # an answer without this mail in it
        return Fate.REJECTED if said <= _REFUSED else Fate.ACCEPTED


def _as_anymail(sender: str, to: str, message: bytes) -> Any:
    parsed = message_from_bytes(message, policy=policy.default)
    body = parsed.get_body(("plain",))
    mail = AnymailMessage(
        subject=str(parsed["Subject"]),
        body=str(body.get_content()) if body else "",
        from_email=str(parsed["From"]),
        to=[to],
        headers={name: str(parsed[name]) for name in _OWN_HEADERS if parsed[name]},
        track_opens=False,
        track_clicks=False,
    )
    if sender and sender not in str(parsed["From"]):
        mail.envelope_sender = sender
    return mail


def _fate(error: AnymailAPIError) -> Fate:
    """What became of a mail whose handing over failed. A RelayProblem where no mail would fare better."""
    if isinstance(error, TooManyRedirects):
        raise RelayProblem("The mail provider points elsewhere.", "Look at HECTO_RELAY_SMALL.") from None
    if _never_left(error):
        raise RelayProblem("The mail provider can't be reached.", "Mails wait; look at the network.") from None
    code = error.status_code
    if code in _OURS_TO_MEND:
        raise RelayProblem(
            f"The mail provider doesn't let us in ({code}).", "Look at its key, its rights and the bill. Mails wait."
        ) from None
    if code in _NOT_NOW or (code and 400 <= code < 500):
        return Fate.LATER  # it said no to this: nothing was sent
    return Fate.UNCERTAIN


def _never_left(error: AnymailAPIError) -> bool:
    """Whether the connection failed before a byte of the mail was out."""
    if isinstance(error, ConnectTimeout | SSLError):
        return True
    cause = error.__cause__
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(reason, NewConnectionError)

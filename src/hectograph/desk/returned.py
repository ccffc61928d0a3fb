"""Mail that came back, posted by a mail provider or a mail server's pipe: sealed and kept like everything else.

POST /returned/TOKEN   a whole mail as it came, or a form with it in a field, as mail providers post it

Whose it was and whether it counts is the newsroom's to say, by the MAC in its address. The token keeps strangers from
filling the spool; the desk knows its hash alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from hectograph.desk import exchange, forms
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import JSON, Receive, Reply, Scope
from hectograph.desk.spool import Spool
from hectograph.desk.store import SpoolFull
from hectograph.sealing.seal import seal

PATH = "/returned/"
_LONGEST = 12_000_000  # bytes, as posted
_KEPT = 44_000  # of a mail: what it says stands at its top, and an envelope holds no more
_FIELDS = ("body-mime", "email")  # what providers call the field with the whole mail
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Returned:
    """The door for mail that came back. `known` is the token's SHA-256; empty: there is no such door."""

    def __init__(self, configuration: Configuration, spool: Spool) -> None:
        self._known, self._intake, self._spool = configuration.returned, configuration.intake[0], spool
        self._seconds = configuration.limits.body_seconds

    async def reply(self, scope: Scope, receive: Receive) -> Reply | None:
        """The answer to a mail that is posted; None where a question is about something else."""
        return await self._take(scope, receive) if self._is_meant(scope) else None

    def _is_meant(self, scope: Scope) -> bool:
        """Whether a question is for this door and knows the token."""
        path = scope["path"]
        if not self._known or scope["method"] != "POST" or not path.startswith(PATH):
            return False
        digest = hashlib.sha256(path.removeprefix(PATH).encode()).digest()
        return hmac.compare_digest(digest, self._known)

    async def _take(self, scope: Scope, receive: Receive) -> Reply:
        """Keep the mail; 200 when it is on disk. Whoever posts it tries again where it is not."""
        body = await exchange.body(receive, self._seconds, _LONGEST)
        mail = _mail(body or b"", exchange.header(scope, b"content-type"))
        if not mail.strip():
            return 400, b"{}", [JSON]
        words = {"kind": "returned", "mail": base64.b64encode(mail[:_KEPT]).decode()}
        try:
            await self._spool.keep(seal(self._intake, json.dumps(words).encode()))
        except SpoolFull:
            return 503, b"{}", [JSON, (b"retry-after", b"300")]
        return 200, b"{}", [JSON]


def _mail(body: bytes, kind: str) -> bytes:
    if kind.partition(";")[0].strip().lower() not in _FORMS:
        return body
    fields = forms.fields(body, kind)
    return next((fields[name].encode() for name in _FIELDS if name in fields), b"")

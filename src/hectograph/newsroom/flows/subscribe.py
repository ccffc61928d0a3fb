"""Subscribe: what desks keep is fetched, opened and answered.

desk → signed envelopes → stored → acknowledged (and then deleted there) → mails leave
"""

from __future__ import annotations

import base64
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from hectograph.desk import pulling
from hectograph.errors import Problem
from hectograph.letters.mail_html import SITE
from hectograph.letters.mail_text import body_text
from hectograph.post import relay
from hectograph.press.words import Vocabulary
from hectograph.readers import intake
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.outbox import Outbox
from hectograph.readers.small_mail import House
from hectograph.readers.vault import Vault
from hectograph.stories.feed.reader import Reader
from hectograph.stories.feed.site import site
from hectograph.stories.plain import PlainPage

_SECONDS = 10
_LONGEST_ANSWER = 64 * 1024 * 1024
Ask = Callable[[str, bytes, str], tuple[bytes, str]]  # address, body, signature → answer, signature


class DeskProblem(Problem):
    """A desk did not answer as it should. What lies there waits."""


def pull(vault: Vault, now: datetime, *, ask: Ask | None = None) -> int:
    """Fetch from every desk until each is empty; returns how many envelopes came. A desk in trouble holds up no other
    one, and its trouble stands in its row."""
    came = 0
    for row in DeskRow.objects.all():
        try:
            came += _pull_one(vault, row, now, ask or _http)
            row.trouble = ""
        except DeskProblem as problem:
            row.trouble = str(problem)[:200]
        row.save()
    return came


def _pull_one(vault: Vault, row: DeskRow, now: datetime, ask: Ask) -> int:
    came = 0
    while True:
        answer = _ask(vault, row, ask)
        if answer["life"] != row.life:  # another spool than before: its numbers start anew
            row.life, row.done = answer["life"], 0
        rows = sorted((int(number), base64.b64decode(text)) for number, text in answer["rows"])
        intake.take_all(vault, [sealed for _, sealed in rows], now)
        row.done = max([row.done, *(number for number, _ in rows)])
        came += len(rows)
        row.fetched_at, row.waiting = now, int(answer["left"])
        row.save()  # only what is stored here is acknowledged, with the next question
        if not answer["rows"]:
            return came


def _ask(vault: Vault, row: DeskRow, ask: Ask) -> dict[str, Any]:
    nonce = secrets.token_hex(16)
    question = {"nonce": nonce, "puller": vault.puller, "after": row.done, "done": row.done, "life": row.life}
    body = json.dumps(question).encode()
    reply, signature = ask(f"{row.address.rstrip('/')}/pull", body, vault.caller.sign(pulling.ASKS + body).hex())
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.public))
        answer = pulling.check_answer(public, reply, signature, nonce)
        _look_over(answer)
    except (ValueError, KeyError, TypeError) as error:
        words = "The desk's answer is not its own or not understood."
        raise DeskProblem(words, "It may be replaced: look at its host.") from error
    return answer


def _look_over(answer: dict[str, Any]) -> None:
    """Whether an answer has the form of one; ValueError, KeyError or TypeError where not."""
    if not isinstance(answer["life"], str) or len(answer["life"]) > 32:
        raise ValueError("life")
    int(answer["left"])
    for number, text in answer["rows"]:
        int(number)
        base64.b64decode(text, validate=True)


def _http(address: str, body: bytes, signature: str) -> tuple[bytes, str]:
    request = urllib.request.Request(address, body, {"Signature": signature, "Content-Type": "application/json"})  # noqa: S310 (a desk's own address, from the operator)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 (the same)
            return answer.read(_LONGEST_ANSWER), answer.headers.get("Signature", "")
    except urllib.error.HTTPError as error:
        words = "another copy of the newsroom fetches from it, or it does not know this newsroom's key"
        raise DeskProblem(f"The desk refused ({error.code}): {words}.", "Write its configuration anew.") from error
    except OSError as error:
        raise DeskProblem("The desk can't be reached.", "Is it running? What lies there waits.") from error


def outbox(vault: Vault) -> Outbox:
    """The outbox of this newsroom, by its settings."""
    return Outbox(
        vault,
        relay.read(settings.HECTO_RELAY),
        settings.HECTO_MAIL_FROM,
        house,
        bounce_domain=settings.HECTO_BOUNCE_DOMAIN,
    )


def house(language: str) -> House:
    """What mails say of the newsroom in `language`."""
    record = site()
    words = next((words for words in record.languages if words.language == language), record.languages[0])
    how = f"{record.base_url}/{words.how_to_read}" if words.how_to_read else record.base_url
    return House(
        settings.HECTO_MAIL_NAME or words.name,
        settings.HECTO_LINKS.rstrip("/"),
        how,
        other_ways=_other_ways(language, record.base_url),
        newsletters=tuple((one.slug, one.name) for one in words.letter.newsletters),
    )


def _other_ways(language: str, base_url: str) -> str:
    """The page that says how to read us when we are blocked, as plain text; empty where nobody wrote it."""
    rows = PlainPage.objects.filter(locale__language_code=language, live=True, role="how_to_read")
    pages = Reader().plain(rows.values_list("pk", flat=True))
    blocks = [block for page in pages.values() for block in page.body]
    parts = body_text(tuple(blocks), Vocabulary(language, settings.TIME_ZONE))
    return "\n\n".join(part for part in parts if part).replace(SITE, base_url)

"""Subscribe: what desks keep is fetched, opened and answered.

desk → signed envelopes → stored → acknowledged (and then deleted there) → mails leave
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import transaction

from hectograph.desk import pulling
from hectograph.letters.mail_html import SITE
from hectograph.letters.mail_text import body_text
from hectograph.newsroom import vaults
from hectograph.newsroom.flows import desk_calls, live_calls, support_intake, watched_hosts
from hectograph.newsroom.flows.desk_calls import Ask, Calls, DeskProblem
from hectograph.newsroom.flows.live_calls import LiveCalls
from hectograph.newsroom.relays.choosing import small_mails
from hectograph.press.words import Vocabulary
from hectograph.readers import intake, opening
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.opening import Opened
from hectograph.readers.outbox import Outbox
from hectograph.readers.small_mail import House
from hectograph.readers.tallies import count
from hectograph.readers.vault import Vault
from hectograph.stories.feed.reader import Reader
from hectograph.stories.feed.site import site
from hectograph.stories.few_pages import few
from hectograph.stories.plain import PlainPage

_ROUNDS = 40  # questions to one desk in a row: the next desk's readers wait, too
_MOST = 2**53
_COPIES = (
    "Another copy of this newsroom asked here within the last hour, and was refused: a snapshot or a backup that was "
    "started, perhaps. Stop it: two would write to readers twice."
)
_STRANGE = "The desk's answer is not its own or not understood."


def pull(
    vault: Vault,
    now: datetime,
    *,
    ask: Ask = desk_calls.http,
    calls: Calls | None = None,
    live: LiveCalls | None = None,
) -> int:
    """Fetch from every desk until each is empty; returns how many envelopes came. A desk in trouble holds up no other
    one, and its trouble stands in its row. `calls` remembers from one time to the next who is slow or at rest, `live`
    how far payments are."""
    under_way = calls or Calls()
    try:
        line = _Line(vault, now, ask, under_way, live or LiveCalls(support_intake.live()))
        return _pull(line, {row.pk: row for row in DeskRow.objects.all()})
    finally:
        if calls is None:
            under_way.close()


@dataclass(frozen=True)
class _Line:
    """To desks: who asks, when, how."""

    vault: Vault
    now: datetime
    ask: Ask
    calls: Calls
    live: LiveCalls

    def question(self, row: DeskRow) -> None:
        """Ask the desk of `row` for what follows; what is stored here is acknowledged with it."""
        nonce = secrets.token_hex(16)
        words = {"nonce": nonce, "puller": self.vault.puller, "after": row.done, "done": row.done, "life": row.life}
        at = int(self.now.timestamp())
        body = json.dumps({**words, **row.marks(), "at": at, **self.live.question(row.pk, self.now)}).encode()
        address, signature = f"{row.address.rstrip('/')}/pull", self.vault.caller.sign(pulling.ASKS + body).hex()
        self.calls.start(row.pk, nonce, lambda: self.ask(address, body, signature))


def _pull(line: _Line, rows: dict[int, DeskRow]) -> int:
    came, rounds = 0, Counter[int]()
    for pk, row in rows.items():
        if line.calls.is_free(pk):
            line.question(row)
    for pk, nonce, future in line.calls.answers():
        if pk not in rows:  # taken off the list meanwhile
            continue
        row = rows[pk]
        try:
            answer = _checked(row, future.result(), nonce)
            fetched = _take(line, row, answer)
            line.live.acknowledge(pk, answer)
        except DeskProblem as problem:
            row.trouble = str(problem)[:300]
            line.calls.rest(pk)
            fetched = 0
        row.save()
        came += fetched
        rounds[pk] += 1
        if fetched and rounds[pk] < _ROUNDS:
            line.question(row)
    return came


def _take(line: _Line, row: DeskRow, answer: dict[str, Any]) -> int:
    """Take in what came; returns how many envelopes that were. What may take long is done before the transaction: they
    are opened, and it is found out who takes the mail of their contacts."""
    if answer["life"] != row.life:  # another spool than before: its numbers start anew
        row.life, row.done = answer["life"], 0
    rows = sorted((int(number), base64.b64decode(text)) for number, text in answer["rows"])
    fresh = [(number, sealed) for number, sealed in rows if number > row.done]
    if rows and not fresh:
        raise DeskProblem("The desk sends what was fetched already.", "It may be replaced: look at its host.")
    opened = {number: opening.look_into(line.vault, sealed) for number, sealed in fresh}
    live = line.live.opened(line.vault, answer)
    watched_hosts.find_out(one.words for one in (*opened.values(), *live))
    _store(line, row, answer, opened, live)
    return len(opened) + len(live)


@transaction.atomic
def _store(line: _Line, row: DeskRow, answer: dict[str, Any], opened: dict[int, Opened], live: list[Opened]) -> None:
    """Store what came, how far it goes and how the desk is, in one transaction."""
    intake.take_all(line.vault, [*opened.values()], line.now, others=support_intake.kept(), desk=row.pk)
    line.live.take(line.vault, row.pk, answer, live, line.now)
    row.done = max([row.done, *opened])
    row.fetched_at, row.waiting = line.now, min(max(int(answer["left"]), 0), 10**9)
    row.follow(str(answer.get("mark", "")))
    row.trouble = _own_trouble(answer)
    if turned_away := min(int(answer.get("turned_away", 0)), 10**9):
        count("turned away at a desk", line.now, turned_away)
    row.save()


def _own_trouble(answer: dict[str, Any]) -> str:
    """What a desk says of itself, and of us."""
    if answer.get("copies"):
        return _COPIES
    if answer.get("full"):
        return "The desk's disk is full: it takes nothing until there is room."
    if answer.get("old"):
        return "The desk was asked at a later time before. If this machine's clock was wrong, start the desk anew."
    if days := round(int(answer.get("clock_off", 0)) / 86_400):
        return f"The desk's clock is {abs(days)} days off. Links work, since it goes by the newsroom's."
    return ""


def _checked(row: DeskRow, answered: tuple[bytes, str], nonce: str) -> dict[str, Any]:
    reply, signature = answered
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.public))
        answer = pulling.check_answer(public, reply, signature, nonce)
        _look_over(answer)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DeskProblem(_STRANGE, "It may be replaced: look at its host.") from error
    return answer


def _look_over(answer: dict[str, Any]) -> None:
    """Whether an answer has the form of one; ValueError, KeyError or TypeError where not."""
    if not re.fullmatch("[0-9a-f]{1,32}", answer["life"]):
        raise ValueError("life")
    for name in ("left", "turned_away", "clock_off"):
        int(answer.get(name, 0))
    for number, text in answer["rows"]:
        if not 0 < int(number) < _MOST:
            raise ValueError("number")
        base64.b64decode(text, validate=True)
    live_calls.look_over(answer)


def outbox(vault: Vault) -> Outbox:
    """The outbox of this newsroom, by its settings."""
    return Outbox(
        vault,
        small_mails(vaults.folder()),
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
    rows = few(PlainPage).filter(locale__language_code=language, live=True, role="how_to_read")
    pages = Reader().plain(rows.values_list("pk", flat=True))
    blocks = [block for page in pages.values() for block in page.body]
    parts = body_text(tuple(blocks), Vocabulary(language, settings.TIME_ZONE))
    return "\n\n".join(part for part in parts if part).replace(SITE, base_url)

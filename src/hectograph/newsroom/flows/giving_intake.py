"""Opened envelopes of giving become rows, each in the transaction that takes it in. Anyone can seal anything, so every
word is looked at here, whatever the desk did; what is amiss is a ValueError, and the envelope counts as malformed.

give → intent, attempt and contact · give-after → look at once · look → what the plan's page shows · manage → a wish
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from hectograph.newsroom.flows import books
from hectograph.newsroom.flows.till import METHODS, TRANSFER
from hectograph.payments.forms import APPEAL, MEANS, Frequency
from hectograph.payments.offers import OFFER
from hectograph.payments.status import State as Page
from hectograph.readers import contact
from hectograph.readers.contact import ContactRefused
from hectograph.readers.contact_row import Contact
from hectograph.readers.newcomers import spoken
from hectograph.readers.vault import Vault
from hectograph.support import telling, wishes
from hectograph.support.attempt import Attempt, Step
from hectograph.support.contribution import Contribution, State
from hectograph.support.intent import KEPT, Intent
from hectograph.support.plan import Plan

_STATUS = re.compile(r"[A-Za-z0-9_-]{22,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_]{8,120}")
_LONGEST = timedelta(seconds=180)  # from now to `until`, whatever an envelope says
_CONTACT_KEPT = timedelta(days=14)  # until something is paid; then it is kept for longer
_LONGEST_PAUSE, _LATEST_DATE = timedelta(days=366), timedelta(days=62)


@dataclass(frozen=True)
class _Press:
    """A press of the pay button, looked over."""

    status: str
    intent: UUID
    frequency: Frequency
    minor: int
    currency: str
    language: str
    appeal: str
    method: str
    token: str
    email: str
    caution: bool
    until: datetime

    @property
    def terms(self) -> tuple[str, int, str]:
        return self.frequency.value, self.minor, self.currency


def give(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
    """Take in a press of the pay button."""
    press = _read(words, now)
    if Attempt.objects.filter(status=press.status).exists():
        return "gift repeated"
    if page := _too_late(press, now):
        return _turn_away(press, desk, page, now)
    intent = _intent(press, now)
    if (intent.frequency, intent.minor, intent.currency) != press.terms:
        return _turn_away(press, desk, Page.EXPIRED, now)
    try:
        number = _contact(vault, press, now)
    except ContactRefused as refused:
        return _turn_away(press, desk, Page.FAILED, now, reason=refused.reason)
    Attempt.objects.create(
        intent=intent,
        status=press.status,
        desk_id=desk or None,
        token=press.token,
        method=press.method,
        caution=press.caution,
        contact=number,
        until=press.until,
        look_at=now,
        made_at=now,
    )
    telling.tell(desk, press.status, Page.UNDER_WAY, now)
    return "gift asked"


def give_after(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
    """The bank's question was answered, the page says: look at the payment at once."""
    status = _match(_STATUS, words["id"])
    Attempt.objects.filter(status=status).exclude(step=Step.OVER).update(look_at=now)
    return "gift looked at"


def look(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
    """Show the page of a mailed link. A foreign, an old and an unknown link get one answer."""
    status, plan = _match(_STATUS, words["id"]), _plan(words)
    if plan is None:
        telling.tell(desk, status, Page.FAILED, now, {"reason": "link"})
        return "plan unknown"
    telling.tell(desk, status, Page.PLAN, now, shown(plan))
    return "plan shown"


def manage(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
    """Put down a wish about a plan. Cancelling counts from this moment on."""
    status = _match(_STATUS, words["id"]) if words.get("id") else ""
    plan, act = _plan(words), str(words["act"])
    if plan is None:
        telling.tell(desk, status, Page.FAILED, now, {"reason": "link"})
        return "plan unknown"
    if act not in wishes.ACTS:
        raise ValueError("no such wish")
    if act == wishes.CANCEL and plan.state == Plan.State.ENDED:
        telling.tell(desk, status, Page.DONE, now, {"what": act})
        return "plan ended already"
    if act == wishes.CANCEL:
        wishes.end(plan, now, status=status, desk=desk or None)
    elif plan.state in (Plan.State.ENDED, Plan.State.ENDING):
        telling.tell(desk, status, Page.FAILED, now, {"reason": "ended"})
        return "plan ended already"
    else:
        wishes.put(plan, act, _details(act, words, plan, now), now, status=status, desk=desk or None)
    telling.tell(desk, status, Page.UNDER_WAY, now)
    return "plan wish"


def webhook(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
    """Keep a hint. What happened is asked of the service."""
    for name, longest in (("processor", 30), ("event", 255), ("type", 100), ("object", 255)):
        if len(str(words[name])) > longest:
            raise ValueError("no hint")
    if not 0 <= _whole(words["created"]) < 10**11:
        raise ValueError("no hint")
    books.put_hint(words, now)
    return "hint"


def shown(plan: Plan) -> dict[str, str]:
    """What a manage page shows: nothing of a card but when it expires."""
    year, _, month = plan.card_expires.partition("-")
    words = {
        "amount": str(plan.minor),
        "currency": plan.currency,
        "frequency": plan.frequency,
        "state": plan.state,
        "next": plan.next_on.isoformat() if plan.next_on else "",
        "paused_until": plan.paused_until.isoformat() if plan.paused_until else "",
        "expires": f"{month}/{year[2:]}" if month else "",
    }
    return {name: value for name, value in words.items() if value}


def _read(words: dict[str, Any], now: datetime) -> _Press:
    currency, method = str(words["currency"]), str(words["method"])
    if method not in METHODS:
        raise ValueError("no method")
    return _Press(
        status=_match(_STATUS, words["id"]),
        intent=UUID(hex=str(words["intent"])),
        frequency=Frequency(words["frequency"]),
        minor=_minor(words["minor"], currency),
        currency=currency,
        language=spoken(str(words["language"])[:10]),
        appeal=_slug(words.get("appeal")),
        method=method,
        token="" if method == TRANSFER else _match(_TOKEN, words["token"]),
        email=str(words.get("email", ""))[:254],
        caution=words.get("caution") is True,
        until=datetime.fromtimestamp(_until(words["until"], now), UTC),
    )


def _slug(word: Any) -> str:
    """The appeal that is named; a gift that names none that can be is a gift all the same."""
    return word if isinstance(word, str) and APPEAL.fullmatch(word) else ""


def _until(word: Any, now: datetime) -> int:
    """Seconds since 1970, and no later than we give anyone."""
    return max(0, min(_whole(word), int((now + _LONGEST).timestamp())))


def _whole(word: Any) -> int:
    if isinstance(word, str) and word.isascii() and word.isdecimal() and len(word) < 16:  # as links and hints have it
        return int(word)
    if isinstance(word, bool) or not isinstance(word, int):
        raise ValueError("no whole number")
    return word


def _match(form: re.Pattern[str], word: Any) -> str:
    if not isinstance(word, str) or not form.fullmatch(word):
        raise ValueError("not of the form")
    return word


def _too_late(press: _Press, now: datetime) -> Page | None:
    known = Contribution.objects.filter(uuid=press.intent).first()
    if known is not None and known.state not in (State.CREATED, State.FAILED):
        return Page.ALREADY
    if known is not None and (known.state == State.FAILED or press.method != TRANSFER):
        return Page.EXPIRED  # a reference was handed out under this number, or its debit failed: another begins anew
    return Page.EXPIRED if now > press.until else None


def _turn_away(press: _Press, desk: int, page: Page, now: datetime, *, reason: str = "") -> str:
    telling.tell(desk, press.status, page, now, {"reason": reason} if reason else None)
    return f"gift {page.value}"


def _intent(press: _Press, now: datetime) -> Intent:
    terms = {
        "frequency": press.frequency.value,
        "minor": press.minor,
        "currency": press.currency,
        "appeal": press.appeal,
        "language": press.language,
        "made_at": now,
        "expires_at": now + KEPT,
    }
    return Intent.objects.get_or_create(uuid=press.intent, defaults=terms)[0]


def _contact(vault: Vault, press: _Press, now: datetime) -> str:
    """The number of a giver's contact: only who gives again and again has one. Links of plans that they ended before
    no longer open."""
    if press.frequency is Frequency.ONCE or press.method == TRANSFER:
        return ""
    former = contact.find(vault, press.email, Contact.Purpose.PLAN)
    Plan.objects.filter(contact__in=former, state=Plan.State.ENDED).update(link_epoch=F("link_epoch") + 1)
    return contact.keep(vault, press.email, Contact.Purpose.PLAN, press.language, now + _CONTACT_KEPT)


def _plan(words: dict[str, Any]) -> Plan | None:
    """The plan that a link names, if the link is not an older one."""
    number, epoch = UUID(hex=str(words["number"])), _whole(words["epoch"])
    return Plan.objects.filter(uuid=number, link_epoch=epoch).first()


def _details(act: str, words: dict[str, Any], plan: Plan, now: datetime) -> dict[str, str]:
    """What a wish needs to be done, looked over."""
    if act == "amount":
        return {"minor": str(_minor(words["minor"], plan.currency))}
    if act == "date":
        return {"on": _day(words["on"], now, _LATEST_DATE).isoformat()}
    if act == "pause":
        return {"until": _day(words["pause_until"], now, _LONGEST_PAUSE).isoformat()}
    if act in MEANS:
        caution = "yes" if words.get("caution") is True else ""
        until = str(_until(words["until"], now))
        return {"token": _match(_TOKEN, words["token"]), "caution": caution, "until": until}
    return {}


def _minor(minor: Any, currency: str) -> int:
    least, most = OFFER.least.get(currency, 1), OFFER.most.get(currency, 0)
    if not least <= _whole(minor) <= most:
        raise ValueError("no amount")
    return int(minor)


def _day(word: Any, now: datetime, latest: timedelta) -> date:
    day, today = date.fromisoformat(str(word)), now.date()
    if not today < day <= today + latest:
        raise ValueError("no such day")
    return day

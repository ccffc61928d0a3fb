"""Mails about a plan, each kind once for each occasion: by the contact's number, in the plan's language."""

from __future__ import annotations

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency
from django.db import transaction

from hectograph.money import Money
from hectograph.readers import contact_mail
from hectograph.readers.contact_mail import Link
from hectograph.sealing.capability import Purpose
from hectograph.support.contribution import Contribution
from hectograph.support.plan import Plan

LINK_DAYS = 500
_OF_GOING_ON = ("plan-failed", "plan-action", "plan-renewal", "plan-expiring")  # untrue once it is over
PROTECT = "protect"
_PROTECTED = {PROTECT, "plan-protect"}  # what `said` knows of a plan that was ended to protect its giver
_FREQUENCY = {
    "en": {"monthly": "every month", "annual": "every year"},
    "ru": {"monthly": "каждый месяц", "annual": "каждый год"},
}


def thanks(plan: Plan, row: Contribution, now: datetime) -> None:
    """For a new plan: what was set up, the receipt code, the link."""
    said = _FREQUENCY.get(plan.language, _FREQUENCY["en"])
    words = {
        "frequency": said[plan.frequency],
        "amount": amount(plan),
        "next": day(plan.next_on, plan.language),
        "code": row.receipt,
    }
    _write(plan, "plan-thanks", words, now)


def failed(plan: Plan, now: datetime, occasion: str) -> None:
    """A payment did not come through. Once for each `occasion` (the invoice's month)."""
    once(plan, "plan-failed", occasion, {}, now)


def asks(plan: Plan, now: datetime, occasion: str) -> None:
    """The bank wants its customer's word for a renewal."""
    once(plan, "plan-action", occasion, {}, now)


def renewal(plan: Plan, now: datetime) -> None:
    """An annual plan charges again soon."""
    once(plan, "plan-renewal", str(plan.next_on), {"next": day(plan.next_on, plan.language)}, now)


def expiring(plan: Plan, now: datetime) -> None:
    """The card expires this month or the next."""
    year, _, month = plan.card_expires.partition("-")
    once(plan, "plan-expiring", plan.card_expires, {"expires": f"{month}/{year}"}, now)


@transaction.atomic
def mark_protected(plan: Plan, why: str, **new: str) -> None:
    """Note, before the service ends it, that it ends to protect its giver, and `new` values of its row: whoever then
    hears first that it is over, no mail names us."""
    said = Plan.objects.select_for_update().values_list("said", flat=True).get(pk=plan.pk)
    Plan.objects.filter(pk=plan.pk).update(said={**said, PROTECT: why}, **new)


def ended(plan: Plan, now: datetime) -> None:
    """It is over, by whoever's wish."""
    if _is_protected(plan):
        return protect(plan, now)
    contact_mail.take_back(plan.contact, _OF_GOING_ON)
    once(plan, "plan-ended", "end", {}, now)


def charged_before(plan: Plan, row: Contribution, now: datetime) -> None:
    """Its last payment went through before it was ended, and is heard of only now: it may be given back."""
    if not _is_protected(plan):
        once(plan, "plan-last", row.ref, {"code": row.receipt}, now)


def charged_late(plan: Plan, row: Contribution, now: datetime) -> None:
    """One more payment came through although it was to end: by its code it is given back. Where we ended it to protect
    its giver, no mail names us there, and a refund would write another line at that bank: a person decides."""
    if _is_protected(plan):
        return
    once(plan, "plan-charged", row.ref, {"code": row.receipt}, now)


def not_begun(plan: Plan, now: datetime) -> None:
    """Its first debit did not come through, so there is no plan."""
    once(plan, "plan-unbegun", "end", {}, now)


def protect(plan: Plan, now: datetime) -> None:
    """It is over, by ours. Says nothing of why, and not who writes."""
    contact_mail.take_back(plan.contact, _OF_GOING_ON)
    once(plan, "plan-protect", "end", {}, now)


def new_link(plan: Plan, now: datetime) -> None:
    """Older links no longer work."""
    once(plan, "plan-link", str(plan.link_epoch), {}, now)


@transaction.atomic
def once(plan: Plan, kind: str, occasion: str, words: dict[str, str], now: datetime) -> None:
    """Write a mail of `kind`, unless it was written for this `occasion` already: noted and written together, by what
    the row says now."""
    said = Plan.objects.select_for_update().values_list("said", flat=True).get(pk=plan.pk)
    if said.get(kind) == occasion:
        return
    plan.said = {**said, kind: occasion}
    plan.save(update_fields=["said"])
    _write(plan, kind, words, now)


def _is_protected(plan: Plan) -> bool:
    said = Plan.objects.values_list("said", flat=True).get(pk=plan.pk)
    return bool(said.keys() & _PROTECTED)


def amount(plan: Plan) -> str:
    """As `€5`, `€7.50` or `5 €`, by the plan's language."""
    money = Money(plan.minor, plan.currency)
    form = Locale.parse(plan.language).currency_formats["standard"].pattern
    if "." not in money.plain():
        form = form.replace(".00", "")
    shown = format_currency(money.plain(), money.currency, form, locale=plan.language, currency_digits=False)
    return shown.replace("\u00a0", " ")


def day(when: date | None, language: str) -> str:
    return format_date(when, format="d MMMM y", locale=language) if when else ""


def _write(plan: Plan, kind: str, words: dict[str, str], now: datetime) -> None:
    links = {"manage": Link(Purpose.MANAGE, plan.uuid.hex, LINK_DAYS, (str(plan.link_epoch),))}
    contact_mail.write(plan.contact, kind, words, links, now)

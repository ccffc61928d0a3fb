"""Wishes of supporters come true: by their mailed link, at the service, each once.

wish → service (under the wish's own key) → plan's row → word for the page, and a mail where it ends

A service that is down delays a wish and loses none; a wish that can't come true changes nothing and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from hectograph.money import Money
from hectograph.newsroom.flows.till import ASKED, BAD, READ, SEPA, SERVICES_WORD, Till
from hectograph.payments.forms import DEBIT_CURRENCY, MEANS
from hectograph.payments.policy import Ruling, decide
from hectograph.payments.port import Declined, Forbidden, Payment, PaymentState, Preview, Rejected, ServiceProblem
from hectograph.payments.status import NotAsAgreed
from hectograph.payments.status import State as Page
from hectograph.readers import contact_row
from hectograph.support import fuse, plan_mail, telling, wishes
from hectograph.support.plan import Plan, Wish

LEASE = timedelta(minutes=3)
ENDED_CONTACT_KEPT = timedelta(days=30)
_CHALLENGE, _LATER = timedelta(minutes=15), timedelta(seconds=10)


def carry(till: Till, pk: int) -> bool:
    """Let a wish come true, as far as it goes now. False where another has it in hand."""
    wish = wishes.claim(pk, till.now(), LEASE)
    if wish is None:
        return False
    if wishes.is_overtaken(wish):
        fail(till, wish, "newer")
        return True
    try:
        _ACTS[wish.act](till, wish)
    except Declined as declined:
        is_silent = declined.reason == "card"  # of a bank that says no more, the wish knows what it said no to
        fail(till, wish, wish.act if is_silent and wish.act in MEANS else declined.reason)
    except Rejected:
        if wish.act == wishes.CANCEL:
            fuse.alarm("a plan can't be ended at the service", wish.plan.sub_ref, till.now())
            wishes.later(wish, till.now())
        else:
            fail(till, wish, "service")
    except ServiceProblem as problem:
        if isinstance(problem, Forbidden):
            fuse.alarm(fuse.NO_KEY, wish.plan.processor, till.now())
        wishes.later(wish, till.now())
    return True


def key(wish: Wish) -> str:
    """What names the wish at the service, for good."""
    return f"{wish.plan.uuid}-{wish.pk}"


def cancel(till: Till, wish: Wish) -> None:
    """End it: ended already is ended."""
    till.named(wish.plan.processor).cancel_plan(wish.plan.sub_ref)
    with transaction.atomic():
        over(wish.plan, till.now())
        done(till, wish)


def over(plan: Plan, now: datetime, *, mail: Callable[[Plan, datetime], None] = plan_mail.ended) -> None:
    """The plan is ended: say so once, and forget the address a month later."""
    ended = {"state": Plan.State.ENDED, "ended_on": now.date(), "next_on": None}
    is_new = Plan.objects.filter(pk=plan.pk).exclude(state=Plan.State.ENDED).update(**ended)
    plan.refresh_from_db()
    if is_new:
        mail(plan, now)
        contact_row.extend(plan.contact, now + ENDED_CONTACT_KEPT)


@transaction.atomic
def done(till: Till, wish: Wish, **words: str) -> None:
    wishes.settle(wish, Wish.State.DONE)
    telling.tell(wish.desk, wish.status, Page.DONE, till.now(), {"what": wish.act, **words})


@transaction.atomic
def fail(till: Till, wish: Wish, reason: str) -> None:
    """Nothing was changed."""
    wishes.settle(wish, Wish.State.FAILED)
    telling.tell(wish.desk, wish.status, Page.FAILED, till.now(), {"what": wish.act, "reason": reason})


def _amount(till: Till, wish: Wish) -> None:
    plan, minor = wish.plan, int(wish.words["minor"])
    till.plans_of(plan.processor).change_amount(plan.sub_ref, Money(minor, plan.currency), key(wish))
    _save(till, wish, minor=minor)


def _date(till: Till, wish: Wish) -> None:
    day = date.fromisoformat(wish.words["on"])
    till.plans_of(wish.plan.processor).move_next(wish.plan.sub_ref, _noon(day), key(wish))
    _save(till, wish, next_on=day)


def _pause(till: Till, wish: Wish) -> None:
    day = date.fromisoformat(wish.words["until"])
    till.plans_of(wish.plan.processor).pause(wish.plan.sub_ref, _noon(day))
    _save(till, wish, state=Plan.State.PAUSED, paused_until=day)


def _go_on(till: Till, wish: Wish) -> None:
    till.plans_of(wish.plan.processor).pause(wish.plan.sub_ref, None)
    _save(till, wish, was=Plan.State.PAUSED, now_is=Plan.State.ACTIVE, paused_until=None)


@transaction.atomic
def _link(till: Till, wish: Wish) -> None:
    """A new link by mail; older ones no longer work."""
    plan = wish.plan
    if plan.state in (Plan.State.ENDING, Plan.State.ENDED):
        return fail(till, wish, "ended")
    plan.link_epoch += 1
    plan.save(update_fields=["link_epoch"])
    plan_mail.new_link(plan, till.now())
    done(till, wish)


@transaction.atomic
def _save(till: Till, wish: Wish, *, was: str = "", now_is: str = "", **new: object) -> None:
    """Write `new` down, and `now_is` as its state where it still `was` that. What was ended meanwhile stays so."""
    row = Plan.objects.filter(pk=wish.plan_id).exclude(state__in=(Plan.State.ENDING, Plan.State.ENDED))
    if not row.update(**new):
        return fail(till, wish, "ended")
    if now_is:
        row.filter(state=was).update(state=now_is)
    done(till, wish)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


# --- another card, or another account ---------------------------------------------------------------------------------


def _means(till: Till, wish: Wish) -> None:
    """The same gate as a payment's: its country is known before any bank is asked, and looked at again before use."""
    service, method = till.named(wish.plan.processor), MEANS[wish.act]
    if ref := wish.words.get("ref"):
        return _use(till, wish, service.get(ref))
    if till.now().timestamp() > int(wish.words["until"]):
        return _end(till, wish, Page.EXPIRED)
    if not till.is_open(method):
        return _end(till, wish, Page.CLOSED)
    if method == SEPA and wish.plan.currency != DEBIT_CURRENCY:
        return fail(till, wish, "currency")
    till.seen(method, ASKED)
    page = _read(till, wish, service.preview(wish.words["token"]))
    if page is not None:
        return _end(till, wish, page)
    try:
        setup = till.plans_of(wish.plan.processor).replace_means(wish.plan.sub_ref, wish.words["token"], key(wish))
    except (Declined, Rejected):
        till.seen(method, BAD)
        raise
    wish.words = {**wish.words, "ref": setup.ref}
    wish.save(update_fields=["words"])
    _use(till, wish, setup)


def _use(till: Till, wish: Wish, setup: Payment) -> None:
    """Go on from how the bank's answer stands; its question is said again, for who died before it was said."""
    if setup.state is PaymentState.HELD:
        return _take(till, wish, setup.ref)
    if setup.state in (PaymentState.FAILED, PaymentState.CANCELLED):
        till.seen(MEANS[wish.act], BAD)
        return fail(till, wish, wish.act)
    if till.now() > wish.made_at + _CHALLENGE:
        return _end(till, wish, Page.EXPIRED)
    if setup.state is PaymentState.ACTION:
        telling.tell(wish.desk, wish.status, Page.ACTION, till.now(), {"secret": setup.secret, "setup": "yes"})
    Wish.objects.filter(pk=wish.pk).update(look_at=till.now() + _LATER)


def _take(till: Till, wish: Wish, ref: str) -> None:
    """The bank agreed. Its country once more, as it is now; then the plan pays by it."""
    preview = till.named(wish.plan.processor).get(ref).preview
    page = Page.REFUSED if preview is None else _judged(till, wish, preview)
    if page is not None:
        return _end(till, wish, page, asked=NotAsAgreed.COUNTRY)
    till.plans_of(wish.plan.processor).use_means(wish.plan.sub_ref, ref, key(wish))
    _save(till, wish, was=Plan.State.FAILING, now_is=Plan.State.ACTIVE, card_expires="", checked_at=None)


def _read(till: Till, wish: Wish, preview: Preview) -> Page | None:
    """As `_judged`, of a token: only what the wish names may it stand for."""
    method = MEANS[wish.act]
    till.seen(method, READ)
    if preview.method == SERVICES_WORD[method]:
        return _judged(till, wish, preview)
    till.seen(method, BAD)
    return Page.REFUSED


def _judged(till: Till, wish: Wish, preview: Preview) -> Page | None:
    """What the page says where this means of payment may not be used."""
    policy = till.policy()
    ruling = decide(policy, preview).ruling if policy else Ruling.REFUSE
    if ruling is Ruling.REFUSE:
        return Page.REFUSED
    return Page.CAUTION if ruling is Ruling.CAUTION and not wish.words.get("caution") else None


@transaction.atomic
def _end(till: Till, wish: Wish, page: Page, **words: str) -> None:
    wishes.settle(wish, Wish.State.FAILED)
    telling.tell(wish.desk, wish.status, page, till.now(), words)


_ACTS = {
    wishes.CANCEL: cancel,
    "amount": _amount,
    "date": _date,
    "pause": _pause,
    "go-on": _go_on,
    "card": _means,
    "account": _means,
    "link": _link,
}

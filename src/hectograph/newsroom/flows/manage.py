"""Wishes of supporters come true: by their mailed link, at the service, each once.

wish → service (under the wish's own key) → plan's row → word for the page, and a mail where it ends

A service that is down delays a wish and loses none; a wish that can't come true changes nothing and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from hectograph.money import Money
from hectograph.newsroom.flows.till import Till
from hectograph.payments.policy import Ruling, decide
from hectograph.payments.port import Declined, PaymentState, Preview, Rejected, ServiceProblem
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
    try:
        _ACTS[wish.act](till, wish)
    except Declined as declined:
        fail(till, wish, declined.reason)
    except Rejected:
        if wish.act == wishes.CANCEL:
            fuse.alarm("a plan can't be ended at the service", wish.plan.sub_ref, till.now())
            wishes.later(wish, till.now())
        else:
            fail(till, wish, "service")
    except ServiceProblem:
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
    plan.refresh_from_db()
    if plan.state != Plan.State.ENDED:
        plan.state, plan.ended_on, plan.next_on = Plan.State.ENDED, now.date(), None
        plan.save(update_fields=["state", "ended_on", "next_on"])
        mail(plan, now)
        contact_row.extend(plan.contact, now + ENDED_CONTACT_KEPT)


def done(till: Till, wish: Wish, **words: str) -> None:
    wishes.settle(wish, Wish.State.DONE)
    telling.tell(wish.desk, wish.status, Page.DONE, till.now(), {"what": wish.act, **words})


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
    _save(till, wish, state=Plan.State.ACTIVE, paused_until=None)


@transaction.atomic
def _link(till: Till, wish: Wish) -> None:
    """A new link by mail; older ones no longer work."""
    plan = wish.plan
    plan.link_epoch += 1
    plan.save(update_fields=["link_epoch"])
    plan_mail.new_link(plan, till.now())
    done(till, wish)


@transaction.atomic
def _save(till: Till, wish: Wish, **new: object) -> None:
    Plan.objects.filter(pk=wish.plan_id).update(**new)
    done(till, wish)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


# --- another card -----------------------------------------------------------------------------------------------------


def _card(till: Till, wish: Wish) -> None:
    """The same gate as a payment's: its country is known before any bank is asked, and looked at again before use."""
    plans = till.plans_of(wish.plan.processor)
    if ref := wish.words.get("ref"):
        return _use(till, wish, till.named(wish.plan.processor).get(ref).state, ref)
    if till.now().timestamp() > int(wish.words["until"]):
        return _end(till, wish, Page.EXPIRED)
    page = _judged(till, wish, till.named(wish.plan.processor).preview(wish.words["token"]))
    if page is not None:
        return _end(till, wish, page)
    setup = plans.replace_means(wish.plan.sub_ref, wish.words["token"], key(wish))
    wish.words = {**wish.words, "ref": setup.ref}
    wish.save(update_fields=["words"])
    if setup.state is PaymentState.ACTION:
        telling.tell(wish.desk, wish.status, Page.ACTION, till.now(), {"secret": setup.secret, "setup": "yes"})
    _use(till, wish, setup.state, setup.ref)


def _use(till: Till, wish: Wish, state: PaymentState, ref: str) -> None:
    if state is PaymentState.HELD:
        preview = till.named(wish.plan.processor).get(ref).preview
        page = Page.REFUSED if preview is None else _judged(till, wish, preview)
        if page is not None:
            return _end(till, wish, page, asked="yes")
        till.plans_of(wish.plan.processor).use_means(wish.plan.sub_ref, ref, key(wish))
        was_failing = wish.plan.state == Plan.State.FAILING
        new = {"card_expires": "", "checked_at": None} | ({"state": Plan.State.ACTIVE} if was_failing else {})
        return _save(till, wish, **new)
    if state in (PaymentState.FAILED, PaymentState.CANCELLED):
        return fail(till, wish, "card")
    if till.now() > wish.made_at + _CHALLENGE:
        return _end(till, wish, Page.EXPIRED)
    Wish.objects.filter(pk=wish.pk).update(look_at=till.now() + _LATER)


def _judged(till: Till, wish: Wish, preview: Preview) -> Page | None:
    """What the page says where this means of payment may not be used."""
    policy = till.policy()
    ruling = decide(policy, preview).ruling if policy else Ruling.REFUSE
    if ruling is Ruling.REFUSE:
        return Page.REFUSED
    return Page.CAUTION if ruling is Ruling.CAUTION and not wish.words.get("caution") else None


def _end(till: Till, wish: Wish, page: Page, **words: str) -> None:
    wishes.settle(wish, Wish.State.FAILED)
    telling.tell(wish.desk, wish.status, page, till.now(), words)


_ACTS = {
    wishes.CANCEL: cancel,
    "amount": _amount,
    "date": _date,
    "pause": _pause,
    "go-on": _go_on,
    "card": _card,
    "link": _link,
}

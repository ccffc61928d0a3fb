"""The gate that every payment goes through, in a straight line:

asked → in time? → nobody else's? → preview → policy → start → reference kept → confirm → right? → capture → given

Each step stands in the attempt's row before it is taken, so that a process that was killed anywhere goes on from there:
nothing is ever confirmed under a new key, and after an unclear answer the payment itself is asked. No bank hears of an
attempt after its `until`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from hectograph.money import Money
from hectograph.newsroom.flows import given
from hectograph.newsroom.flows.till import ASKED, BAD, READ, SERVICES_WORD, Till
from hectograph.payments.forms import Frequency
from hectograph.payments.policy import Ruling, Verdict, decide
from hectograph.payments.port import (
    Can,
    Declined,
    Forbidden,
    Order,
    Payment,
    PaymentState,
    Processor,
    Rejected,
    ServiceProblem,
    Started,
    Unclear,
    Unreachable,
)
from hectograph.payments.status import NotAsAgreed
from hectograph.payments.status import State as Page
from hectograph.readers.tallies import count
from hectograph.support import attempt as attempts
from hectograph.support import fuse, telling
from hectograph.support.attempt import Attempt, Step
from hectograph.support.intent import Intent

LEASE = timedelta(minutes=3)  # longer than the slowest answer of a service
_SOON, _LATER, _HOUR = timedelta(seconds=1), timedelta(seconds=10), timedelta(hours=1)
_UNASKED = (PaymentState.OPEN, PaymentState.FAILED)  # or an earlier press failed, and this one's question got lost
_UNTAKEN = (*_UNASKED, PaymentState.ACTION, PaymentState.HELD)
_TRIES = 20  # silences of a service, until a person is called
_UNKNOWN = Verdict(Ruling.REFUSE, "unknown")


def carry(till: Till, pk: int) -> bool:
    """Take the attempt as far as it goes now. False where another has it in hand, or it is over."""
    attempt = attempts.claim(pk, till.worker, till.now(), LEASE)
    if attempt is None:
        return False
    try:
        _STEPS[Step(attempt.step)](till, attempt)
    except Forbidden:
        fuse.alarm(fuse.NO_KEY, attempt.intent.processor or attempt.method, till.now())
        _again(till, attempt)
    except ServiceProblem:
        _again(till, attempt)
    return True


def expire(now: datetime) -> int:
    """Say of attempts that no cashier took up in time that nothing is charged, and nothing will be: for when there is
    no cashier. Returns how many there were."""
    late = attempts.too_late(now)
    return sum(carry(Till({}, worker="opener", now=lambda: now), pk) for pk in late)


# --- before a payment exists ------------------------------------------------------------------------------------------


def _ask(till: Till, attempt: Attempt) -> None:
    """Whether this may be paid at all: in time, by nobody else, by an open way, from no protected country."""
    way = till.way(attempt.method)
    if till.now() > attempt.until:
        return end(till, attempt, Page.EXPIRED)
    if way is None:
        return end(till, attempt, Page.CLOSED)
    was_handed_out = attempt.intent.processor == way.name  # and got lost: the same reference once more
    if Can.CHARGE not in way.can and was_handed_out:
        return _hand_reference(till, attempt, way)
    if not _hold(attempt):
        return _wait_or_leave(till, attempt)
    if Can.CHARGE not in way.can:
        return _hand_reference(till, attempt, way)
    _ask_service(till, attempt, way)


def _ask_service(till: Till, attempt: Attempt, way: Processor) -> None:
    till.seen(attempt.method, ASKED)
    try:
        verdict = _judge(till, attempt, way)
    except Forbidden:
        return _shut(till, attempt, way)
    except Rejected:  # a token that is used up, or none
        return end(till, attempt, Page.DECLINED, reason="card")
    if verdict.ruling is Ruling.REFUSE:
        return refuse(till, attempt)
    if verdict.ruling is Ruling.CAUTION and not attempt.caution:
        return end(till, attempt, Page.CAUTION)
    _start(till, attempt, way)


def _hold(attempt: Attempt) -> bool:
    """Make the intent this attempt's own. False where it is paid, or another attempt's."""
    free = Q(holder=None) | Q(holder=attempt.pk)
    mine = Intent.objects.filter(free, pk=attempt.intent_id, state=Intent.State.OPEN).update(holder=attempt.pk)
    return bool(mine)


def _wait_or_leave(till: Till, attempt: Attempt) -> None:
    """Another press has the intent in hand. Where that one waits at a bank's question, this one says that its giver
    went on with another card: it is let go of first. Else this one is one press too many."""
    asked = Attempt.objects.filter(intent=attempt.intent_id, step=Step.ACTION, leased_until=None).first()
    if asked is None:
        return end(till, attempt, Page.ALREADY)
    Attempt.objects.filter(pk=asked.pk, step=Step.ACTION).update(left=True, look_at=till.now())
    attempts.put_back(attempt, till.now() + _SOON)


def _judge(till: Till, attempt: Attempt, way: Processor) -> Verdict:
    policy = till.policy()
    if policy is None:
        return _UNKNOWN
    Intent.objects.filter(pk=attempt.intent_id).update(policy=policy.version)
    preview = way.preview(attempt.token)
    till.seen(attempt.method, READ)
    if preview.method != SERVICES_WORD[attempt.method]:  # one that is closed is not opened by another's name
        till.seen(attempt.method, BAD)
        return Verdict(Ruling.REFUSE, "method")
    return decide(policy, preview)


def _shut(till: Till, attempt: Attempt, way: Processor) -> None:
    """The service does not let our key: nothing was charged, and it is nobody's card that is at fault."""
    fuse.alarm(fuse.NO_KEY, way.name, till.now())
    end(till, attempt, Page.CLOSED)


def _start(till: Till, attempt: Attempt, way: Processor) -> None:
    """Have the payment made, unless a press before this one left one that no bank heard of."""
    if not attempt.intent.payment:
        try:
            started = way.start(_order(attempt.intent))
        except Forbidden:
            return _shut(till, attempt, way)
        except Rejected:
            fuse.alarm("a payment could not be begun", str(attempt.intent.uuid), till.now())
            return end(till, attempt, Page.CLOSED)
        _keep_reference(attempt, way.name, started)
    _mark(attempt, Step.STARTED)
    _confirm(till, attempt)


def _order(intent: Intent) -> Order:
    return Order(intent.key, Frequency(intent.frequency), Money(intent.minor, intent.currency))


def _keep_reference(attempt: Attempt, processor: str, started: Started) -> None:
    """From here the payment can be found again, whatever happens."""
    intent = attempt.intent
    intent.processor, intent.payment = processor, started.payment
    intent.plan, intent.customer = started.plan, started.customer
    intent.save(update_fields=["processor", "payment", "plan", "customer"])


def _mark(attempt: Attempt, step: Step) -> None:
    attempt.step = step
    Attempt.objects.filter(pk=attempt.pk).update(step=step)


def _hand_reference(till: Till, attempt: Attempt, way: Processor) -> None:
    """A way that charges nobody: the payer's bank does it, by a reference that is handed out here."""
    try:
        started = way.start(_order(attempt.intent))
    except Rejected:  # the account takes no such currency
        return end(till, attempt, Page.CLOSED)
    with transaction.atomic():
        _keep_reference(attempt, way.name, started)
        given.expect(till, attempt)
        _over(attempt)
        telling.tell(
            attempt.desk_id, attempt.status, Page.TRANSFER, till.now(), {"reference": started.payment, **started.words}
        )


# --- the bank is asked ------------------------------------------------------------------------------------------------


def _confirm(till: Till, attempt: Attempt) -> None:
    """Ask the bank, if there is still time. That it may have been asked is written down before it is."""
    if till.now() > attempt.until:
        return end(till, attempt, Page.EXPIRED)
    way = till.named(attempt.intent.processor)
    was_asked = attempt.step == Step.CONFIRMING
    _mark(attempt, Step.CONFIRMING)
    try:
        payment = way.confirm(_started(attempt.intent), attempt.token)
    except Forbidden:
        if was_asked:  # the bank may have been asked the first time
            raise
        return _shut(till, attempt, way)
    except Declined as declined:
        till.seen(attempt.method, BAD)
        return end(till, attempt, Page.DECLINED, reason=declined.reason)
    except Rejected:  # it may be further than we knew
        till.seen(attempt.method, BAD)
        return _settle(till, attempt, way.get(attempt.intent.payment), Page.DECLINED, "card")
    except Unreachable:  # nothing happened: once more, while there is time
        _mark(attempt, Step.STARTED)
        raise
    _settle(till, attempt, payment)


def _look(till: Till, attempt: Attempt) -> None:
    """After a death, a silence, a challenge or a night: how does the payment stand?"""
    way = till.named(attempt.intent.processor)
    payment = way.get(attempt.intent.payment)
    is_unasked = payment.state in _UNASKED and attempt.step == Step.CONFIRMING
    if is_unasked and till.now() <= attempt.until:
        return _confirm(till, attempt)  # under the same key: asked twice it is one payment
    nothing, reason = Page.EXPIRED, ""
    if payment.state is PaymentState.FAILED and not is_unasked:
        nothing, reason = Page.DECLINED, payment.reason or "card"
    if is_unasked or reason or (payment.state in _UNTAKEN and attempt.is_late(till.now())):
        payment = way.cancel(_started(attempt.intent))  # what may still be on its way comes to nothing
    _settle(till, attempt, payment, nothing, reason)


def _started(intent: Intent) -> Started:
    return Started(intent.payment, intent.plan, intent.customer)


def _settle(till: Till, attempt: Attempt, payment: Payment, nothing: Page = Page.EXPIRED, reason: str = "") -> None:
    """What follows from how the payment stands. `nothing` (and its `reason`) is said of one that was let go of."""
    match payment.state:
        case PaymentState.HELD:
            _take(till, attempt, payment)
        case PaymentState.PAID | PaymentState.PROCESSING:
            given.keep(till, attempt, payment, as_agreed=_is_as_agreed(till, attempt, payment))
        case PaymentState.ACTION:
            _challenge(till, attempt, payment)
        case PaymentState.FAILED:
            till.seen(attempt.method, BAD)
            end(till, attempt, Page.DECLINED, reason=payment.reason or "card")
        case PaymentState.CANCELLED:
            end(till, attempt, nothing, reason=reason, anew=True)
        case PaymentState.OPEN:
            after = till.named(attempt.intent.processor).cancel(_started(attempt.intent))
            if after.state is PaymentState.OPEN:
                raise Unclear("A payment can't be let go of.", "It is tried again.")
            _settle(till, attempt, after, nothing, reason)


def _take(till: Till, attempt: Attempt, payment: Payment) -> None:
    """The bank agreed. Look once more, at the payment itself, and take the money; or let it go."""
    way = till.named(attempt.intent.processor)
    wrong = _wrong(till, attempt, payment)
    if not wrong:
        return _settle(till, attempt, way.capture(payment.ref))
    after = way.cancel(_started(attempt.intent))
    fuse.alarm("a held payment was not as agreed", payment.ref, till.now())
    if after.state is PaymentState.PAID:
        return _settle(till, attempt, after)
    refuse(till, attempt, asked=wrong)


def _is_as_agreed(till: Till, attempt: Attempt, payment: Payment) -> bool:
    """What is paid already is not given back by itself: that would write another line at the bank. A person decides."""
    is_whole = payment.state is not PaymentState.PAID or payment.received == payment.money
    if is_whole and not _wrong(till, attempt, payment):
        return True
    fuse.alarm("a payment was not as agreed", payment.ref, till.now())
    return False


def _wrong(till: Till, attempt: Attempt, payment: Payment) -> NotAsAgreed | None:
    """What is another than was agreed to, as the page says it: the amount or its currency, or where the means comes
    from. None where nothing is."""
    policy, intent = till.policy(), attempt.intent
    if payment.money != Money(intent.minor, intent.currency):
        return NotAsAgreed.TERMS
    ruling = decide(policy, payment.preview).ruling if payment.preview and policy else Ruling.REFUSE
    if ruling is Ruling.REFUSE:
        return NotAsAgreed.COUNTRY
    return NotAsAgreed.CAUTION if ruling is Ruling.CAUTION and not attempt.caution else None


def _challenge(till: Till, attempt: Attempt, payment: Payment) -> None:
    """The page shows the bank's question; we look again when it says so, and now and then."""
    _mark(attempt, Step.ACTION)
    telling.tell(attempt.desk_id, attempt.status, Page.ACTION, till.now(), {"secret": payment.secret})
    attempts.put_back(attempt, till.now() + _LATER)


# --- ends -------------------------------------------------------------------------------------------------------------


def _again(till: Till, attempt: Attempt) -> None:
    """The service did not answer. Whether a bank may have been asked decides what the page says meanwhile."""
    attempt.tries += 1
    wait = min(_SOON * 2 ** min(attempt.tries - 1, 12), _HOUR)
    if attempt.step == Step.CONFIRMING:
        telling.tell(attempt.desk_id, attempt.status, Page.UNKNOWN, till.now())
    elif attempt.step in (Step.ASKED, Step.STARTED):
        wait = min(wait, max(attempt.until - till.now(), timedelta()) + _SOON)  # then to say that it is too late
    if attempt.tries == _TRIES:
        fuse.alarm("a payment stays unclear", attempt.intent.payment or str(attempt.intent.uuid), till.now())
    attempts.put_back(attempt, till.now() + wait)


@transaction.atomic
def end(till: Till, attempt: Attempt, page: Page, *, reason: str = "", anew: bool = False, asked: str = "") -> None:
    """Nothing is charged by this attempt, and nothing will be: say so, and forget the address that came with it. With
    `anew` the payment is gone for good, and a next press begins another."""
    _over(attempt, anew=anew)
    given.undo(attempt, till.now())
    words = {name: word for name, word in (("reason", reason), ("asked", asked)) if word}
    telling.tell(attempt.desk_id, attempt.status, page, till.now(), words)
    count(f"gift {page.value}", till.now())


@transaction.atomic
def refuse(till: Till, attempt: Attempt, asked: str = "") -> None:
    """A protected card, or, where a bank was `asked` already, whatever was not as agreed. Nothing is kept of it but
    that there was one on this day, somewhere."""
    end(till, attempt, Page.REFUSED, anew=True, asked=asked)
    attempt.delete()
    Intent.objects.filter(pk=attempt.intent_id, holder=None, attempts=None, payment="", series=0).delete()


def _over(attempt: Attempt, *, anew: bool = False) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(step=Step.OVER, token="", lease="", leased_until=None)
    intent = Intent.objects.filter(pk=attempt.intent_id, holder=attempt.pk)
    intent.update(holder=None)
    if anew and attempt.intent.payment:
        Intent.objects.filter(pk=attempt.intent_id, payment=attempt.intent.payment).update(
            series=attempt.intent.series + 1, payment="", plan="", customer=""
        )


_STEPS = {Step.ASKED: _ask, Step.STARTED: _confirm, Step.CONFIRMING: _look, Step.ACTION: _look, Step.PROCESSING: _look}

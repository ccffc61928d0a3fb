"""Wishes about plans: put down at once, done when the service answers. Asked for twice it is one wish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from hectograph.payments.forms import MEANS
from hectograph.support.plan import Plan, Wish

CANCEL = "cancel"
ACTS = (CANCEL, "amount", "date", "pause", "go-on", "card", "account", "link")
_LONGEST = timedelta(hours=1)
# Of each, the wish that was put down last stands.
_SAME = (("amount",), ("date",), ("pause", "go-on"), tuple(MEANS))


def put(
    plan: Plan, act: str, words: Mapping[str, str], now: datetime, *, status: str = "", desk: int | None = None
) -> Wish:
    """Note the wish; one that waits already with the same words is taken over by this page."""
    same = Wish.objects.filter(plan=plan, act=act, words=dict(words), state=Wish.State.WAITS, status="").first()
    if same is not None and not status:
        return same
    return Wish.objects.create(
        plan=plan, act=act, words=dict(words), status=status, desk=desk, look_at=now, made_at=now
    )


def end(plan: Plan, now: datetime, *, status: str = "", desk: int | None = None) -> Wish:
    """The plan is to end. From here on nothing of it counts as going on, whether the service answers or not."""
    Plan.objects.filter(pk=plan.pk).exclude(state=Plan.State.ENDED).update(state=Plan.State.ENDING)
    return put(plan, CANCEL, {}, now, status=status, desk=desk)


def ended_from(plan: Plan) -> datetime:
    """From when on the plan was to charge no more: when the first wish to end it came in. Once that is forgotten, or
    where there was none, from the first moment of the day on which it ended; the earliest of all where that is not
    known."""
    wish = Wish.objects.filter(plan=plan, act=CANCEL).order_by("pk").first()
    if wish is not None:
        return wish.made_at
    ended_on = Plan.objects.values_list("ended_on", flat=True).get(pk=plan.pk)
    return datetime.combine(ended_on or date.min, time.min, UTC)


def due(now: datetime, most: int) -> list[int]:
    """Wishes that want work now, the oldest first."""
    rows = Wish.objects.filter(state=Wish.State.WAITS, look_at__lte=now)
    return list(rows.order_by("look_at", "pk").values_list("pk", flat=True)[:most])


def claim(pk: int, now: datetime, lease: timedelta) -> Wish | None:
    """Take it in hand for `lease`; None where another did."""
    rows = Wish.objects.filter(pk=pk, state=Wish.State.WAITS, look_at__lte=now)
    if not rows.update(look_at=now + lease):
        return None
    return Wish.objects.select_related("plan").get(pk=pk)


def is_overtaken(wish: Wish) -> bool:
    """Whether a later wish about the same came true already, while the service was away for this one."""
    about = next((acts for acts in _SAME if wish.act in acts), ())
    done = Wish.objects.filter(plan=wish.plan_id, act__in=about, state=Wish.State.DONE)
    return done.filter(pk__gt=wish.pk).exists()


def later(wish: Wish, now: datetime) -> None:
    """The service did not answer: again, each time later."""
    wish.tries += 1
    wish.look_at = now + min(timedelta(seconds=2 ** min(wish.tries, 12)), _LONGEST)
    wish.save(update_fields=["tries", "look_at"])


def settle(wish: Wish, state: Wish.State) -> None:
    Wish.objects.filter(pk=wish.pk).update(state=state, words={})

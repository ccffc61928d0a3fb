"""An appeal: a message that asks for support for a time, with words in each language and amounts in each currency.

It names sections and stories by number, without a foreign key: this room is loaded where stories are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from hectograph.payments.forms import APPEAL
from hectograph.payments.port import Kind
from hectograph.support.books import LedgerEntry
from hectograph.support.contribution import Contribution, State
from hectograph.support.ledger import Account

FEWEST = 20  # gifts; of fewer nothing is told, or a single one could be read from the sum
AMOUNTS = RegexValidator(r"^\s*\d+(\.\d\d)?(\s*,\s*\d+(\.\d\d)?){0,5}\s*$", _("Write amounts like 5, 15, 50."))


class Appeal(models.Model):
    """`slug` travels with a gift, so that the books can say what an appeal brought."""

    class Frequency(models.TextChoices):
        ONCE = "once", _("Once")
        MONTHLY = "monthly", _("Monthly")
        ANNUAL = "annual", _("Annual")

    slug = models.SlugField(_("short name, in the books"), max_length=40, unique=True)
    starts = models.DateTimeField(_("begins"))
    ends = models.DateTimeField(_("ends"))
    in_banner = models.BooleanField(_("in a banner, below on every page"), default=False)
    after_story = models.BooleanField(_("after stories and on the front page"), default=True)
    on_page = models.BooleanField(_("on the support page"), default=True)
    sections = models.JSONField(default=list, blank=True)  # numbers of sections; with none and no stories: everywhere
    stories = models.JSONField(default=list, blank=True)  # numbers of stories
    frequency = models.CharField(_("chosen at first"), max_length=10, choices=Frequency, default=Frequency.MONTHLY)
    choice = models.PositiveSmallIntegerField(
        _("amount chosen at first"), default=1, help_text=_("1 is the first one.")
    )
    goal = models.BigIntegerField(default=0)  # minor units of `currency`; 0: none
    currency = models.CharField(_("currency of the goal"), max_length=3, default="USD")

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        super().clean()
        if self.slug and not APPEAL.fullmatch(self.slug):
            raise ValidationError({"slug": _("Write it in small letters a to z, digits and hyphens: winter-2026.")})
        begins, ends = (self.__dict__.get(name) for name in ("starts", "ends"))  # a form may have left one out
        if begins and ends and begins >= ends:
            raise ValidationError({"ends": _("It must end after it begins.")})


class AppealText(models.Model):
    """The words in one language. A language without a title does not show the appeal."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "language"], name="appeal_text_once_a_language")]

    def __str__(self) -> str:
        return self.title


class AppealAmounts(models.Model):
    """Amounts in one currency, as written (`5, 12.50`). Where a field is empty, the standing ones stay."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="amounts")
    currency = models.CharField(max_length=3)
    once = models.CharField(max_length=80, blank=True, validators=[AMOUNTS])
    monthly = models.CharField(max_length=80, blank=True, validators=[AMOUNTS])
    annual = models.CharField(max_length=80, blank=True, validators=[AMOUNTS])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "currency"], name="appeal_amounts_once_a_currency")]

    def __str__(self) -> str:
        return self.currency


def raised(appeal: Appeal, before: date) -> int | None:
    """What came in for it on days before `before`, in minor units of the goal's currency, down to a whole hundredth of
    the goal; None where it has no goal or too few have given. A gift in another currency counts where the books have
    what the service made of it in the goal's, by the service's own rate: no rate is ours."""
    if not appeal.goal:
        return None
    gifts = Contribution.objects.filter(appeal=appeal.slug, day__lt=before, state__in=(State.PAID, State.REFUNDED_PART))
    own = gifts.filter(currency=appeal.currency)
    others = gifts.exclude(currency=appeal.currency).annotate(became=_became(appeal.currency))
    others = others.filter(became__gt=0)
    if own.count() + others.count() < FEWEST:
        return None
    whole = own.aggregate(sum=Sum(F("minor") - F("refunded")))["sum"] or 0
    whole += others.aggregate(sum=Sum("became"))["sum"] or 0
    return int(whole) * 100 // appeal.goal * appeal.goal // 100


def _became(currency: str) -> Subquery:
    """Minor units of `currency` that the outer contribution is booked as, less what was given back; none where it is
    booked in another one."""
    booked = LedgerEntry.objects.filter(
        txn__payment=OuterRef("ref"),
        txn__rail=OuterRef("processor"),
        txn__kind__in=(Kind.CHARGE, Kind.REFUND, Kind.REFUND_FAILED),
        account__role__in=(Account.CONTRIBUTIONS, Account.REFUNDS),
        account__currency=currency,
    )
    return Subquery(booked.order_by().values("txn__payment").annotate(sum=-Sum("minor")).values("sum"))


def names_any(stories: Iterable[int]) -> bool:
    """Whether an appeal is meant for one of these stories alone."""
    named = {number for row in Appeal.objects.exclude(stories=[]).values_list("stories", flat=True) for number in row}
    return not named.isdisjoint(stories)

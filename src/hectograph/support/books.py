"""The ledger's rows. They are only ever added: the database itself refuses to change or delete one (migration 0002)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat


class LedgerAccount(models.Model):
    """One account of one rail in one currency. `code` is `ROLE:RAIL:CURRENCY`: an entry's currency is its account's."""

    code = models.CharField(max_length=80, primary_key=True)
    role = models.CharField(max_length=40)  # ledger.Account
    rail = models.CharField(max_length=30)  # the processor's name
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code=Concat(F("role"), Value(":"), F("rail"), Value(":"), F("currency"))),
                name="ledger_account_code",
            )
        ]


class LedgerTxn(models.Model):
    """What one movement at a service did. `ref` is `RAIL:MOVEMENT`, with the service's own id of the movement: the same
    movement can't be booked twice. `payment` is the service's reference of the payment, where there is one."""

    ref = models.CharField(max_length=120, primary_key=True)
    rail = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)  # payments.port.Kind
    own_kind = models.CharField(max_length=80, blank=True)  # the service's own word
    at = models.DateTimeField()  # by the service's clock
    booked_at = models.DateTimeField(auto_now_add=True)
    source = models.CharField(max_length=120, blank=True)
    payment = models.CharField(max_length=120, blank=True)
    rate = models.CharField(max_length=30, blank=True)  # the service's own, a decimal, where it changed currencies
    original_minor = models.BigIntegerField(null=True)
    original_currency = models.CharField(max_length=3, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["rail", "at"], name="ledger_rail_at"),
            models.Index(fields=["payment"], condition=~Q(payment=""), name="ledger_payment"),
        ]


class LedgerEntry(models.Model):
    """One account's part of a transaction, in minor units of the account's currency, debit above zero."""

    pk = models.CompositePrimaryKey("txn", "account")
    txn = models.ForeignKey(LedgerTxn, models.DO_NOTHING, db_index=False)
    account = models.ForeignKey(LedgerAccount, models.DO_NOTHING, db_index=False)
    minor = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(minor=0), name="ledger_entry_not_zero")]

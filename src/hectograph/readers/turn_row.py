"""How often the files outside the database were written (`departures`)."""

from __future__ import annotations

from django.db import models


class Turn(models.Model):
    """One row. A file that knows a later turn tells that this database was put back."""

    turn = models.BigIntegerField(default=0)

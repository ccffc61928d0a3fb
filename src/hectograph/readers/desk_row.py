"""A desk that the newsroom fetches from, and how far it has come."""

from __future__ import annotations

from django.db import models


class DeskRow(models.Model):
    address = models.URLField(unique=True)
    public = models.CharField(max_length=64)  # the desk's Ed25519 key, in hexadecimal
    life = models.CharField(max_length=32, blank=True)  # names the spool; a new one starts anew
    done = models.BigIntegerField(default=0)  # everything up to this number is stored here
    fetched_at = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "desk"

    def __str__(self) -> str:
        return self.address

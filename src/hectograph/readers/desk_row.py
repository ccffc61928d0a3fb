"""A desk that the newsroom fetches from, and how far it has come."""

from __future__ import annotations

import secrets

from django.db import models


class DeskRow(models.Model):
    address = models.URLField(unique=True)
    public = models.CharField(max_length=64)  # the desk's Ed25519 key, in hexadecimal
    life = models.CharField(max_length=32, blank=True)  # names the spool; a new one starts anew
    done = models.BigIntegerField(default=0)  # everything up to this number is stored here
    mark = models.CharField(max_length=32, blank=True)  # of the last question that the desk answered
    next_mark = models.CharField(max_length=32, blank=True)  # of the one after it: on disk before it is asked
    fetched_at = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "desk"

    def marks(self) -> dict[str, str]:
        """What the next question carries. The same again until `follow`, also after a restart."""
        if not self.next_mark:
            self.next_mark = secrets.token_hex(16)
            self.save(update_fields=["next_mark"])
        return {"mark": self.mark, "next": self.next_mark}

    def follow(self, kept: str) -> None:
        """The desk answered and keeps the mark `kept`. Saved by the caller."""
        if kept == self.next_mark:
            self.mark, self.next_mark = kept, secrets.token_hex(16)

    def __str__(self) -> str:
        return self.address

"""Which processes are at work, and when each was last seen at it. The sender loads no room above this one."""

from __future__ import annotations

from django.db import models


class AtWork(models.Model):
    who = models.CharField(max_length=20, unique=True)
    seen = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.who}, {self.seen:%Y-%m-%d %H:%M} UTC"

"""Who works here. An account is a name of the person's choosing; an e-mail address is optional and never needed."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class Staff(AbstractUser):
    """An account. It never shows on the public site: a byline is something else."""

    class Meta:
        verbose_name = "member of staff"
        verbose_name_plural = "staff"

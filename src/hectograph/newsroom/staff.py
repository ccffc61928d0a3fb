"""Who works here. An account is a name of the person's choosing; an e-mail address is optional and never needed."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Staff(AbstractUser):
    """An account. It never shows on the public site: a byline is something else."""

    one_time_password = models.BooleanField(
        default=False, editable=False
    )  # set by a reset, until they choose their own

    class Meta:
        verbose_name = "member of staff"
        verbose_name_plural = "staff"

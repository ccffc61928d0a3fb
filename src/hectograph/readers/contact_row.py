"""A contact: an address kept for one purpose and for a time, apart from those who read the letter.

Other rooms know a contact by its number alone. Its index is keyed by its purpose, so that neither a subscriber nor a
contact of another purpose with the same address has the same.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Contact(models.Model):
    class Purpose(models.TextChoices):
        PLAN = "plan"  # a supporter who gives again and again
        REMINDER = "reminder"

    number = models.CharField(max_length=32, unique=True)  # 16 random bytes, in hexadecimal
    purpose = models.CharField(max_length=10, choices=Purpose)
    index = models.CharField(max_length=64, db_index=True)
    sealed = models.BinaryField()  # the address, under the store key
    language = models.CharField(max_length=10)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"contact {self.pk}"


def extend(number: str, until: datetime) -> bool:
    """Keep the contact until then, and not longer; says whether it is here."""
    return bool(number) and Contact.objects.filter(number=number).update(expires_at=until) == 1


def forget(number: str) -> None:
    """Erase the contact, and what was still to be written to it."""
    if number:
        Contact.objects.filter(number=number).delete()


def forget_expired(now: datetime) -> int:
    """Erase every contact whose time is over; returns how many that were."""
    return Contact.objects.filter(expires_at__lte=now).delete()[1].get("readers.Contact", 0)


def is_kept(number: str) -> bool:
    return bool(number) and Contact.objects.filter(number=number).exists()

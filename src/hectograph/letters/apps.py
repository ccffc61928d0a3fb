"""How Django knows this room. It loads without Wagtail, too: the sender does without it."""

from __future__ import annotations

from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "hectograph.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"

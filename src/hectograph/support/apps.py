"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "hectograph.support"
    label = "support"
    default_auto_field = "django.db.models.BigAutoField"

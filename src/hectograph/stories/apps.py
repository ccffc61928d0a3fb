"""How Django knows the room."""

from __future__ import annotations

from django.apps import AppConfig

from hectograph.stories import among


class StoriesConfig(AppConfig):
    name = "hectograph.stories"
    label = "stories"
    verbose_name = "Stories"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        among.register()

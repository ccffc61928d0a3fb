"""How Django knows the room."""

from __future__ import annotations

from django.apps import AppConfig

from hectograph.newsroom import checks, wiring


class NewsroomConfig(AppConfig):
    name = "hectograph.newsroom"
    label = "newsroom"
    verbose_name = "Newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register_all()
        wiring.connect()

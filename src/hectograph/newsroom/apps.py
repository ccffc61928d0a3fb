"""How Django knows the room."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string


class NewsroomConfig(AppConfig):
    name = "hectograph.newsroom"
    label = "newsroom"
    verbose_name = "Newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # By name: both need rooms that Django has not loaded yet when it reads this file.
        import_string("hectograph.newsroom.checks.register_all")()
        import_string("hectograph.newsroom.wiring.connect")()

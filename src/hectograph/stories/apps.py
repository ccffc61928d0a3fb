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
        from wagtail.models.reference_index import ReferenceIndex  # noqa: PLC0415 (records: not before they are loaded)

        among.register()
        # The admin does so, too; an import writes bylines with pictures without ever loading the admin.
        ReferenceIndex.register_model(self.get_model("Byline"))

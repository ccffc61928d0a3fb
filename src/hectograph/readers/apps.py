"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "hectograph.readers"
    label = "readers"

"""Settings of a process that knows money alone: the sender's, with the room of support."""

from __future__ import annotations

from hectograph.newsroom.sender_settings import *  # noqa: F403
from hectograph.newsroom.sender_settings import INSTALLED_APPS as _SENDERS

INSTALLED_APPS = [*_SENDERS, "hectograph.support.apps.SupportConfig"]

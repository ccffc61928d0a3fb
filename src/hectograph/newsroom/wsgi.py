"""The admin's WSGI application."""

from __future__ import annotations

import os

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from hectograph.desk import orphans

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hectograph.newsroom.settings")
application = get_wsgi_application()


def worker() -> WSGIHandler:
    """The application, in a process of granian's, which ends with granian's first one."""
    orphans.end_with_starter()
    return application

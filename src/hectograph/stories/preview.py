"""Preview is the press's own page. The room may not import the press, so it is handed a renderer at start."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

Render = Callable[[Page, HttpRequest], HttpResponse]
_renderers: list[Render] = []


def use(render: Render) -> None:
    """`newsroom.wiring` calls this once: `render` turns an unsaved page into what readers would get."""
    _renderers[:] = [render]


def respond(page: Page, request: HttpRequest) -> HttpResponse:
    return _renderers[0](page, request)

"""A language without its front page is off the site: one press too many must not take it away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.models import Page

from hectograph.stories.home import Home
from hectograph.stories.home_form import STAYS

_TAKES_AWAY = ("delete", "unpublish", "move")


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def refuse(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refusal(request, [page])


@hooks.register("before_bulk_action")
def refuse_many(request: HttpRequest, action: str, pages: Iterable[Any], *_of_the_hook: Any) -> HttpResponse | None:
    return _refusal(request, pages) if action in _TAKES_AWAY else None


def _refusal(request: HttpRequest, pages: Iterable[Any]) -> HttpResponse | None:
    fronts = Home.objects.filter(pk__in=[page.pk for page in pages if isinstance(page, Page)])
    if (front := fronts.first()) is None:
        return None
    messages.error(request, STAYS)
    return redirect("wagtailadmin_pages:edit", front.pk)

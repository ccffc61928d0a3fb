"""The admin's page about readers: how many, how they come and go. Addresses are not shown: none can be read here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse_lazy
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from hectograph.readers.board import board, by_newsletter
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.returns_board import returns


def readers(request: HttpRequest) -> HttpResponse:
    desks = DeskRow.objects.order_by("address")
    now = timezone.now()
    found = board(now)
    names = [(code, settings.LANGUAGE_NAMES.get(code, code), count) for code, count in found.languages]
    shown = {"board": found, "desks": desks, "newsletters": by_newsletter(), "returns": returns(now)}
    return render(request, "newsroom/readers.html", {**shown, "languages": names})


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [path("newsroom/readers/", readers, name="newsroom_readers")]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return MenuItem("Readers", reverse_lazy("newsroom_readers"), icon_name="mail", order=350)

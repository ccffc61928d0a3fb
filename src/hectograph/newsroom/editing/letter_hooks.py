"""Where letters stand in the admin: menu, addresses, log."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse_lazy
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from hectograph.newsroom.editing import letter_acts as acts
from hectograph.newsroom.editing import letter_reminder  # noqa: F401 (registers its own)
from hectograph.newsroom.editing import letter_views as views


class LettersItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("letters.change_edition")


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    one = "letters/<int:pk>/"
    spoken = f"{one}<slug:language>/"
    return [
        path("letters/", views.index, name="letters"),
        path("letters/new/", views.begin, name="letters_new"),
        path(f"{one}send/", acts.send, name="letters_send"),
        path(f"{one}give-up/", acts.give_up, name="letters_give_up"),
        path(f"{one}progress/", acts.progress, name="letters_progress"),
        path(f"{one}control/", acts.control, name="letters_control"),
        path(f"{one}mend/", acts.mend, name="letters_mend"),
        path(spoken, views.compose, name="letters_compose"),
        path(f"{spoken}preview/", views.preview, name="letters_preview"),
        path(f"{spoken}show/<slug:mode>/", views.show, name="letters_show"),
        path(f"{spoken}test/", acts.trial, name="letters_trial"),
        path(f"{spoken}approve/", acts.approve, name="letters_approve"),
        path(f"{spoken}withdraw/", acts.withdraw, name="letters_withdraw"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return LettersItem("Letters", reverse_lazy("letters"), icon_name="doc-full-inverse", order=340)


@hooks.register("insert_global_admin_css")
def look() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/letters.css"))


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("hectograph.letter", "Letter", "Something was done with a letter")

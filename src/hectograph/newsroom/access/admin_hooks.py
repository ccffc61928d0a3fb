"""What access adds to Wagtail's admin: the page of sessions, its place in the menu, and how widgets start."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from hectograph.newsroom.access import own_pages


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("newsroom/sessions/", own_pages.own_sessions, name="newsroom_sessions"),
        path("newsroom/here/", own_pages.still_here, name="newsroom_here"),
    ]


@hooks.register("register_settings_menu_item")
def sessions_item() -> MenuItem:
    return MenuItem("Your sessions", reverse_lazy("newsroom_sessions"), icon_name="user", order=1000)


@hooks.register("register_settings_menu_item")
def factors_item() -> MenuItem:
    return MenuItem("Passkeys and codes", reverse_lazy("mfa_index"), icon_name="key", order=1001)


@hooks.register("register_account_menu_item")
def sessions_of_account(request: HttpRequest) -> dict[str, Any]:
    return {"url": reverse("newsroom_sessions"), "label": "Your sessions", "help_text": "Where you are signed in."}


@hooks.register("register_account_menu_item")
def factors_of_account(request: HttpRequest) -> dict[str, Any]:
    words = "What signs you in beside your password, or instead of it."
    return {"url": reverse("mfa_index"), "label": "Passkeys and codes", "help_text": words}


@hooks.register("register_account_menu_item")
def password_of_account(request: HttpRequest) -> dict[str, Any]:
    words = "All your other sessions end when you change it."
    return {"url": reverse("account_change_password"), "label": "Password", "help_text": words}


@hooks.register("insert_global_admin_css")
def look() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/admin.css"))


@hooks.register("insert_global_admin_js")
def starts() -> str:
    scripts = '<script src="{}"></script><script src="{}" data-here="{}"></script>'
    return format_html(scripts, static("newsroom/start.js"), static("newsroom/session.js"), reverse("newsroom_here"))

"""The admin's content security policy and its kin: nothing from elsewhere, nothing to elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hectograph.newsroom.access.starts import without_inline_scripts

# No inline script runs anywhere. Wagtail's editor writes styles of its own into the page, so those are allowed.
_ADMIN = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
# The press's own page, inside the editor's frame: its one stylesheet is inline, and no script of it runs.
_PREVIEW = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_PREVIEWS = {
    "preview_on_add",
    "preview_on_edit",
    "view_draft",
    "revisions_view",
    "workflow_preview",
    "letters_show",
    "newsroom_appeal_site",
}
_HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class PolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_preview = bool(request.resolver_match and request.resolver_match.url_name in _PREVIEWS)
        response.headers.setdefault("Content-Security-Policy", _PREVIEW if is_preview else _ADMIN)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if not is_preview and request.path_info.startswith("/admin/") and _is_page(response):
            _rewrite(response)
        return response


def _is_page(response: HttpResponse) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")


def _rewrite(response: HttpResponse) -> None:
    response.content = without_inline_scripts(response.content.decode(response.charset)).encode(response.charset)
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))

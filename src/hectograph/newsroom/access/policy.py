"""The admin's content security policy and its kin: nothing from elsewhere, nothing to elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Wagtail's editor sets style attributes: inline styles are the least it works with.
_ADMIN = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; connect-src 'self'"
)
# Its forms and filters start date pickers and inline panels by scripts in the page, which carry no nonce (Wagtail 8.0);
# so does the page that asks for a passkey. Everywhere else inline scripts don't run.
_FORMS = ("/edit/", "/add/", "/create/", "/settings/", "/accounts/", "/admin/pages/", "/admin/stories/", "/reports/")
_HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class PolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        scripts = " 'unsafe-inline'" if any(part in request.path for part in _FORMS) else ""
        response.headers.setdefault("Content-Security-Policy", _ADMIN.format(scripts=scripts))
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

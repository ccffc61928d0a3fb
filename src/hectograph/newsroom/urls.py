"""The admin's addresses. Nothing here is for readers: they read files."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from hectograph.newsroom.access.own_pages import QuietAccountView
from hectograph.newsroom.editing import views

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/account/", require_admin_access(QuietAccountView.as_view())),
    path("admin/api/main/pages/<int:pk>/action/<str:act>/", views.no_act),  # past all that a screen asks and refuses
    path("admin/", include(wagtailadmin_urls)),
    path("media/<path:path>", views.media),
    path("", RedirectView.as_view(pattern_name="wagtailadmin_home")),
]

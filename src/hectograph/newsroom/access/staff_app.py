"""How Django knows Wagtail's users app here: with our forms for accounts."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class StaffAppConfig(WagtailUsersAppConfig):
    user_viewset = "hectograph.newsroom.access.staff_forms.StaffViewSet"

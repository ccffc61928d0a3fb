"""Where something is used, for the page that asks before it is deleted."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django import template
from wagtail.admin.admin_url_finder import AdminURLFinder

register = template.Library()
_MOST = 20


@register.simple_tag(takes_context=True)
def first_uses(context: dict[str, Any], usage: Any) -> list[tuple[str, str]]:
    """The first of the pages and rows of `usage` (a ReferenceGroups): title, and where it is edited ('' for none)."""
    finder = AdminURLFinder(context["request"].user)
    return [(str(row), finder.get_edit_url(row) or "") for row, _ in islice(iter(usage or ()), _MOST)]

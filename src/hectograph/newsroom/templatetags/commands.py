"""Commands in what the newsroom is told, set off as such."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_QUOTED = re.compile(r"`([^`]+)`")


@register.filter
def commands(text: str) -> SafeString:
    """`text`, escaped, with what stands between backticks as code."""
    return mark_safe(_QUOTED.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 (escaped)

"""Wagtail 8.0 starts some widgets by scripts in the page, which would have to be allowed together with an attacker's.

They all have one of two shapes: a call with plain data, or a panel with its options. Those become elements that say the
same as data; `newsroom/start.js` calls what they name. Any other inline script stays as it is, and doesn't run.
"""

from __future__ import annotations

import json
import re

from django.utils.html import format_html

_CALL = re.compile(r"<script>\s*(new )?([A-Za-z][\w.]*)\(([^<]*)\);?\s*</script>")
_PANEL = re.compile(
    r"<script>\s*\(function\(\) \{\s*var panel = new (InlinePanel|MultipleChooserPanel)"
    r'\(JSON\.parse\("([^"<]*)"\)\);\s*\}\)\(\);\s*</script>'
)
# What the page's own data may name: Wagtail's choosers and pickers, nothing with a wider reach. start.js asks the same.
_NAMED = re.compile(r"(?:\w+\.)*\w*(?:Chooser|Panel)")


def without_inline_scripts(html: str) -> str:
    """`html` with every known start as an element. What is not known is left to the policy, which refuses it."""
    if "<script>" not in html:
        return html
    return _CALL.sub(_call, _PANEL.sub(_panel, html))


def _call(found: re.Match[str]) -> str:
    new, name, written = found.groups()
    arguments = _data(f"[{written}]")
    if arguments is None or not _NAMED.fullmatch(name):
        return found[0]
    return _element(name, arguments, is_new=bool(new))


def _panel(found: re.Match[str]) -> str:
    options = _data(f'"{found[2]}"')
    arguments = _data(f"[{options}]") if isinstance(options, str) else None
    return found[0] if arguments is None else _element(found[1], arguments, is_new=True)


def _data(text: str) -> object | None:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _element(name: str, arguments: object, *, is_new: bool) -> str:
    return format_html(
        '<newsroom-start hidden data-name="{}" data-new="{}" data-arguments="{}"></newsroom-start>',
        name,
        "yes" if is_new else "no",
        json.dumps(arguments),
    )

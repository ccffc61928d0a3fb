"""Links in the raw blocks of a body: each is shown to whoever may turn it into a link of ours."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

_LINK = re.compile(r'<a href="([^"<>]{1,2000})">')
Turn = Callable[[str], str | None]  # address → an opening tag, or None where the link stays


def turned(value: Any, turn: Turn) -> Any:
    """`value`, raw blocks or a part of them, with its links turned."""
    if isinstance(value, str):
        return _LINK.sub(lambda link: turn(html.unescape(link[1])) or link[0], value) if "<a href" in value else value
    if isinstance(value, dict):
        return {name: turned(part, turn) for name, part in value.items()}
    return [turned(part, turn) for part in value] if isinstance(value, list) else value

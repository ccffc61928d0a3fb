"""What becomes of one body: blocks of our editor, and for the report what was changed and what is missing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Raw = dict[str, Any]
FindPhoto = Callable[[str, str], int | None]  # URL and attachment's number → our photo


@dataclass
class Converted:
    """Blocks in raw StreamField form; `changes` and `gaps` each hold a sentence once."""

    blocks: list[Raw] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def add(self, kind: str, value: Any) -> None:
        self.blocks.append({"type": kind, "value": value, "id": str(uuid.uuid4())})

    def change(self, text: str) -> None:
        if text not in self.changes:
            self.changes.append(text)

    def gap(self, text: str) -> None:
        if text not in self.gaps:
            self.gaps.append(text)

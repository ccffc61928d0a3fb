"""The room's rows, each kind in its own file."""

from __future__ import annotations

from hectograph.letters.edition import Approval, CompiledLetter, Edition

__all__ = ["Approval", "CompiledLetter", "Edition"]

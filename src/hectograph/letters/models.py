"""The room's rows, each kind in its own file."""

from __future__ import annotations

from hectograph.letters.delivery import Delivery, EditionEvent
from hectograph.letters.edition import Approval, CompiledLetter, Edition
from hectograph.letters.letter import Entry, Letter, Mend, Trial

__all__ = ["Approval", "CompiledLetter", "Delivery", "Edition", "EditionEvent", "Entry", "Letter", "Mend", "Trial"]

"""Names of hosts that lie below others."""

from __future__ import annotations

from collections.abc import Collection


def lies_below(host: str, listed: Collection[str]) -> bool:
    """Whether `host` (in ASCII, small letters) or a name that it lies below is among `listed`."""
    labels = host.split(".")
    return any(".".join(labels[place:]) in listed for place in range(len(labels)))

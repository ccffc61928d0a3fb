"""By which way small mails leave, as the settings say."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from hectograph.errors import Problem
from hectograph.newsroom.relays import providers
from hectograph.post import relay
from hectograph.post.relay import Door

_KEY = "relay"


def small_mails(keys: Path) -> Door:
    """The door for small mails; a provider's key comes from the folder `keys` or from HECTO_RELAY_KEY."""
    address = settings.HECTO_RELAY_SMALL or settings.HECTO_RELAY
    if address.startswith(providers.SCHEME):
        return providers.read(address, _key(keys / _KEY))
    found = relay.read(address)
    return lambda: relay.connect(found)


def _key(path: Path) -> str:
    if not path.exists():
        return os.environ.get("HECTO_RELAY_KEY", "").strip()
    if path.stat().st_mode & 0o077:
        raise Problem("Others on this machine can read the mail provider's key.", "chmod 600 on the file `relay`.")
    return path.read_text().strip()

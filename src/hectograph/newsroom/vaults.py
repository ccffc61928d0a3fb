"""Where the opener's keys lie, and how they are opened. The opener and the sender hold them; nobody else does."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from hectograph.errors import Problem
from hectograph.newsroom import fence
from hectograph.newsroom.opener_account import become, folder
from hectograph.readers import vault
from hectograph.readers.vault import Vault

__all__ = ["folder", "open_vault", "passphrase"]


def passphrase() -> str | None:
    """The passphrase of the keys, from the file that HECTO_PASSPHRASE_FILE names; None where they lie bare."""
    path = os.environ.get("HECTO_PASSPHRASE_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise Problem("The file with the passphrase can't be read.", "Look at HECTO_PASSPHRASE_FILE.") from error


def open_vault() -> Vault:
    """The opened vault; the process goes on as the account that may open it. At desks it goes by this installation's
    name: a copy of the keys elsewhere is another newsroom to them."""
    become()
    opened = vault.load(folder(), passphrase())
    return replace(opened, puller=fence.puller(opened.puller, folder(), settings.HECTO_HOME))

"""Taking in a contact's address and finding one again: the opener's work, since it holds the keys."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime

from hectograph.errors import Problem
from hectograph.post.message import is_plain
from hectograph.readers.contact_row import Contact
from hectograph.readers.newcomers import spoken
from hectograph.readers.vault import Vault
from hectograph.readers.watched import is_watched


class ContactRefused(Problem):
    """The address can't be kept; `reason` is `address` (no mail can be sent to it) or `watched`."""

    def __init__(self, reason: str) -> None:
        super().__init__("This address can't be kept.", "Another one may do.")
        self.reason = reason


def keep(vault: Vault, address: str, purpose: str, language: str, expires: datetime) -> str:
    """Seal `address` for `purpose` until `expires`; returns its number. ContactRefused where that may not be."""
    plain = normal(address)
    number = secrets.token_hex(16)
    Contact.objects.create(
        number=number,
        purpose=Contact.Purpose(purpose),
        index=_index(vault, plain, purpose),
        sealed=vault.close(plain.encode()),
        language=spoken(language),
        expires_at=expires,
    )
    return number


def find(vault: Vault, address: str, purpose: str) -> list[str]:
    """Numbers of the contacts of `purpose` with this address."""
    found = Contact.objects.filter(index=_index(vault, normal(address), purpose))
    return list(found.order_by("pk").values_list("number", flat=True))


def normal(address: str) -> str:
    """The address as it is kept; ContactRefused where no mail can or may be sent to it."""
    local, _, domain = address.strip().rpartition("@")
    plain = f"{local}@{domain.lower()}"
    if not is_plain(plain):
        raise ContactRefused("address")
    if is_watched(plain):
        raise ContactRefused("watched")
    return plain


def _index(vault: Vault, address: str, purpose: str) -> str:
    key = hmac.new(vault.blind, f"hectograph contact {purpose}".encode(), hashlib.sha256).digest()
    plain = unicodedata.normalize("NFC", address).casefold()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()

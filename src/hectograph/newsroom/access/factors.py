"""Second factors as they are kept: sealed with a key that is not in the database."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

from hectograph.newsroom.environment import secret
from hectograph.newsroom.staff import Staff


class SealedFactors(DefaultMFAAdapter):
    """TOTP secrets and seeds of recovery codes are of no use to whoever has the database without HECTO_KEYS."""

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Staff) -> str:
        return user.get_username()

    def get_public_key_credential_user_entity(self, user: Staff) -> dict[str, object]:
        """What a passkey shows of the account: the name that the person chose, never an e-mail address."""
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.get_username(), "display_name": user.get_username()}


def _seal() -> Fernet:
    key = secret(settings.HECTO_KEYS, "second-factors")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))

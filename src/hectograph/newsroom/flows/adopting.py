"""A restored newsroom takes the place of the one that is gone: each desk is told whom to let in from now on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hectograph.desk import pulling
from hectograph.newsroom.flows import desk_calls
from hectograph.newsroom.flows.desk_calls import Ask, DeskProblem
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.vault import Vault

_BEHIND_ALL = 2**53  # asks for nothing: what lies at the desk is fetched in the ordinary way


def adopt(vault: Vault, now: datetime, *, ask: Ask = desk_calls.http) -> Iterator[tuple[str, str]]:
    """Each desk's address, and what is in the way there: empty where it lets this copy in."""
    for row in DeskRow.objects.order_by("pk"):
        try:
            _adopt(vault, row, now, ask)
        except DeskProblem as problem:
            yield row.address, str(problem)
        else:
            yield row.address, ""


def _adopt(vault: Vault, row: DeskRow, now: datetime, ask: Ask) -> None:
    nonce = secrets.token_hex(16)
    words = {"nonce": nonce, "puller": vault.puller, "after": _BEHIND_ALL, "done": 0, "life": row.life}
    body = json.dumps({**words, **row.marks(), "at": int(now.timestamp()), "adopt": True}).encode()
    reply, signature = ask(f"{row.address.rstrip('/')}/pull", body, vault.caller.sign(pulling.ASKS + body).hex())
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.public))
        answer = pulling.check_answer(public, reply, signature, nonce)
    except (ValueError, TypeError, AttributeError) as error:
        raise DeskProblem("The desk's answer is not its own.", "It may be replaced: look at its host.") from error
    row.follow(str(answer.get("mark", "")))
    row.save(update_fields=["mark", "next_mark"])

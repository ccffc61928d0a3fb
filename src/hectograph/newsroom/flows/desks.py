"""Setting desks up: what a desk's one file holds, its pages, and keys that change."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from hectograph.newsroom.flows import desk_support, support_intake, watched_hosts
from hectograph.press import desk_pages, pay_pages
from hectograph.readers import holding, resealing, returning
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.intake_state import Held
from hectograph.readers.vault import KeyProblem, Vault
from hectograph.sealing import envelope
from hectograph.sealing.envelope import INTAKE, STORE
from hectograph.stories.feed.site import site
from hectograph.stories.site_words import SiteRecord

HERE = "127.0.0.1:8090"  # where a desk is that nothing else was said of
_INTAKE_IN_USE = 2  # the current key, and the one before: a page may have been open since


def configure(
    vault: Vault,
    folder: Path,
    *,
    address: str | None = None,
    listen: str | None = None,
    second_door: str | None = None,
    checking: bool = False,
) -> Path:
    """Write a desk's file and pages into `folder`, and note the desk as one to fetch from. A desk that is there keeps
    its own key, what its operator set, and its address, where it listens and its second door where they are None. With
    `checking` it takes cards before the checks are recorded. Returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "desk.toml"
    kept = tomllib.loads(file.read_text()) if file.exists() else {}
    own = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["own"])) if kept else Ed25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw().hex()
    address = address or _address_of(public) or kept.get("address") or f"http://{HERE}"
    listen = listen or kept.get("listen", HERE)
    door = kept.get("second_door", "") if second_door is None else second_door
    table, rail = desk_support.table(checking=checking), desk_support.rail(checking=checking)
    paying = pay_pages.pages(site(), rail)  # those of reminders are among them
    for path, page in (*desk_pages.pages(site(), second_door=door), *paying):
        whole = folder / "pages" / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_bytes(page)
    file.touch(mode=0o600)
    tables = {"limits": kept["limits"]} if "limits" in kept else {}
    tables |= {"support": table} if table else {}
    own_to_it = {name: kept[name] for name in ("spool", "client_header") if name in kept}
    file.write_text(_toml(_facts(vault, own, listen) | {"address": address, "second_door": door} | own_to_it | tables))
    publish_key(vault)
    _note(address, public)
    return file


def _address_of(public: str) -> str:
    return DeskRow.objects.filter(public=public).values_list("address", flat=True).first() or ""


def _note(address: str, public: str) -> None:
    """The desk with the key `public` is fetched from at `address`. One that moved goes on where it was."""
    if moved := DeskRow.objects.filter(public=public).exclude(address=address).first():
        DeskRow.objects.filter(address=address).delete()
        moved.address = address
        moved.save(update_fields=["address"])
    DeskRow.objects.update_or_create(address=address, defaults={"public": public})


def publish_key(vault: Vault) -> None:
    """Put the current intake key on every page, for browsers to seal to. A change of it rebuilds the site."""
    key = vault.ring.current(INTAKE).public.hex()
    for record in SiteRecord.objects.exclude(intake_key=key):
        record.intake_key = key
        record.save()


def _facts(vault: Vault, own: Ed25519PrivateKey, listen: str) -> dict[str, Any]:
    in_use = [key for key in vault.ring.of(INTAKE) if key.retired is None][:_INTAKE_IN_USE]
    return {
        "listen": listen,
        "spool": "spool.sqlite3",
        "pages": "pages",
        "languages": [code for code, _ in settings.LANGUAGES],
        "intake": [key.public.hex() for key in in_use],
        "links": vault.links.public_key().public_bytes_raw().hex(),
        "newsroom": vault.caller.public_key().public_bytes_raw().hex(),
        "own": own.private_bytes_raw().hex(),
        "client_header": "",
        "returned": hashlib.sha256(returning.door(vault).encode()).hexdigest(),
        "watched_hosts": settings.HECTO_WATCHED_HOSTS,
        "refuse_watched": settings.HECTO_REFUSE_WATCHED,
        "unmailed_hosts": sorted(watched_hosts.listed()),
        "reminders": True,
    }


def _toml(facts: dict[str, Any]) -> str:
    def written(value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float):
            return repr(value)
        if isinstance(value, list):
            return "[" + ", ".join(written(item) for item in value) + "]"
        return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'

    tables = {name: table for name, table in facts.items() if isinstance(table, dict)}
    lines = [f"{name} = {written(value)}\n" for name, value in facts.items() if name not in tables]
    for name, table in tables.items():
        lines += [f"[{name}]\n", *(f"{key} = {written(value)}\n" for key, value in table.items())]
    return "".join(lines)


def rotate(vault: Vault, now: datetime) -> bytes:
    """Make a new intake key and retire all but it and the one before; returns the new key's id."""
    new = vault.ring.add(INTAKE, now)
    for key in vault.ring.of(INTAKE)[_INTAKE_IN_USE:]:
        if key.retired is None:
            vault.ring.retire(key, now)
    publish_key(vault)
    return new.id


def rotate_store(vault: Vault, now: datetime) -> bytes:
    """Make a new store key; returns its id. The opener seals rows to it from now on, and the old ones bit by bit."""
    return vault.ring.add(STORE, now).id


def retire_store(vault: Vault, now: datetime, *, destroy: bool) -> list[str]:
    """Retire store keys that no row is under any more; with `destroy` none of them ever opens anything again. Returns
    their ids."""
    old = vault.ring.of(STORE)[1:]
    busy = sum(resealing.under(key.id) for key in old)
    if busy:
        raise KeyProblem(
            f"{busy} rows are still sealed to an older store key.",
            "The opener moves them bit by bit: keep `hecto work --opener` running, and look at `hecto keys check`.",
        )
    for key in old:
        if key.retired is None:
            vault.ring.retire(key, now)
        if destroy:
            vault.ring.destroy(key)
    return [key.id.hex() for key in old]


def check(vault: Vault, now: datetime) -> dict[str, int]:
    """Counts: keys that open, sealed rows whose key is missing, held envelopes, age of the intake key, rows that are
    not yet as the newest store key locks them, older store keys that nothing needs. What was held for want of a key
    that is back is taken in."""
    holding.take_held(vault, now, others=support_intake.kept())
    current = vault.ring.current(STORE)
    under = Counter(
        envelope.read_key_id(bytes(sealed or b""))
        for table in resealing.TABLES
        for sealed in table.objects.exclude(sealed=None).values_list("sealed", flat=True).iterator()
    )
    spent = [key for key in vault.ring.of(STORE) if key.id != current.id and not under[key.id]]
    return {
        "keys": len(vault.ring.keys),
        "unopenable": sum(count for key, count in under.items() if key not in vault.ring.keys),
        "held": Held.objects.count(),
        "intake_age_days": (now - vault.ring.current(INTAKE).made).days,
        "to_reseal": resealing.left(vault),
        "spent_store_keys": len(spent),
    }

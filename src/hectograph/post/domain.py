"""Whether a sending domain is set up so that mailbox providers believe it: SPF, DKIM, DMARC, PTR, MX, and a few hints.

resolver → one finding a record, each with what to put in DNS

Pure but for the resolver and the look at the relay's certificate, which are handed in. Large providers refuse bulk mail
whose SPF or DKIM does not pass aligned with the sender (RFC 7489 §3.1), or that comes from an address without a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

LOOKUPS = 10  # RFC 7208 §4.6.4: more is a permanent error
_SHORT_KEY = 200  # characters of base64: about 1024 bits


class NoAnswer(Exception):
    """The resolver got no answer: nothing is known, which is not the same as that there is nothing."""


class Resolver(Protocol):
    """Asks DNS. An empty list says that there is no such record; NoAnswer, that nobody knows."""

    def __call__(self, name: str, kind: str) -> list[str]: ...


@dataclass(frozen=True)
class Sending:
    """What is looked at. `relay_hosts` are the names that mail leaves from; `from_domain` is that of the From line."""

    from_domain: str
    bounce_domain: str = ""
    selector: str = ""
    relay_hosts: tuple[str, ...] = ()

    @property
    def path_domain(self) -> str:
        return self.bounce_domain or self.from_domain


@dataclass(frozen=True)
class Record:
    """`what` was looked at and how it stands, in words; `remedy` says what to put where. `ok` None is a hint."""

    name: str
    ok: bool | None
    what: str
    remedy: str = ""


def examine(sending: Sending, ask: Resolver) -> list[Record]:
    """One finding a record, in the order in which they are best mended. A look that gets no answer is a finding."""
    looks: tuple[Callable[[Sending, Resolver], Record], ...] = (_mx, _spf, _dkim, _dmarc, _ptr, _mta_sts, _tls_rpt)
    found = []
    for look in looks:
        name = look.__name__.strip("_").replace("_", "-").upper()
        try:
            found.append(look(sending, ask))
        except NoAnswer:
            found.append(
                Record(name, None, "DNS gave no answer.", "Look at this machine's resolver, and run it again.")
            )
    return found


def _text(ask: Resolver, name: str, start: str) -> list[str]:
    return [text for text in ask(name, "TXT") if text.lower().replace(" ", "").startswith(start)]


# --- the records ------------------------------------------------------------------------------------------------------


def _mx(sending: Sending, ask: Resolver) -> Record:
    domain = sending.path_domain
    if hosts := ask(domain, "MX"):
        if [host.split()[-1].strip(".") for host in hosts] == [""]:
            return Record(
                "MX", False, f"{domain} says that it takes no mail.", f"Put there: {domain}. MX 10 your.mail.host."
            )
        return Record("MX", True, f"Mail for {domain} goes to {_names(hosts)}.")
    words = f"Nobody takes mail for {domain}: what comes back is lost, and providers distrust such a sender."
    return Record("MX", False, words, f"Put there: {domain}. MX 10 your.mail.host.")


def _names(hosts: list[str]) -> str:
    return ", ".join(sorted(host.split()[-1].rstrip(".") for host in hosts)[:3])


def _spf(sending: Sending, ask: Resolver) -> Record:
    domain = sending.path_domain
    sources = " ".join(f"a:{host}" for host in sending.relay_hosts) or "ip4:your.relay's.address"
    wanted = f'Put there: {domain}. TXT "v=spf1 {sources} -all"'
    found = _text(ask, domain, "v=spf1")
    if not found:
        return Record("SPF", False, f"{domain} has no SPF record.", wanted)
    if len(found) > 1:
        return Record("SPF", False, f"{domain} has {len(found)} SPF records; only one may stand.", wanted)
    words = found[0].lower().split()
    if "+all" in words or "all" in words:
        return Record("SPF", False, "SPF lets the whole world send as you (+all).", f"End it with -all. {wanted}")
    if (lookups := _lookups(found[0], ask, 0)) > LOOKUPS:
        return Record("SPF", False, f"SPF asks for more than {LOOKUPS} look-ups ({lookups}); it then fails.", wanted)
    if not any(word.endswith("all") or word.startswith("redirect=") for word in words):
        return Record("SPF", False, "SPF does not say what becomes of the rest.", f"End it with -all. {wanted}")
    return Record("SPF", True, f"{domain} says who may send for it ({words[-1]}).")


def _lookups(record: str, ask: Resolver, depth: int) -> int:
    """How many look-ups a check of `record` takes, includes among them."""
    if depth > LOOKUPS:  # it includes itself
        return LOOKUPS + 1
    count = 0
    for word in record.lower().split()[1:]:
        kind = re.split(r"[:=/]", word.lstrip("+-~?"))[0]
        if kind in ("a", "mx", "ptr", "exists", "include", "redirect"):
            count += 1
        if kind in ("include", "redirect") and count <= LOOKUPS:
            inner = _text(ask, re.split(r"[:=]", word, maxsplit=1)[-1], "v=spf1")
            count += _lookups(inner[0], ask, depth + 1) if inner else 0
    return count


def _dkim(sending: Sending, ask: Resolver) -> Record:
    if not sending.selector:
        words = "Set HECTO_DKIM_SELECTOR to the selector that the relay signs with (it is `s=` in DKIM-Signature)."
        return Record("DKIM", None, "The selector is not known here, so DKIM was not looked at.", words)
    name = f"{sending.selector}._domainkey.{sending.from_domain}"
    wanted = f'Put there: {name}. TXT "v=DKIM1; k=rsa; p=…", the public key that your relay shows you.'
    found = [text for text in ask(name, "TXT") if "p=" in text.replace(" ", "")]
    if not found:
        return Record("DKIM", False, f"There is no key at {name}.", wanted)
    tags = _tags(found[0])
    key = re.sub(r"\s", "", tags.get("p", ""))
    if not key:
        return Record("DKIM", False, f"The key at {name} is revoked (p= is empty).", wanted)
    if tags.get("k", "rsa") == "rsa" and len(key) < _SHORT_KEY:
        return Record("DKIM", False, "The DKIM key is too short to be believed.", f"Make one of 2048 bits. {wanted}")
    if "y" in tags.get("t", "").split(":"):
        return Record(
            "DKIM", False, "The DKIM key says that it is only for testing (t=y).", "Take t=y out of the record."
        )
    return Record("DKIM", True, f"The key at {name} stands. Whether the relay signs with it, a test mail shows.")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _dmarc(sending: Sending, ask: Resolver) -> Record:
    domain = sending.from_domain
    own, parent = _text(ask, f"_dmarc.{domain}", "v=dmarc1"), _parent(domain)
    found = own or (_text(ask, f"_dmarc.{parent}", "v=dmarc1") if parent else [])
    wanted = f'Put there: _dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"; later p=quarantine.'
    if not found:
        return Record(
            "DMARC", False, f"{domain} has no DMARC record: large providers refuse bulk mail without one.", wanted
        )
    if len(found) > 1:
        return Record("DMARC", False, "There are two DMARC records; then neither counts.", wanted)
    tags = _tags(found[0])
    if tags.get("p", "").lower() not in ("none", "quarantine", "reject"):
        return Record("DMARC", False, "The DMARC record names no policy.", wanted)
    if not _aligned(sending, tags):
        words = f"Returned mail goes to {sending.path_domain}, which is not {domain}: SPF can't speak for the sender."
        return Record("DMARC", None, words, f"Use a domain below {domain} for it, or rely on DKIM alone.")
    return Record("DMARC", True, f"{domain} asks for DMARC ({tags['p'].lower()}), and SPF is aligned with the sender.")


def _aligned(sending: Sending, tags: dict[str, str]) -> bool:
    """RFC 7489 §3.1.2. Without a list of public suffixes, one domain must be the other's own or stand below it."""
    path, own = sending.path_domain.lower(), sending.from_domain.lower()
    if tags.get("aspf", "r").lower() == "s":
        return path == own
    above = _parent(own) or own
    return path == own or path.endswith(f".{own}") or own.endswith(f".{path}") or path.endswith(f".{above}")


def _parent(domain: str) -> str:
    """The domain above, where it still has two labels; empty otherwise."""
    above = domain.partition(".")[2]
    return above if "." in above else ""


def _ptr(sending: Sending, ask: Resolver) -> Record:
    if not sending.relay_hosts:
        return Record("PTR", None, "The relay is on this machine or not named, so its address was not looked at.")
    for host in sending.relay_hosts:
        addresses = [*ask(host, "A"), *ask(host, "AAAA")]
        if not addresses:
            return Record("PTR", False, f"The relay's name {host} leads to no address.", f"Put there: {host}. A …")
        for address in addresses:
            names = [name.rstrip(".") for name in ask(address, "PTR")]
            if not names:
                words = f"Ask who rents you the relay's address to name it: PTR {host}."
                return Record("PTR", False, f"{address} has no name (PTR).", words)
            if not any(address in [*ask(name, "A"), *ask(name, "AAAA")] for name in names):
                words = f"Put there: {names[0]}. A {address}, or have the PTR changed to {host}."
                return Record("PTR", False, f"{address} is named {names[0]}, which does not lead back to it.", words)
    return Record("PTR", True, "The relay's addresses have names that lead back to them.")


def _mta_sts(sending: Sending, ask: Resolver) -> Record:
    domain = sending.path_domain
    if _text(ask, f"_mta-sts.{domain}", "v=stsv1"):
        return Record("MTA-STS", True, f"{domain} asks for TLS on mail that comes to it (MTA-STS).")
    words = f'If you like: _mta-sts.{domain}. TXT "v=STSv1; id=1", and the policy file on https://mta-sts.{domain}.'
    return Record("MTA-STS", None, "Nothing asks for TLS on mail that comes to you. That is no fault.", words)


def _tls_rpt(sending: Sending, ask: Resolver) -> Record:
    domain = sending.path_domain
    if _text(ask, f"_smtp._tls.{domain}", "v=tlsrptv1"):
        return Record("TLS-RPT", True, f"Others report to {domain} when TLS with it fails.")
    words = f'If you like: _smtp._tls.{domain}. TXT "v=TLSRPTv1; rua=mailto:tls@{domain}".'
    return Record("TLS-RPT", None, "Nobody tells you when TLS with you fails. That is no fault.", words)

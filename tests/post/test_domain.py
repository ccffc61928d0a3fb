"""The sending domain's records: what is missing or wrong is named, with what to put there. No test asks a network."""

import ast
import ssl
from pathlib import Path

import pytest

from hectograph.post import domain, name_lookups, relay
from hectograph.post.domain import NoAnswer, Record, Sending

KEY = "v=DKIM1; k=rsa; p=" + "A" * 392
GOOD = {
    ("bounce.courier.example", "MX"): ["10 mx.courier.example."],
    ("bounce.courier.example", "TXT"): ["v=spf1 a:relay.courier.example -all"],
    ("s1._domainkey.courier.example", "TXT"): [KEY],
    ("_dmarc.courier.example", "TXT"): ["v=DMARC1; p=quarantine; rua=mailto:d@courier.example"],
    ("relay.courier.example", "A"): ["192.0.2.25"],
    ("192.0.2.25", "PTR"): ["relay.courier.example."],
}
SENDING = Sending("courier.example", "bounce.courier.example", "s1", ("relay.courier.example",))


def look(*, sending: Sending = SENDING, **changed: list[str]) -> dict[str, Record]:
    """The findings with some records changed: `spf`, `dkim`, `dmarc`, `mx`, `ptr`, `a`."""
    names = dict(zip(("mx", "spf", "dkim", "dmarc", "a", "ptr"), GOOD, strict=True))
    zone = GOOD | {names[name]: value for name, value in changed.items()}
    return {row.name: row for row in domain.examine(sending, lambda name, kind: zone.get((name, kind), []))}


def test_a_domain_that_is_set_up_has_nothing_bad() -> None:
    found = look()
    assert [row.name for row in found.values() if row.ok is False] == []
    assert all(found[name].ok for name in ("MX", "SPF", "DKIM", "DMARC", "PTR"))
    assert found["MTA-STS"].ok is found["TLS-RPT"].ok is None


def test_an_empty_zone_is_told_what_to_put_where() -> None:
    found = {row.name: row for row in domain.examine(SENDING, lambda name, kind: [])}
    assert 'bounce.courier.example. TXT "v=spf1 a:relay.courier.example -all"' in found["SPF"].remedy
    assert "s1._domainkey.courier.example. TXT" in found["DKIM"].remedy
    assert '_dmarc.courier.example. TXT "v=DMARC1; p=none' in found["DMARC"].remedy
    assert "bounce.courier.example. MX 10" in found["MX"].remedy


@pytest.mark.parametrize(
    ("name", "changed", "words"),
    [
        ("SPF", {"spf": ["v=spf1 +all"]}, "whole world"),
        ("SPF", {"spf": ["v=spf1 -all", "v=spf1 mx -all"]}, "2 SPF records"),
        ("SPF", {"spf": ["v=spf1 mx"]}, "the rest"),
        ("SPF", {"spf": ["v=spf1 " + "a:x.example " * 11 + "-all"]}, "look-ups"),
        ("SPF", {"spf": ["v=spf1 include:bounce.courier.example -all"]}, "look-ups"),
        ("DKIM", {"dkim": ["v=DKIM1; p="]}, "revoked"),
        ("DKIM", {"dkim": ["v=DKIM1; p=AAAA"]}, "too short"),
        ("DKIM", {"dkim": [KEY + "; t=y"]}, "testing"),
        ("DMARC", {"dmarc": ["v=DMARC1; rua=mailto:d@courier.example"]}, "no policy"),
        ("DMARC", {"dmarc": ["v=DMARC1; p=none", "v=DMARC1; p=none"]}, "two"),
        ("MX", {"mx": ["0 ."]}, "takes no mail"),
        ("PTR", {"ptr": []}, "no name"),
        ("PTR", {"ptr": ["other.example."]}, "does not lead back"),
        ("PTR", {"a": []}, "no address"),
    ],
)
def test_what_is_wrong_is_named(name: str, changed: dict[str, list[str]], words: str) -> None:
    row = look(**changed)[name]
    assert row.ok is False
    assert words in row.what
    assert row.remedy


def test_a_return_path_on_another_domain_is_said_not_to_be_aligned() -> None:
    row = look(sending=Sending("courier.example", "bounces.elsewhere.example", "s1"))["DMARC"]
    assert row.ok is None
    assert "can't speak" in row.what


def test_strict_alignment_wants_the_domain_itself() -> None:
    assert look(dmarc=["v=DMARC1; p=none; aspf=s"])["DMARC"].ok is None


def test_the_policy_of_the_domain_above_counts() -> None:
    zone = {("_dmarc.courier.example", "TXT"): ["v=DMARC1; p=reject"]}
    rows = domain.examine(Sending("mail.courier.example"), lambda name, kind: zone.get((name, kind), []))
    assert next(row for row in rows if row.name == "DMARC").ok


def test_a_resolver_that_does_not_answer_is_no_proof_of_absence() -> None:
    def silent(name: str, kind: str) -> list[str]:
        raise NoAnswer

    assert {row.ok for row in domain.examine(SENDING, silent)} == {None}


def test_a_short_ed25519_key_is_long_enough() -> None:
    assert look(dkim=["v=DKIM1; k=ed25519; p=" + "A" * 44])["DKIM"].ok


@pytest.mark.parametrize(
    ("error", "ok"),
    [
        (ssl.SSLCertVerificationError("no"), False),
        (ssl.SSLError("no"), False),
        (ConnectionRefusedError(), None),
        (TimeoutError(), None),
    ],
)
def test_the_relays_tls_is_looked_at(monkeypatch: pytest.MonkeyPatch, error: Exception, ok: bool | None) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(name_lookups.smtplib, "SMTP_SSL", refuse)
    assert name_lookups.relay_tls(relay.Relay("relay.example", 465, "tls")).ok is ok


def test_a_relay_on_this_machine_is_not_asked() -> None:
    assert name_lookups.relay_tls(relay.Relay("127.0.0.1", 1, "none")).ok


def test_only_the_doctor_and_who_looks_for_watched_hosts_ask_the_network_for_names() -> None:
    source = Path(domain.__file__).parents[1]
    asking = []
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and "name_lookups" in [name.name for name in node.names]:
                asking.append(path.name)
    assert sorted(asking) == ["doctor_command.py", "mail_hosts.py"]

"""No mail about money to a host that a state can read: by the newest policy, and by who takes a domain's mail (D9)."""

from argparse import Namespace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from hectograph.errors import Problem
from hectograph.newsroom.command import support_command
from hectograph.newsroom.flows import protect, watched_hosts
from hectograph.newsroom.flows.till import Till
from hectograph.payments.policy import WATCHED, Policy
from hectograph.post.mail_hosts import MailHosts
from hectograph.post.message import MessageProblem
from hectograph.readers import contact, contact_mail
from hectograph.readers import vault as vaults
from hectograph.readers.contact import ContactRefused
from hectograph.readers.contact_row import Contact
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.small_mail import House
from hectograph.readers.vault import Vault
from hectograph.support import policy_row
from hectograph.support.operator_action import OperatorAction
from hectograph.support.policy_row import PolicyRow
from tests.newsroom.giving import START

pytestmark = pytest.mark.django_db
MX = {
    "paper.example": ["10 mx.yandex.net."],
    "club.example": ["10 emx.mail.ru."],
    "shop.example": ["10 mx.shop.example.", "20 mxs.mail.ru."],
    "school.example": ["5 relay.mail.by."],
    "free.example": ["10 mx.free.example."],
}


@pytest.fixture
def opened(tmp_path: Path) -> Vault:
    return vaults.make(tmp_path / "opener", START)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, list[str]]:
    """What the DNS says; a newsroom that asks it."""
    settings.HECTO_LOOK_UP_MX = True
    said = dict(MX)
    monkeypatch.setattr(watched_hosts, "_KNOWN", MailHosts(lambda name, kind: said.get(name, [])))
    return said


def keep(opened: Vault, domain: str, purpose: str = "plan") -> str:
    """As it goes when an envelope comes: who takes the domain's mail is found out before."""
    watched_hosts.find_out([{"kind": "remind", "address": f"giver@{domain}"}])
    return contact.keep(opened, f"giver@{domain}", purpose, "en", START + timedelta(days=30))


@pytest.mark.parametrize("purpose", ["plan", "reminder"])
@pytest.mark.parametrize("domain", sorted(set(MX) - {"free.example"}))
def test_a_domain_whose_mail_a_watched_host_takes_is_watched(
    opened: Vault, names: object, domain: str, purpose: str
) -> None:
    with pytest.raises(ContactRefused) as refused:
        keep(opened, domain, purpose)
    assert refused.value.reason == "watched"
    assert not Contact.objects.exists()


@pytest.mark.parametrize("domain", ["free.example", "nobody-knows.example"])
def test_another_is_not_and_so_is_one_of_which_nothing_is_known(opened: Vault, names: object, domain: str) -> None:
    assert keep(opened, domain)


def test_a_domain_that_moved_to_a_watched_host_since_gets_no_mail(opened: Vault, names: dict[str, list[str]]) -> None:
    number = keep(opened, "moves.example")
    contact_mail.write(number, "plan-ended", {}, {}, START)
    names["moves.example"] = ["10 mx.yandex.net."]
    watched_hosts._KNOWN._known.clear()
    house = House("The Courier", "https://links.example", "https://courier.example/how.html")
    with pytest.raises(MessageProblem):
        contact_mail.compose(opened, Outgoing.objects.get(), house)


def test_a_newsroom_that_does_not_look_up_asks_nobody(
    opened: Vault, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HECTO_LOOK_UP_MX = False
    monkeypatch.setattr(watched_hosts, "_KNOWN", None)
    assert keep(opened, "paper.example")


def test_a_version_holds_its_hosts_and_the_newest_counts(opened: Vault) -> None:
    policy_row.publish(Policy(0), "operator", START)
    assert keep(opened, "post.kz.example")
    policy_row.publish(Policy(0, watched=WATCHED | {"kz.example"}), "operator", START)
    with pytest.raises(ContactRefused):
        keep(opened, "post.kz.example")
    newest = policy_row.current()
    assert newest is not None
    assert newest.watched == WATCHED | {"kz.example"}


def test_a_version_of_before_hosts_were_kept_has_those_of_the_program() -> None:
    PolicyRow.objects.create(blocked=["RU"], effective_at=START, by="operator")
    found = policy_row.current()
    assert found is not None
    assert found.watched == WATCHED


def test_versions_are_still_neither_changed_nor_deleted() -> None:
    policy_row.publish(Policy(0), "operator", START)
    for act in (lambda: PolicyRow.objects.update(watched=[]), PolicyRow.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


ASKED: dict[str, Any] = {
    **{"block": None, "caution": None, "person": "ines"},
    **{"hosts": "", "drop_hosts": "", "reason": "", "list_hosts": False},
}


def policy(**asked: Any) -> Policy:
    support_command._policy(Namespace(**{**ASKED, **asked}))
    found = policy_row.current()
    assert found is not None
    return found


def test_a_host_that_was_listed_by_mistake_is_dropped_by_a_new_version_with_a_reason_that_is_kept(
    opened: Vault, capsys: pytest.CaptureFixture[str]
) -> None:
    first = policy(hosts="post.example")
    with pytest.raises(ContactRefused):
        keep(opened, "post.example")
    second = policy(drop_hosts="Post.example", reason="It is hosted in Riga")
    assert (first.watched - second.watched, second.version) == ({"post.example"}, first.version + 1)
    assert (second.blocked, second.caution) == (first.blocked, first.caution)
    assert keep(opened, "post.example")
    kept = OperatorAction.objects.get()
    assert (kept.act, kept.by, kept.about, kept.note) == ("drop hosts", "ines", "post.example", "It is hosted in Riga")
    policy(list_hosts=True)
    assert set(capsys.readouterr().out.split()) >= second.watched


@pytest.mark.parametrize(
    ("hosts", "reason"),
    [
        ("post.example", ""),
        ("post.example", " "),
        ("post.example", "ask a@b.example"),
        ("typo.example,mail.ru", "why not"),
    ],
)
def test_no_host_is_dropped_without_a_reason_or_by_a_slip_of_the_hand(hosts: str, reason: str) -> None:
    first = policy(hosts="post.example")
    with pytest.raises(Problem):
        policy(block="RU", drop_hosts=hosts, reason=reason)
    last = policy_row.current()
    assert last is not None
    assert (last.version, OperatorAction.objects.count()) == (first.version, 0)


def test_who_drops_a_host_below_a_wider_one_is_told_that_it_stays_watched(capsys: pytest.CaptureFixture[str]) -> None:
    policy(block="RU", drop_hosts="mail.ru", reason="A test")
    assert "mail.ru is still never written to" in capsys.readouterr().out


def test_protecting_adds_hosts_and_drops_none() -> None:
    policy(block="RU,BY")
    first = policy(hosts="Mail.KZ, post.example")
    assert first.watched == WATCHED | {"mail.kz", "post.example"}
    assert first.blocked == {"RU", "BY"}
    till = Till({}, now=lambda: START)
    assert protect.protect(till, "KZ", "ines", dry_run=True, hosts=frozenset(("mail.kg",))).version == first.version
    for _ in range(2):
        protect.protect(till, "KZ", "ines", hosts=frozenset(("mail.kg",)))
    last = policy_row.current()
    assert last is not None
    assert (last.watched - first.watched, last.blocked - first.blocked) == ({"mail.kg"}, {"KZ"})
    assert last.version == first.version + 1

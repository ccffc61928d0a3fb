"""No mail about money to a host that a state can read: by the newest policy, and by who takes a domain's mail (D9)."""

from argparse import Namespace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

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


def test_the_commands_add_hosts_and_drop_none(capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"block": None, "caution": None, "person": "ines"}
    support_command._policy(Namespace(**{**asked, "block": "RU,BY", "hosts": ""}))
    support_command._policy(Namespace(**asked, hosts="Mail.KZ, post.example"))
    first = policy_row.current()
    assert first is not None
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

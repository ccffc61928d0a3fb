"""Contacts: addresses kept for one purpose and a time, joined to nobody; and what is written to them."""

import re
import tomllib
from datetime import timedelta
from importlib.resources import files

import pytest

from hectograph.newsroom.flows import desks
from hectograph.readers import contact, contact_mail, contact_row, resealing
from hectograph.readers.contact import ContactRefused
from hectograph.readers.contact_mail import Link
from hectograph.readers.contact_row import Contact
from hectograph.readers.outbox import Outbox
from hectograph.readers.outbox_row import Outgoing
from hectograph.sealing.capability import Purpose
from hectograph.sealing.envelope import STORE, read_key_id
from tests.readers.conftest import ADDRESS, NOW, Readers, Relay
from tests.readers.test_outbox import text_of

SOON = NOW + timedelta(days=30)
TEXTS = files("hectograph.readers") / "texts/contacts"
MANAGE = Link(Purpose.MANAGE, "0f" * 16, 400, ("3",))


def kept(readers: Readers, purpose: str = "plan", address: str = ADDRESS) -> str:
    return contact.keep(readers.vault, address, purpose, "ru", SOON)


def test_the_same_address_has_another_index_for_each_purpose(readers: Readers) -> None:
    readers.sign_up()
    kept(readers), kept(readers, "reminder")
    indexes = [*Contact.objects.values_list("index", flat=True), readers.one().index]
    assert len(set(indexes)) == 3


def test_a_contact_is_found_by_its_address_within_its_purpose_alone(readers: Readers) -> None:
    number = kept(readers)
    assert contact.find(readers.vault, ADDRESS.upper(), "plan") == [number]
    assert contact.find(readers.vault, ADDRESS, "reminder") == []


@pytest.mark.parametrize("address", ["a@mail.ru", "a@Yandex.RU", "a@office.rambler.ru", "a@sub.tut.by"])
def test_no_contact_is_kept_on_a_host_that_a_state_reads(readers: Readers, address: str) -> None:
    with pytest.raises(ContactRefused) as refused:
        kept(readers, address=address)
    assert refused.value.reason == "watched"
    assert not Contact.objects.exists()


def test_a_host_that_is_watched_since_gets_no_mail(
    readers: Readers, post: tuple[Outbox, Relay], settings: object
) -> None:
    number = kept(readers)
    contact_mail.write(number, "plan-ended", {}, {}, NOW)
    settings.HECTO_WATCHED_HOSTS = ["example.org"]  # type: ignore[attr-defined]
    outbox, peer = post
    outbox.send_due(NOW)
    assert peer.taken == []
    assert Outgoing.objects.get().state == "rejected"


def test_a_mail_to_a_contact_leaves_with_a_signed_link(readers: Readers, post: tuple[Outbox, Relay]) -> None:
    number = kept(readers)
    assert contact_mail.write(number, "plan-failed", {}, {"manage": MANAGE}, NOW)
    outbox, peer = post
    assert outbox.send_due(NOW) == 1
    ((to, message),) = peer.taken
    found = readers.link(re.findall(r"/l/(\S+)", text_of(message))[0])
    assert to == ADDRESS
    assert found is not None
    assert (found.purpose, found.number.hex(), found.words) == (Purpose.MANAGE, "0f" * 16, ("ru", "3"))
    row = Outgoing.objects.get()
    assert (row.state, row.words, row.links) == ("accepted", {}, {})


def test_nothing_is_written_to_a_contact_that_was_forgotten(readers: Readers, post: tuple[Outbox, Relay]) -> None:
    number = kept(readers)
    contact_mail.write(number, "plan-ended", {}, {}, NOW)
    contact_row.forget(number)
    assert not contact_mail.write(number, "plan-ended", {}, {}, NOW)
    assert post[0].send_due(NOW) == 0
    assert not Outgoing.objects.exists()


def test_a_contact_goes_when_its_time_is_over(readers: Readers) -> None:
    number = kept(readers)
    assert contact_row.forget_expired(NOW) == 0
    assert contact_row.extend(number, NOW + timedelta(days=1))
    assert contact_row.forget_expired(NOW + timedelta(days=1)) == 1


def test_contacts_move_to_a_new_store_key_with_the_readers(readers: Readers) -> None:
    readers.sign_up()
    for number in range(5):
        kept(readers, address=f"giver{number}@example.org")
    old = readers.vault.ring.current(STORE).id
    new = desks.rotate_store(readers.vault, NOW + timedelta(days=1))
    assert resealing.under(old) == 6
    while resealing.step(readers.vault, NOW, batch=2):
        pass
    assert {read_key_id(bytes(row.sealed)) for row in Contact.objects.all()} == {new}
    assert desks.check(readers.vault, NOW)["to_reseal"] == 0


def test_every_language_has_the_same_mails_and_none_promises_what_nobody_can() -> None:
    texts = {path.name: tomllib.loads(path.read_text()) for path in TEXTS.iterdir() if path.name.endswith(".toml")}
    assert len({frozenset(rows) for rows in texts.values()}) == 1
    promise = re.compile(r"anonym|\bsafe|untraceab|анонимн|безопасн", re.IGNORECASE)
    assert [key for rows in texts.values() for key, text in rows.items() if promise.search(text)] == []
    amounts = [key for rows in texts.values() for key, text in rows.items() if "subject" in key and "{" in text]
    assert amounts == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_mail_speaks_of_crimes_or_of_an_amount_that_may_have_changed(language: str) -> None:
    said = (TEXTS / f"{language}.toml").read_text(encoding="utf-8").lower()
    told = re.compile(r"crime|prosecut|преступ|преслед|last year|прошлый раз|в прошлом году")
    assert told.findall(said) == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_subject_says_that_somebody_gave(language: str) -> None:
    said = tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
    subjects = [text for kind, text in said.items() if kind.endswith("_subject")]
    assert [text for text in subjects if re.search(r"support|donat|gift|поддерж|пожертв|\{", text.lower())] == []

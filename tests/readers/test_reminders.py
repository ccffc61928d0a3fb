"""Remind me later, by mail: asked back, one mail in the month, and then no trace."""

import re
import secrets
from datetime import UTC, date, datetime, timedelta
from email import message_from_string, policy
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from hectograph.newsroom.flows import remind, support_intake
from hectograph.post.relay import Fate
from hectograph.readers import intake
from hectograph.readers.contact_row import Contact
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Consent, Subscriber
from hectograph.sealing.capability import Purpose
from hectograph.support import reminder
from hectograph.support.reminder import Reminder
from tests.readers.conftest import ADDRESS, NOW, Readers, Relay

Post = tuple[Any, Relay]
MARCH = datetime(2027, 3, 1, tzinfo=UTC)
DUE = MARCH + timedelta(days=7)


def tell(readers: Readers, at: datetime = NOW, **words: str) -> str:
    return intake.take(readers.vault, readers.envelope(kind="remind", **words), at, others=support_intake.kept())


def ask(readers: Readers, address: str = ADDRESS, month: str = "2027-03", language: str = "en", **more: Any) -> str:
    return tell(readers, address=address, month=month, language=language, **more)


def content(mail: str) -> str:
    return str(message_from_string(mail, policy=policy.default).get_content())


def link(readers: Readers, text: str, purpose: Purpose) -> str:
    """The number behind the mailed link of that purpose."""
    found = [readers.link(token) for token in re.findall(r"https://links\.example/l/([\w-]+)", content(text))]
    return next(one.number.hex() for one in found if one and one.purpose is purpose)


def confirmed(readers: Readers, post: Post, **more: Any) -> str:
    """Ask and confirm; returns the link's number."""
    ask(readers, **more)
    post[0].send_due(NOW)
    number = link(readers, post[1].taken.pop()[1], Purpose.REMIND)
    assert tell(readers, act="confirm", number=number) == "reminder confirmed"
    return number


def work(post: Post, now: datetime) -> int:
    """What the worker and the opener do at `now`; returns how many mails went out."""
    before = len(post[1].taken)
    remind.run_due(now)
    post[0].send_due(now)
    remind.run_due(now)
    return len(post[1].taken) - before


def traces() -> int:
    return Reminder.objects.count() + Contact.objects.count() + Outgoing.objects.count()


def test_nothing_comes_to_who_did_not_confirm(readers: Readers, post: Post) -> None:
    assert ask(readers) == "reminder asked for"
    post[0].send_due(NOW)
    assert len(post[1].taken) == 1
    assert work(post, DUE) == 0
    assert Reminder.objects.count() == 0


def test_one_mail_comes_in_the_first_week_of_the_month_and_then_all_is_erased(readers: Readers, post: Post) -> None:
    confirmed(readers, post)
    assert work(post, MARCH - timedelta(seconds=1)) == 0
    assert work(post, DUE) == 1
    to, text = post[1].taken[0]
    assert to == ADDRESS
    assert "/en/support.html" in content(text)
    assert traces() == 0
    assert work(post, DUE + timedelta(days=400)) == 0


def test_the_day_is_drawn_anew_for_each(readers: Readers, post: Post) -> None:
    for number in range(6):
        confirmed(readers, post, address=f"reader{number}@example.org")
    due = set(Reminder.objects.values_list("due_at", flat=True))
    assert len(due) > 1
    assert all(at and MARCH <= at < DUE for at in due)


def test_a_second_press_and_a_second_wish_change_nothing(readers: Readers, post: Post) -> None:
    number = confirmed(readers, post)
    before = Reminder.objects.get().due_at
    assert tell(readers, act="confirm", number=number, nonce="2") == "reminder confirmed already"
    assert ask(readers, nonce="2") == "reminder asked for already"
    assert Reminder.objects.get().due_at == before
    assert work(post, DUE) == 1


def test_one_address_waits_for_two_at_most(readers: Readers) -> None:
    became = [ask(readers, month=f"2027-0{month}") for month in (1, 2, 3)]
    assert became == ["reminder asked for", "reminder asked for", "reminder asked for already"]


def test_a_cancelled_one_is_erased_at_once_and_no_mail_goes(readers: Readers, post: Post) -> None:
    number = confirmed(readers, post)
    assert tell(readers, act="cancel", number=number) == "reminder cancelled"
    assert traces() == 0
    assert tell(readers, act="cancel", number=number, nonce="2") == "unknown link"
    assert work(post, DUE) == 0


def test_no_guessed_number_confirms_or_cancels(readers: Readers, post: Post) -> None:
    confirmed(readers, post)
    for act in ("confirm", "cancel"):
        guesses = {tell(readers, act=act, number=secrets.token_hex(16)) for _ in range(50)}
        assert guesses == {"unknown link"}
    assert Reminder.objects.get().state == Reminder.State.CONFIRMED


@pytest.mark.parametrize("host", ["mail.ru", "yandex.ru", "box.yandex.ru", "tut.by"])
def test_a_host_that_a_state_reads_is_not_written_to(readers: Readers, host: str) -> None:
    assert ask(readers, address=f"anna@{host}") == "reminder refused: watched"
    assert traces() == 0


def test_a_host_that_is_watched_since_gets_no_mail(readers: Readers, post: Post, settings: Any) -> None:
    confirmed(readers, post)
    settings.HECTO_WATCHED_HOSTS = ["example.org"]
    assert work(post, DUE) == 0
    assert traces() == 0


def test_a_mail_that_was_put_off_to_the_end_goes_once_more_and_never_again(readers: Readers, post: Post) -> None:
    confirmed(readers, post)
    at, handed = MARCH, 0
    post[1].fates = [Fate.LATER] * 60
    for _ in range(2 * 40):
        at += timedelta(hours=12)
        left = len(post[1].fates)
        work(post, at)
        handed += left - len(post[1].fates)
    assert handed == 2 * 7  # each mail is tried seven times
    assert post[1].taken == []
    assert traces() == 0


def test_a_mail_that_is_refused_for_good_is_not_sent_again(readers: Readers, post: Post) -> None:
    confirmed(readers, post)
    post[1].fates = [Fate.REJECTED]
    work(post, DUE)
    assert traces() == 0


def test_a_newsroom_that_slept_through_the_month_writes_nothing(readers: Readers, post: Post) -> None:
    confirmed(readers, post)
    assert work(post, datetime(2027, 4, 1, 1, tzinfo=UTC)) == 0
    assert traces() == 0


def test_the_database_holds_that_two_mails_are_the_most(readers: Readers, post: Post) -> None:
    confirmed(readers, post)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.update(sent_count=3)


def test_it_is_no_subscription(readers: Readers, post: Post) -> None:
    confirmed(readers, post)
    assert (Subscriber.objects.count(), Consent.objects.count()) == (0, 0)
    readers.confirmed()
    assert Contact.objects.get().index != readers.one().index


def test_after_its_mail_no_table_holds_anything_of_it(readers: Readers, post: Post) -> None:
    confirmed(readers, post)
    contact = Contact.objects.get()
    needles = [contact.number, contact.index, Reminder.objects.get().number, bytes(contact.sealed).hex()]
    assert any(needle in dump() for needle in needles)
    work(post, DUE)
    assert [needle for needle in needles if needle in dump()] == []


def dump() -> str:
    """Every value of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [value.hex() if isinstance(value, bytes) else str(value) for row in cursor for value in row]
    return "\n".join(found)


@pytest.mark.parametrize(
    "month", ["2026-11", "2026-10", "2027-12", "2027-13", "2027-00", "0000-01", "march", "", "2027-3"]
)
def test_a_month_that_is_not_to_come_is_not_taken(readers: Readers, month: str) -> None:
    assert ask(readers, month=month) == "malformed"
    assert traces() == 0


@given(st.text(max_size=9))
def test_no_text_is_taken_for_a_month_but_one_to_come(text: str) -> None:
    try:
        found = reminder.month_of(text, NOW)
    except ValueError:
        return
    assert date(2026, 12, 1) <= found <= date(2027, 11, 1)


@pytest.mark.parametrize(("language", "words"), [("en", "March 2027"), ("ru", "Март 2027")])
def test_the_question_names_the_month_and_says_nothing_of_giving(
    readers: Readers, post: Post, language: str, words: str
) -> None:
    ask(readers, language=language)
    post[0].send_due(NOW)
    mail = message_from_string(post[1].taken[0][1], policy=policy.default)
    assert words in content(post[1].taken[0][1])
    assert not re.search(r"support|поддерж|Courier", str(mail["subject"]), re.IGNORECASE)

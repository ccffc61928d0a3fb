"""Newsletters: each is asked for, confirmed and left by itself."""

import pytest

from hectograph.readers import intake
from hectograph.readers.newsletter import Membership, Newsletter
from hectograph.readers.small_mail import House, write
from hectograph.readers.subscriber import Subscriber
from tests.readers.conftest import ADDRESS, NOW, Readers

CONFIRM, LEAVE, PREFER = 1, 2, 3
State = Subscriber.State


@pytest.fixture
def two(readers: Readers) -> Readers:
    """A newsroom that offers the weekly letter and one on culture."""
    Newsletter.objects.get_or_create(slug="weekly")
    Newsletter.objects.create(slug="culture", order=1)
    return readers


def sign_up(readers: Readers, letter: str) -> str:
    words = {"kind": "sign-up", "address": ADDRESS, "language": "en", "letter": letter, "text": "v1"}
    return intake.take(readers.vault, readers.envelope(**words), NOW)


def places(readers: Readers) -> dict[str, str]:
    return dict(Membership.objects.filter(subscriber=readers.one()).values_list("newsletter", "state"))


def confirmed(readers: Readers, letter: str) -> Subscriber:
    sign_up(readers, letter)
    readers.wish(CONFIRM, readers.one().confirm_number)
    return readers.one()


@pytest.mark.parametrize(
    ("letter", "asked"),
    [
        ("weekly,culture", {"weekly", "culture"}),
        ("culture", {"culture"}),
        ("", {"weekly"}),  # a form that asks nothing is the first one's
        ("gossip, culture", {"culture"}),  # what is not offered is not asked for
        ("gossip", {"weekly"}),
    ],
)
def test_a_form_asks_for_what_it_ticks(two: Readers, letter: str, asked: set[str]) -> None:
    sign_up(two, letter)
    assert places(two) == dict.fromkeys(asked, "pending")
    assert {event.letter for event in two.one().consents.filter(kind="requested")} == asked


def test_a_rush_of_newcomers_asks_for_what_each_ticked(two: Readers) -> None:
    rows = [("a@example.org", "culture"), ("b@example.org", "weekly,culture")]
    sealed = [
        two.envelope(kind="sign-up", address=address, language="en", letter=letter, text="v1")
        for address, letter in rows
    ]
    intake.take_all(two.vault, sealed, NOW)
    assert Membership.objects.filter(newsletter="culture").count() == 2
    assert Membership.objects.filter(newsletter="weekly").count() == 1


def test_each_newsletter_is_confirmed_by_name(two: Readers) -> None:
    reader = confirmed(two, "weekly,culture")
    assert places(two) == {"weekly": "active", "culture": "active"}
    assert {event.letter for event in reader.consents.filter(kind="confirmed")} == {"weekly", "culture"}


def test_a_reader_who_asks_for_another_keeps_the_first_meanwhile(two: Readers) -> None:
    confirmed(two, "weekly")
    assert sign_up(two, "culture") == "requested"
    assert two.one().state == State.ACTIVE
    assert places(two) == {"weekly": "active", "culture": "pending"}
    two.wish(CONFIRM, two.one().confirm_number)
    assert places(two) == {"weekly": "active", "culture": "active"}
    assert [mail.kind for mail in two.one().mails.all()] == ["confirm", "welcome", "confirm"]


def test_who_gets_all_that_they_ask_for_is_told_so(two: Readers) -> None:
    confirmed(two, "weekly,culture")
    assert sign_up(two, "culture") == "subscribed already"


def test_a_link_of_one_newsletter_leaves_that_one(two: Readers) -> None:
    reader = confirmed(two, "weekly,culture")
    words = {"kind": "wish", "purpose": LEAVE, "number": reader.number, "chosen": {}, "letters": ["culture"]}
    assert intake.take(two.vault, two.envelope(**words), NOW) == "left one"
    assert places(two) == {"weekly": "active", "culture": "left"}
    assert two.one().state == State.ACTIVE


def test_to_leave_the_last_one_is_to_leave(two: Readers) -> None:
    reader = confirmed(two, "culture")
    words = {"kind": "wish", "purpose": LEAVE, "number": reader.number, "chosen": {}, "letters": ["culture"]}
    assert intake.take(two.vault, two.envelope(**words), NOW) == "left"
    assert two.one().state == State.UNSUBSCRIBED


def test_a_link_of_none_leaves_all(two: Readers) -> None:
    reader = confirmed(two, "weekly,culture")
    assert two.wish(LEAVE, reader.number) == "left"
    assert places(two) == {"weekly": "left", "culture": "left"}


def test_preferences_start_and_stop_each_by_itself(two: Readers) -> None:
    reader = confirmed(two, "weekly")
    assert two.wish(PREFER, reader.number, **{"letter-culture": "yes", "letter-weekly": "no"}) == "changed"
    assert places(two) == {"weekly": "left", "culture": "active"}
    kinds = [(event.kind, event.letter) for event in reader.consents.all()][-2:]
    assert kinds == [("confirmed", "culture"), ("withdrawn", "weekly")]


def test_preferences_without_a_word_on_newsletters_change_none(two: Readers) -> None:
    reader = confirmed(two, "weekly,culture")
    two.wish(PREFER, reader.number, language="ru")
    assert places(two) == {"weekly": "active", "culture": "active"}


def test_stopping_every_one_in_preferences_is_leaving(two: Readers) -> None:
    reader = confirmed(two, "weekly")
    assert two.wish(PREFER, reader.number, **{"letter-weekly": "no"}) == "left"
    assert two.one().state == State.UNSUBSCRIBED


def test_one_that_is_no_longer_offered_can_be_left_and_not_joined(two: Readers) -> None:
    reader = confirmed(two, "culture")
    Newsletter.objects.filter(slug="culture").update(offered=False)
    two.wish(PREFER, reader.number, **{"letter-weekly": "yes", "letter-culture": "no"})
    two.wish(PREFER, reader.number, **{"letter-culture": "yes"})
    assert places(two) == {"weekly": "active", "culture": "left"}


def test_the_confirmation_names_what_was_asked_for_where_there_is_a_choice(two: Readers) -> None:
    sign_up(two, "culture")
    mail = two.one().mails.get()
    names = (("weekly", "Friday letter"), ("culture", "On stage"))
    house = House("The Courier", "https://links.example", "https://courier.example/how.html", newsletters=names)
    text = write(two.vault, mail, house).text
    assert "On stage" in text
    assert "Friday letter" not in text


def test_the_welcome_says_in_words_how_to_read_when_blocked(two: Readers) -> None:
    reader = confirmed(two, "weekly")
    house = House("The Courier", "https://links.example", "https://courier.example/how.html", "Ask a friend abroad.")
    assert "Ask a friend abroad." in write(two.vault, reader.mails.get(kind="welcome"), house).text

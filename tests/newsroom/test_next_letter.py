"""The letter recurs: the next one is begun by itself, waits for people, and goes at its hour once they approved."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hectograph.letters import approval, composing
from hectograph.letters.edition import Edition, State
from hectograph.newsroom.editing import letter_reminder
from hectograph.newsroom.flows import friday, letter_mail, next_letter
from hectograph.newsroom.flows.publish import publish
from hectograph.readers.newsletter import Newsletter
from tests.newsroom.test_letters_admin import person

SATURDAY = datetime(2026, 11, 28, 9, tzinfo=UTC)
SLOT = datetime(2026, 12, 4, 6, tzinfo=UTC)  # Friday, 08:00 in Riga


@pytest.fixture
def last(newsroom: Any) -> Edition:
    """Friday's letter, which went out."""
    made = composing.begin("weekly", date(2026, 11, 27), "Europe/Riga", ["en", "ru"])
    Edition.objects.filter(pk=made.pk).update(state=State.DONE, frozen_count=3, frozen_at=SATURDAY)
    return made


def following() -> Edition:
    return Edition.objects.exclude(state=State.DONE).get()


def written(newsroom: Any, edition: Edition) -> Edition:
    story = newsroom.story("The river rose")
    publish(SATURDAY)
    letter = edition.letters.get(language="en")
    letter.subject = "Five stories"
    letter.save()
    letter.entries.create(order=0, story=story.pk)
    return edition


def test_after_a_letter_went_out_the_next_one_is_begun_once_with_its_hour_set(last: Edition) -> None:
    for hours in (0, 1, 90):
        next_letter.prepare_next(SATURDAY + timedelta(hours=hours))
    made = following()
    assert (made.slot, made.state, made.planned_at, made.send_at) == (date(2026, 12, 4), "draft", SLOT, None)
    assert sorted(made.letters.values_list("language", flat=True)) == ["en", "ru"]


def test_stories_since_the_last_letter_are_suggested_in_it(last: Edition, newsroom: Any) -> None:
    next_letter.prepare_next(SATURDAY)
    story = newsroom.story("The river rose")
    since = letter_mail.since_last(following())
    assert since is not None
    assert since.date() == last.slot
    assert letter_mail.suggested("en", since - timedelta(days=40), []) == [story]


def test_nothing_recurs_of_a_newsletter_that_never_sent_one_or_rests(newsroom: Any) -> None:
    Newsletter.objects.create(slug="culture", order=1)
    old = composing.begin("weekly", date(2026, 10, 16), "Europe/Riga", ["en"])
    Edition.objects.filter(pk=old.pk).update(state=State.DONE)
    next_letter.prepare_next(SATURDAY)
    assert Edition.objects.count() == 1


def test_one_that_an_editor_began_already_stands(last: Edition) -> None:
    own = composing.begin("weekly", date(2026, 12, 4), "Europe/Riga", ["en"])
    next_letter.prepare_next(SATURDAY)
    assert following() == own


def test_unapproved_it_never_goes(last: Edition) -> None:
    next_letter.prepare_next(SATURDAY)
    for hours in (0, 1, 24):
        assert friday.next_edition(SLOT + timedelta(hours=hours)) is None


def test_approved_it_goes_at_its_hour_and_an_edit_holds_it_back_until_it_is_approved_anew(
    last: Edition, newsroom: Any, site_root: Any
) -> None:
    next_letter.prepare_next(SATURDAY)
    made = written(newsroom, following())
    assert letter_mail.approve(made, 1, SATURDAY) == 0
    assert (made.state, made.send_at) == (State.SCHEDULED, SLOT)
    approval.withdraw(made)
    assert friday.next_edition(SLOT) is None
    letter_mail.approve(made, 1, SATURDAY)
    assert friday.next_edition(SLOT - timedelta(minutes=1)) is None
    assert friday.next_edition(SLOT) == made


def test_of_two_people_the_first_schedules_nothing(last: Edition, newsroom: Any, site_root: Any, settings: Any) -> None:
    settings.HECTO_LETTER_APPROVALS = 2
    next_letter.prepare_next(SATURDAY)
    made = written(newsroom, following())
    assert letter_mail.approve(made, 1, SATURDAY) == 1
    assert made.state == State.DRAFT
    assert letter_mail.approve(made, 2, SATURDAY) == 0
    assert made.state == State.SCHEDULED


def test_approved_after_its_hour_a_person_says_when(last: Edition, newsroom: Any, site_root: Any) -> None:
    next_letter.prepare_next(SATURDAY)
    made = written(newsroom, following())
    letter_mail.approve(made, 1, SLOT + timedelta(hours=1))
    assert (made.state, made.send_at) == (State.APPROVED, None)


def test_a_missed_one_that_nobody_touched_moves_on_and_a_written_one_stays(last: Edition, newsroom: Any) -> None:
    next_letter.prepare_next(SATURDAY)
    missed = following()
    next_letter.prepare_next(SATURDAY + timedelta(days=7))
    assert following() == missed
    assert following().slot == date(2026, 12, 11)
    written(newsroom, missed)
    next_letter.prepare_next(SATURDAY + timedelta(days=14))
    slots = Edition.objects.filter(state=State.DRAFT).order_by("slot").values_list("slot", flat=True)
    assert list(slots) == [date(2026, 12, 11), date(2026, 12, 18)]


@pytest.mark.parametrize(
    ("hours", "said"), [(-40, None), (-29, "nobody has approved it yet"), (1, "nobody got it"), (50, None)]
)
def test_as_its_hour_comes_near_the_home_reminds_those_who_may(
    last: Edition, monkeypatch: pytest.MonkeyPatch, hours: int, said: str | None
) -> None:
    next_letter.prepare_next(SATURDAY)
    now = SLOT + timedelta(hours=hours)
    monkeypatch.setattr(letter_reminder.timezone, "now", lambda: now)
    home = person("ada").get("/admin/").content.decode()
    assert (said or "newsroom-letter") in home if said else "newsroom-letter" not in home


def test_one_that_is_approved_reminds_nobody(last: Edition, newsroom: Any, site_root: Any) -> None:
    next_letter.prepare_next(SATURDAY)
    letter_mail.approve(written(newsroom, following()), 1, SATURDAY)
    assert next_letter.near(SLOT - timedelta(hours=2)) == []


def test_the_preview_says_when_it_will_go(last: Edition, newsroom: Any) -> None:
    next_letter.prepare_next(SATURDAY)
    client: Client = person("ada")
    shown = client.get(f"/admin/letters/{following().pk}/en/preview/").content.decode()
    assert "Once approved, it goes out Friday, 4 December, 08:00" in shown

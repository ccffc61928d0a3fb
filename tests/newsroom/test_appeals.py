"""Appeals on the site: `campaign.json` follows rows, stories and the clock."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from hectograph.newsroom import health, timetable
from hectograph.stories.feed.site import site
from hectograph.stories.site_words import CurrencyOffer, SiteRecord, SiteWords
from hectograph.support.appeal import Appeal, AppealText
from tests.newsroom.test_publish import NOW, full, tree, work


def appeal(**values: Any) -> Appeal:
    values = {"slug": "winter", "starts": NOW - timedelta(days=1), "ends": NOW + timedelta(days=1)} | values
    row = Appeal.objects.create(**values)
    AppealText.objects.create(appeal=row, language="en", title="A hard winter", text="One.\n\nTwo.")
    return row


def told(root: Path) -> list[dict[str, Any]]:
    return list(json.loads((root / "campaign.json").read_bytes())["appeals"])


def test_a_saved_appeal_is_published_without_touching_a_page(newsroom: Any, site_root: Path) -> None:
    newsroom.story("One")
    work()
    before = tree(site_root)
    appeal()
    written = {path for outcome in work() for path in outcome.written}
    assert written == {"campaign.json"}
    assert told(site_root)[0]["words"] == {"en": {"title": "A hard winter", "text": ["One.", "Two."]}}
    assert {path: data for path, data in tree(site_root).items() if "campaign" not in path} == {
        path: data for path, data in before.items() if "campaign" not in path
    }


def test_what_is_still_to_come_is_told_to_nobody(newsroom: Any, site_root: Path) -> None:
    appeal(starts=NOW + timedelta(hours=1), ends=NOW + timedelta(days=2))
    work()
    assert told(site_root) == []


def test_the_clock_begins_and_ends_an_appeal(newsroom: Any, site_root: Path) -> None:
    appeal(starts=NOW + timedelta(hours=1), ends=NOW + timedelta(hours=2))
    work()
    for hours, count in ((0, 0), (1, 1), (2, 0)):
        timetable._clock_pages(NOW + timedelta(hours=hours))
        assert len(told(site_root)) == count


def test_an_appeal_follows_its_story_to_a_new_address(newsroom: Any, site_root: Path) -> None:
    story = newsroom.story("Old name")
    work()
    appeal(stories=[story.pk], sections=[newsroom.sections["en"][1].pk])
    work()
    newsroom.edit(story, slug="new-name")
    work()
    assert told(site_root)[0]["stories"] == ["en/2026/11/new-name.html"]
    assert told(site_root)[0]["sections"] == ["en/culture.html"]


def test_an_appeal_whose_story_is_gone_stands_nowhere_rather_than_everywhere(newsroom: Any, site_root: Path) -> None:
    story = newsroom.story("Goes")
    work()
    appeal(stories=[story.pk])
    story.unpublish()
    work()
    assert told(site_root)[0]["stories"] == ["-"]


def test_both_builds_agree_on_appeals(newsroom: Any, site_root: Path, tmp_path: Path) -> None:
    newsroom.story("One")
    row = appeal()
    work()
    row.delete()
    appeal(in_banner=True, goal=500, frequency="once")
    work()
    assert full(tmp_path / "full") == tree(site_root)


def test_a_reminders_months_follow_the_clock(newsroom: Any, site_root: Path) -> None:
    work()
    timetable._clock_pages(datetime(2026, 12, 1, tzinfo=UTC))
    assert b'value="2027-01"' in (site_root / "en/support.html").read_bytes()


@pytest.mark.parametrize(
    ("currency", "changes", "wrong"),
    [
        ("PLN", {"minimum": "2"}, "minimum"),
        ("PLN", {"minimum": "8"}, "once"),
        ("EUR", {"monthly": "1, 5"}, "monthly"),
        ("EUR", {"once": "five"}, "once"),
    ],
)
def test_nothing_is_offered_that_a_desk_would_refuse(
    newsroom: Any, currency: str, changes: dict[str, str], wrong: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        CurrencyOffer(site=SiteRecord.objects.get(), currency=currency, **changes).full_clean()
    assert wrong in refused.value.message_dict


def test_a_notice_that_nobody_checked_for_half_a_year_is_a_finding(newsroom: Any) -> None:
    assert health._notice(NOW).ok
    words = SiteWords.objects.get(language="en")
    words.crime_notice, words.crime_reviewed = "A crime.", NOW.date() - timedelta(days=179)
    words.save()
    assert health._notice(NOW).ok
    assert not health._notice(NOW + timedelta(days=2)).ok


def test_a_notice_says_when_it_was_checked(newsroom: Any) -> None:
    words = SiteWords.objects.get(language="en")
    words.crime_notice = "A crime."
    with pytest.raises(ValidationError):
        words.full_clean()


def test_the_form_names_the_ways_that_are_open(newsroom: Any, settings: Any) -> None:
    settings.HECTO_SUPPORT_METHODS, settings.HECTO_TRANSFER_CURRENCIES = ["transfer"], ["USD"]
    assert site().support.methods == ("transfer",)


def test_a_debit_in_euros_is_named_where_euros_are_taken(newsroom: Any, settings: Any) -> None:
    settings.HECTO_SUPPORT_METHODS = ["card", "sepa"]
    assert site().support.methods == ("card",)
    SiteRecord.objects.update(currency="EUR")
    assert site().support.methods == ("card", "sepa")


def test_a_transfer_is_named_with_the_currencies_that_the_account_takes(newsroom: Any, settings: Any) -> None:
    settings.HECTO_SUPPORT_METHODS, settings.HECTO_TRANSFER_CURRENCIES = ["card", "transfer"], ["EUR"]
    assert site().support.methods == ("card",)
    CurrencyOffer.objects.create(site=SiteRecord.objects.get(), currency="EUR")
    both = site().support
    assert (both.methods, dict(both.only)) == (("card", "transfer"), {"transfer": ("EUR",)})
    settings.HECTO_SUPPORT_METHODS = ["transfer"]
    alone = site().support
    assert ([offer.currency for offer in alone.offers], dict(alone.only)) == (["EUR"], {})

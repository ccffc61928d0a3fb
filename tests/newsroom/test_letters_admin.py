"""Letters in the admin: begun, written, ordered, approved, scheduled; by those who may, and by POST alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hectograph.letters import schedule
from hectograph.letters.edition import Edition, State
from hectograph.letters.letter import Letter, Trial
from hectograph.newsroom.access import accounts
from hectograph.newsroom.flows import letter_mail, letter_sending, letter_trial
from hectograph.newsroom.flows.publish import publish
from hectograph.newsroom.staff import Staff
from hectograph.readers import vault
from hectograph.stories.site_words import SiteRecord

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def person(name: str, role: str = "editor") -> Client:
    client = Client()
    accounts.create_staff(name, "a-long-enough-password", role=role)
    client.force_login(Staff.objects.get(username=name), "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def editor(newsroom: Any) -> Client:
    return person("ada")


@pytest.fixture
def edition(newsroom: Any, site_root: Any) -> Edition:
    """A letter with a story in each language, ready to be approved."""
    stories = {"en": newsroom.story("The river rose"), "ru": newsroom.story("Река поднялась", language="ru")}
    publish(NOW)
    made = Edition.objects.create(newsletter="weekly", slot=date(2026, 11, 27), zone="Europe/Riga")
    for language, story in stories.items():
        letter = Letter.objects.create(edition=made, language=language, subject="A subject", preheader="A preheader")
        letter.entries.create(order=0, story=story.pk, note="A note.")
    return made


def form(letter: Letter, **changes: Any) -> dict[str, Any]:
    """What the browser would post."""
    letter.refresh_from_db()
    entries = list(letter.entries.all())
    fields: dict[str, Any] = {"version": letter.version, "subject": letter.subject, "preheader": letter.preheader}
    fields |= {"introduction": letter.introduction, "entry": [entry.pk for entry in entries]}
    for entry in entries:
        fields |= {f"note-{entry.pk}": entry.note, f"heading-{entry.pk}": entry.heading}
        fields |= {f"picture-{entry.pk}": "on"} if entry.picture else {}
    return {**fields, **changes}


def english(edition: Edition) -> Letter:
    return edition.letters.get(language="en")


def post(client: Client, edition: Edition, act: str, **changes: Any) -> Any:
    return client.post(f"/admin/letters/{edition.pk}/en/", form(english(edition), act=act, **changes), follow=True)


def test_a_new_letter_is_for_the_next_free_friday(editor: Client) -> None:
    for _ in range(2):
        editor.post("/admin/letters/new/", {})
    first, second = Edition.objects.order_by("slot")
    assert first.slot.weekday() == 4
    assert second.slot - first.slot == timedelta(days=7)
    assert set(first.letters.values_list("language", flat=True)) == {"en", "ru"}


def test_an_alert_stands_beside_the_slot_a_few_a_day(editor: Client) -> None:
    for _ in range(4):
        editor.post("/admin/letters/new/", {"kind": "alert", "about": "new_address"})
    assert [row.number for row in Edition.objects.filter(kind="alert").order_by("number")] == [0, 1, 2]
    assert english(Edition.objects.earliest("pk")).subject == "Our new address"


def test_each_button_first_keeps_what_was_typed(editor: Client, edition: Edition, newsroom: Any) -> None:
    story = newsroom.story("Second")
    post(editor, edition, f"add:{story.pk}", subject="Typed  just now", introduction="Hello")
    letter = english(edition)
    assert (letter.subject, letter.introduction) == ("Typed just now", "Hello")
    assert [entry.story for entry in letter.entries.all()][-1] == story.pk


def test_entries_move_by_buttons_and_by_the_order_of_the_form(editor: Client, edition: Edition, newsroom: Any) -> None:
    post(editor, edition, f"add:{newsroom.story('Second').pk}")
    post(editor, edition, "heading", new_heading="City")
    first, second, third = english(edition).entries.values_list("pk", flat=True)
    post(editor, edition, f"up:{third}")
    assert list(english(edition).entries.values_list("pk", flat=True)) == [first, third, second]
    post(editor, edition, "save", entry=[second, first, third])
    assert list(english(edition).entries.values_list("pk", flat=True)) == [second, first, third]
    post(editor, edition, f"remove:{first}")
    assert list(english(edition).entries.values_list("pk", flat=True)) == [second, third]


def test_of_two_editors_at_once_one_is_told_and_loses_nothing(editor: Client, edition: Edition) -> None:
    stale = form(english(edition), act="save", subject="Mine")
    post(editor, edition, "save", subject="Theirs")
    answer = editor.post(f"/admin/letters/{edition.pk}/en/", stale)
    assert english(edition).subject == "Theirs"
    page = answer.content.decode()
    assert "Someone else changed this letter" in page
    assert 'value="Mine"' in page


def test_the_choice_is_taken_over_by_its_translations(editor: Client, newsroom: Any) -> None:
    english_story, alone = newsroom.story("One"), newsroom.story("Alone")
    twin = newsroom.story("Один", language="ru")
    type(twin).objects.filter(pk=twin.pk).update(translation_key=english_story.translation_key)
    editor.post("/admin/letters/new/", {})
    edition = Edition.objects.get()
    for story in (english_story, alone):
        post(editor, edition, f"add:{story.pk}")
    russian = edition.letters.get(language="ru")
    answer = editor.post(f"/admin/letters/{edition.pk}/ru/", form(russian, act="take-over:en"), follow=True)
    assert [entry.story for entry in russian.entries.all()] == [twin.pk]
    assert "1 of the stories" in answer.content.decode()


def test_saving_while_one_writes_answers_with_findings(editor: Client, edition: Edition) -> None:
    answer = post(editor, edition, "quiet", introduction="[x](/nowhere.html)", subject="")
    page = answer.content.decode()
    assert "leads nowhere" in page
    assert "There is no subject" in page
    assert f'data-version="{english(edition).version}"' in page


@pytest.mark.parametrize("mode", ["web", "light", "dark", "phone", "bare", "text"])
def test_every_preview_shows_the_letter_and_runs_nothing(editor: Client, edition: Edition, mode: str) -> None:
    answer = editor.get(f"/admin/letters/{edition.pk}/en/show/{mode}/")
    assert "The river rose" in answer.content.decode()
    assert "hectoslot" not in answer.content.decode()
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_the_dark_preview_is_dark_on_any_machine(editor: Client, edition: Edition) -> None:
    dark, light = (letter_mail.preview(english(edition), mode) for mode in ("dark", "light"))
    assert "@media all" in dark
    assert "@media not all" in light


# --- approval -----------------------------------------------------------------------------------------------------


def approve(client: Client, edition: Edition) -> Edition:
    client.post(f"/admin/letters/{edition.pk}/en/approve/")
    return Edition.objects.get(pk=edition.pk)


def test_approval_fixes_the_bytes_of_every_language(editor: Client, edition: Edition) -> None:
    approved = approve(editor, edition)
    assert approved.state == State.APPROVED
    assert set(approved.compiled.values_list("language", flat=True)) == {"en", "ru"}


def test_an_approved_letter_takes_no_edit_until_the_approval_is_taken_back(editor: Client, edition: Edition) -> None:
    approve(editor, edition)
    post(editor, edition, "save", subject="Changed")
    assert english(edition).subject == "A subject"
    editor.post(f"/admin/letters/{edition.pk}/en/withdraw/")
    edition.refresh_from_db()
    assert (edition.state, edition.approved_sha256) == (State.DRAFT, "")
    assert not edition.approvals.exists()


def test_two_people_where_two_are_asked_for(editor: Client, edition: Edition, settings: Any) -> None:
    settings.HECTO_LETTER_APPROVALS = 2
    assert approve(editor, edition).state == State.DRAFT
    assert approve(editor, edition).state == State.DRAFT  # the same person twice is one
    assert approve(person("bo"), edition).state == State.APPROVED


def test_an_edit_between_two_approvals_starts_them_anew(editor: Client, edition: Edition, settings: Any) -> None:
    settings.HECTO_LETTER_APPROVALS = 2
    approve(editor, edition)
    post(editor, edition, "save", subject="Changed")
    assert approve(person("bo"), edition).state == State.DRAFT


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda room, letter: letter.entries.all().delete(), "There is no story in it."),
        (lambda room, letter: Letter.objects.filter(pk=letter.pk).update(subject=""), "There is no subject."),
        (
            lambda room, letter: letter.entries.update(story=room.story("Not yet", publish=False).pk),
            "is not published.",
        ),
        (lambda room, letter: letter.entries.update(note="[x](/gone.html)"), "leads nowhere on our site."),
    ],
    ids=["no stories", "no subject", "an unpublished story", "a dead link"],
)
def test_what_is_amiss_is_said_before_approval(
    editor: Client, edition: Edition, newsroom: Any, spoil: Any, words: str
) -> None:
    spoil(newsroom, english(edition))
    answer = editor.post(f"/admin/letters/{edition.pk}/en/approve/", follow=True)
    assert words in answer.content.decode()
    edition.refresh_from_db()
    assert edition.state == State.DRAFT


def test_a_language_that_nobody_wrote_is_named_and_stops_nothing(editor: Client, edition: Edition) -> None:
    edition.letters.filter(language="ru").delete()
    Letter.objects.create(edition=edition, language="ru")
    page = editor.get(f"/admin/letters/{edition.pk}/en/preview/").content.decode()
    assert "Nothing is written in Русский." in page
    assert approve(editor, edition).state == State.APPROVED


def test_a_story_edited_after_approval_changes_nothing_that_goes_out(
    editor: Client, edition: Edition, newsroom: Any
) -> None:
    approved = approve(editor, edition)
    before = approved.compiled.get(language="en").sha256
    newsroom.edit(type(newsroom.story())._default_manager.get(pk=english(edition).entries.get().story), title="Other")
    assert approved.compiled.get(language="en").sha256 == before


# --- when ---------------------------------------------------------------------------------------------------------


def test_it_is_scheduled_for_its_slot_by_the_newsrooms_clock(editor: Client, edition: Edition) -> None:
    approve(editor, edition)
    Edition.objects.filter(pk=edition.pk).update(slot=date(2099, 11, 27))
    editor.post(f"/admin/letters/{edition.pk}/send/", {"when": "slot"})
    edition.refresh_from_db()
    assert edition.state == State.SCHEDULED
    assert edition.send_at == datetime(2099, 11, 27, 6, tzinfo=UTC)  # 08:00 in Riga


def test_a_letter_that_nobody_approved_is_not_sent(editor: Client, edition: Edition) -> None:
    editor.post(f"/admin/letters/{edition.pk}/send/", {"when": "now"})
    edition.refresh_from_db()
    assert (edition.state, edition.send_at) == (State.DRAFT, None)


def test_bytes_that_changed_behind_our_back_are_not_sent(editor: Client, edition: Edition) -> None:
    approved = approve(editor, edition)
    approved.compiled.filter(language="en").update(sha256="0" * 64)
    page = editor.post(f"/admin/letters/{edition.pk}/send/", {"when": "now"}, follow=True).content.decode()
    assert "not what was approved" in page


def test_more_than_six_hours_late_waits_for_a_person(editor: Client, edition: Edition) -> None:
    approve(editor, edition)
    past = timezone.now() - timedelta(hours=7)
    with pytest.raises(Exception, match="six hours"):
        letter_sending.schedule(edition, past, timezone.now())


@pytest.mark.parametrize(
    ("day", "hour", "moment"),
    [
        (date(2026, 3, 27), "08:00", datetime(2026, 3, 27, 6, tzinfo=UTC)),
        (date(2026, 4, 3), "08:00", datetime(2026, 4, 3, 5, tzinfo=UTC)),  # a week on, in summer time
        (date(2026, 3, 29), "03:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 03:30 never came: 04:30 it is
        (date(2026, 10, 25), "03:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 03:30 came twice: the first
        (date(2026, 10, 30), "08:00", datetime(2026, 10, 30, 6, tzinfo=UTC)),
    ],
)
def test_the_hour_is_the_newsrooms_also_when_clocks_change(day: date, hour: str, moment: datetime) -> None:
    at = schedule.read(f"friday {hour}").at
    assert schedule.moment(day, at, "Europe/Riga") == moment


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 25, 12, tzinfo=UTC), date(2026, 11, 27)),
        (datetime(2026, 11, 27, 5, 59, tzinfo=UTC), date(2026, 11, 27)),
        (datetime(2026, 11, 27, 6, 0, tzinfo=UTC), date(2026, 12, 4)),
        (datetime(2026, 11, 26, 22, 30, tzinfo=UTC), date(2026, 11, 27)),  # Friday already in Riga
    ],
)
def test_the_next_friday_is_reckoned_where_the_newsroom_is(now: datetime, day: date) -> None:
    assert schedule.next_day(schedule.read("friday 08:00"), now, "Europe/Riga") == day


# --- tests, rights, links -----------------------------------------------------------------------------------------


def test_a_test_address_is_sealed_as_it_comes_in(editor: Client, edition: Edition, tmp_path: Any) -> None:
    opened = vault.make(tmp_path / "keys", NOW)
    SiteRecord.objects.update(intake_key=opened.ring.current("intake").public.hex())
    editor.post(f"/admin/letters/{edition.pk}/en/test/", {"address": "Ada@Example.org"})
    row = Trial.objects.get()
    assert b"example.org" not in bytes(row.sealed or b"").lower()
    assert opened.open(bytes(row.sealed or b"")) == b"ada@example.org"


def test_a_test_that_was_in_hand_when_the_opener_died_is_not_sent_again(editor: Client, edition: Edition) -> None:
    rows = [Trial.objects.create(edition=edition, language="en", sealed=b"x", compiled=b"y", person=1) for _ in "ab"]
    Trial.objects.filter(pk=rows[0].pk).update(state=Trial.State.SENDING)
    letter_trial.recover()
    assert list(Trial.objects.order_by("pk").values_list("state", "sealed")) == [("uncertain", None), ("ready", b"x")]


def test_reporters_see_no_letters(newsroom: Any, edition: Edition) -> None:
    reporter = person("rae", "reporter")
    for path in ("", f"{edition.pk}/en/", f"{edition.pk}/en/preview/", f"{edition.pk}/progress/"):
        assert reporter.get(f"/admin/letters/{path}").status_code in (302, 403)
    assert "Letters" not in reporter.get("/admin/").content.decode()


@pytest.mark.parametrize("act", ["approve", "withdraw", "test"])
def test_nothing_changes_by_looking(editor: Client, edition: Edition, act: str) -> None:
    assert editor.get(f"/admin/letters/{edition.pk}/en/{act}/").status_code == 405


def test_a_sent_letters_web_version_can_be_edited_and_nothing_else(editor: Client, edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(state=State.DONE, frozen_count=3)
    Letter.objects.filter(edition=edition).update(published_at=NOW)
    post(editor, edition, "save", introduction="Corrected.")
    assert english(edition).introduction == "Corrected."
    edition.refresh_from_db()
    assert edition.state == State.DONE


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("https://elsewhere.example/a.html", "https://x.example", "must be one of our own"),
        ("/en/2026/11/the-river-rose.html", "https://x.example", "A page stands"),
        ("/../../etc/passwd.html", "https://x.example", "must be one of our own"),
        ("/en/oops.html", "/en/gone.html", "leads nowhere"),
        ("/en/oops.html", "javascript:alert(1)", "leads nowhere"),
    ],
)
def test_a_link_that_can_not_be_mended_says_why(
    editor: Client, edition: Edition, wrong: str, right: str, words: str
) -> None:
    page = editor.post(f"/admin/letters/{edition.pk}/mend/", {"wrong": wrong, "right": right}).content.decode()
    assert words in page

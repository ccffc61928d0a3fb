"""Writing a page in the admin's form: its address makes itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from hectograph.newsroom.access import accounts
from hectograph.stories.byline import Byline
from hectograph.stories.plain import PlainPage
from hectograph.stories.section import Section
from hectograph.stories.story import Story
from tests.newsroom.cast import Newsroom

_LISTS = ("story_bylines", "corrections", "story_topics", "hand_picked")


@pytest.fixture
def reporter(newsroom: Newsroom, client: Client) -> Client:
    client.force_login(accounts.create_staff("rep", "a-long-enough-password", role="reporter"))
    return client


@pytest.fixture
def editor(newsroom: Newsroom, client: Client) -> Client:
    client.force_login(accounts.create_staff("ed", "a-long-enough-password", role="editor"))
    return client


def _write(client: Client, newsroom: Newsroom, title: str, slug: str = "") -> Any:
    form = {"title": title, "slug": slug, "section": newsroom.sections["en"][0].pk, "body": streamfield([])}
    form |= {name: inline_formset([]) for name in _LISTS}
    form |= {"comments": inline_formset([])}
    return client.post(f"/admin/pages/add/stories/story/{newsroom.homes['en'].pk}/", nested_form_data(form))


def test_a_story_without_an_address_gets_one_from_its_headline(newsroom: Newsroom, reporter: Client) -> None:
    assert _write(reporter, newsroom, "The Quay — is shut").status_code == 302
    assert Story.objects.get().slug == "the-quay-is-shut"


def test_two_stories_of_one_headline_get_addresses_of_their_own(newsroom: Newsroom, reporter: Client) -> None:
    for _ in range(3):
        assert _write(reporter, newsroom, "The Quay").status_code == 302
    assert sorted(Story.objects.values_list("slug", flat=True)) == ["the-quay", "the-quay-2", "the-quay-3"]


def test_an_address_of_ones_own_is_kept_and_one_that_is_taken_refused(newsroom: Newsroom, reporter: Client) -> None:
    assert _write(reporter, newsroom, "The Quay", "shut").status_code == 302
    assert b"already in use" in _write(reporter, newsroom, "Another", "shut").content
    assert list(Story.objects.values_list("slug", flat=True)) == ["shut"]


def test_a_plain_page_without_an_address_gets_one_from_its_title(newsroom: Newsroom, reporter: Client) -> None:
    form = nested_form_data({"title": "О нас", "slug": "", "body": streamfield([]), "comments": inline_formset([])})
    reporter.post(f"/admin/pages/add/stories/plainpage/{newsroom.homes['ru'].pk}/", form)
    assert PlainPage.objects.get().slug == "o-nas"


def test_a_role_that_another_page_of_the_language_has_is_refused_with_its_name(
    newsroom: Newsroom, editor: Client
) -> None:
    form = {"title": "About us", "slug": "", "role": "about", "body": streamfield([]), "comments": inline_formset([])}
    for code, title in (("en", "About us"), ("ru", "О нас"), ("en", "Who we are")):
        answer = editor.post(
            f"/admin/pages/add/stories/plainpage/{newsroom.homes[code].pk}/",
            nested_form_data({**form, "title": title, "action-publish": "yes"}),
        )
    assert "“About us” is that page already" in answer.content.decode()
    assert sorted(PlainPage.objects.values_list("title", flat=True)) == ["About us", "О нас"]


def test_a_breaking_line_without_an_end_is_refused_instead_of_never_showing(newsroom: Newsroom, editor: Client) -> None:
    form = {"title": "Front page", "slug": "front-en", "breaking_text": "The bridge is shut", "breaking_until": ""}
    lists = {"leads": inline_formset([]), "comments": inline_formset([])}
    sent = nested_form_data({**form, **lists, "action-publish": "yes"})
    assert b"Say until when" in editor.post(f"/admin/pages/{newsroom.homes['en'].pk}/edit/", sent).content
    sent["breaking_until"] = "2099-01-01 12:00"
    assert editor.post(f"/admin/pages/{newsroom.homes['en'].pk}/edit/", sent).status_code == 302
    newsroom.homes["en"].refresh_from_db()
    assert newsroom.homes["en"].breaking_text == "The bridge is shut"


def test_no_page_can_be_called_private_for_the_press_serves_everyone(newsroom: Newsroom, editor: Client) -> None:
    story = newsroom.story("The long night")
    assert b"Change privacy" not in editor.get(f"/admin/pages/{story.pk}/edit/").content
    for page in (story, newsroom.homes["en"]):
        editor.post(f"/admin/pages/{page.pk}/privacy/", {"restriction_type": "login"})
    assert not PageViewRestriction.objects.exists()


def test_a_new_story_begins_in_the_section_its_writer_wrote_for_last(newsroom: Newsroom, reporter: Client) -> None:
    empty = reporter.get(f"/admin/pages/add/stories/story/{newsroom.homes['en'].pk}/").context["form"]
    assert empty["section"].value() is None  # several, and none is obvious
    _write(reporter, newsroom, "The Quay")
    begun = reporter.get(f"/admin/pages/add/stories/story/{newsroom.homes['en'].pk}/").context["form"]
    assert begun["section"].value() == newsroom.sections["en"][0].pk
    other = reporter.get(f"/admin/pages/add/stories/story/{newsroom.homes['ru'].pk}/").context["form"]
    assert other["section"].value() is None


def test_a_new_story_begins_in_the_only_section_of_its_language(newsroom: Newsroom, reporter: Client) -> None:
    newsroom.sections["ru"][1].delete()
    begun = reporter.get(f"/admin/pages/add/stories/story/{newsroom.homes['ru'].pk}/").context["form"]
    assert begun["section"].value() == newsroom.sections["ru"][0].pk


def test_a_section_without_an_address_gets_a_free_one_from_its_name(newsroom: Newsroom, editor: Client) -> None:
    form = {"name": "Ночь", "slug": "", "description": "", "order": "5", "in_menu": "on"}
    for name in ("Ночь", "Ночь", "Search"):
        editor.post("/admin/snippets/stories/section/add/?locale=ru", {**form, "name": name})
    made = Section.objects.filter(order=5, locale__language_code="ru").order_by("pk")
    assert list(made.values_list("slug", flat=True)) == ["noch", "noch-2", "search-2"]


def _names(**names: str) -> dict[str, Any]:
    return inline_formset([{"language": code, "name": name, "about": ""} for code, name in names.items()])


@pytest.mark.parametrize(
    ("names", "address"),
    [
        ({"ru": "Маша Щукина"}, "masha-shchukina"),
        ({"ru": "Маша Щукина", "en": "Masha S."}, "masha-s"),  # the newsroom's first language goes before
        ({"ru": "Ада Финч"}, "ada-finch"),
        ({"en": "Ada Finch"}, "ada-finch-2"),
        ({"en": "🗞"}, "byline"),
    ],
)
def test_a_byline_without_an_address_gets_a_free_one_from_its_name(
    newsroom: Newsroom, editor: Client, names: dict[str, str], address: str
) -> None:
    if names == {"ru": "Ада Финч"}:
        Byline.objects.filter(slug="ada-finch").update(slug="ada")
    editor.post("/admin/snippets/stories/byline/add/", nested_form_data({"slug": "", "names": _names(**names)}))
    assert Byline.objects.latest("pk").slug == address


def test_an_address_that_an_editor_gave_a_byline_is_kept(newsroom: Newsroom, editor: Client) -> None:
    form = nested_form_data({"slug": "m-s", "names": _names(en="Masha S.")})
    editor.post("/admin/snippets/stories/byline/add/", form)
    assert Byline.objects.latest("pk").slug == "m-s"


def test_a_byline_without_any_name_is_refused_at_its_name(newsroom: Newsroom, editor: Client) -> None:
    count = Byline.objects.count()
    answer = editor.post("/admin/snippets/stories/byline/add/", nested_form_data({"slug": "", "names": _names(en="")}))
    assert answer.context["form"].formsets["names"].forms[0].errors.keys() == {"name"}
    assert Byline.objects.count() == count


def test_a_new_story_begins_in_each_language_with_one_press(newsroom: Newsroom, reporter: Client) -> None:
    ways = [f"/admin/pages/add/stories/story/{newsroom.homes[code].pk}/" for code in ("en", "ru")]
    for place in ("/admin/stories/", "/admin/stories/choose_parent/"):
        shown = reporter.get(place).content.decode()
        assert [way for way in ways if f'href="{way}"' not in shown] == []


def test_with_one_language_nobody_is_asked_for_it(newsroom: Newsroom, reporter: Client) -> None:
    newsroom.homes["ru"].delete()
    way = f"/admin/pages/add/stories/story/{newsroom.homes['en'].pk}/"
    assert reporter.get("/admin/stories/choose_parent/").headers["Location"] == way
    assert "Add story" in reporter.get("/admin/stories/").content.decode()


def test_every_hour_in_a_form_says_by_whose_clock_it_goes(newsroom: Newsroom, editor: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tbilisi"
    story = newsroom.story("The long night", corrections=["It was short."])
    shown = editor.get(f"/admin/pages/{story.pk}/edit/").content.decode()
    assert shown.count("By the newsroom&#x27;s clock: Asia/Tbilisi") >= 4  # coming, going, the date, the correction's
    front = editor.get(f"/admin/pages/{newsroom.homes['en'].pk}/edit/").content.decode()
    assert "The line goes by itself at this time. By the newsroom&#x27;s clock: Asia/Tbilisi" in front


def test_a_correction_bears_the_moment_in_which_it_is_written_until_another_is_typed(
    newsroom: Newsroom, editor: Client
) -> None:
    story = newsroom.story("The long night")
    form = editor.get(f"/admin/pages/{story.pk}/edit/").context["form"]
    shown = form.formsets["corrections"].empty_form["at"].value()
    assert abs(shown - timezone.localtime().replace(tzinfo=None)) < timedelta(hours=1)

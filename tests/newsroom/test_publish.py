"""Publishing: what is queued becomes files, and no other file is touched."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hectograph.newsroom.flows import publish, register_archive, whole_site
from hectograph.newsroom.flows.take_down import retire, take_down
from hectograph.stories import addresses, photo_store, queue
from hectograph.stories.photo import Photo
from tests.newsroom.cast import Newsroom

SAMPLES = Path(__file__).parents[2] / "samples/newsroom/pictures"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def work() -> list[publish.Outcome]:
    """Work the queue to its end, site-wide changes too."""
    done = []
    for _ in range(5_000):
        outcome = publish.publish(NOW)
        if not outcome.changes:
            break
        done.append(outcome)
    else:
        pytest.fail("The queue never comes to its end.")
    batch = queue.take(site=True)
    if batch.rows:
        list(whole_site.site_slices(NOW))
        queue.strike_off(batch)
    return done


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def full(root: Path) -> dict[str, bytes]:
    register_archive.register_all()
    whole_site.build(NOW, root=root, processes=1)
    return tree(root)


def test_a_published_story_stands_at_its_address_with_its_compressed_twins(newsroom: Any, site_root: Path) -> None:
    newsroom.story("Water is back")
    work()
    page = site_root / "en/2026/11/water-is-back.html"
    assert b"<h1>Water is back</h1>" in page.read_bytes()
    assert page.with_name(page.name + ".br").exists()
    assert page.with_name(page.name + ".gz").exists()


def test_a_draft_leaves_no_trace_on_the_site(newsroom: Any, site_root: Path) -> None:
    newsroom.story("Not yet", publish=False)
    work()
    assert not any(b"Not yet" in data for data in tree(site_root).values())


def test_an_unpublished_story_leaves_every_list_and_feed(newsroom: Any, site_root: Path) -> None:
    newsroom.story("Stays")
    story = newsroom.story("Goes", topics=newsroom.topics["en"])
    work()
    story.unpublish()
    work()
    assert not any(b">Goes<" in data for path, data in tree(site_root).items() if not path.endswith((".br", ".gz")))


def test_a_changed_slug_leads_on_to_the_new_address(newsroom: Any, site_root: Path) -> None:
    story = newsroom.story("Old name")
    work()
    newsroom.edit(story, slug="new-name")
    work()
    assert b"new-name.html" in (site_root / "en/2026/11/old-name.html").read_bytes()
    assert b"<h1>Old name</h1>" in (site_root / "en/2026/11/new-name.html").read_bytes()


def test_two_stories_with_one_slug_get_two_addresses(newsroom: Any, site_root: Path) -> None:
    first, second = newsroom.story("Same words"), newsroom.story("Same words")
    work()
    assert first.slug != second.slug
    assert len(list(site_root.glob("en/2026/11/same-words*.html"))) == 2


def test_a_second_publish_of_the_same_words_writes_nothing_but_the_new_date(newsroom: Any, site_root: Path) -> None:
    newsroom.story("One")
    work()
    before = tree(site_root)
    queue.put(queue.Kind.STORY, newsroom.story("Two", publish=False).pk)
    assert sum(len(outcome.written) for outcome in work()) == 0
    assert tree(site_root) == before


def test_old_list_pages_keep_their_bytes_when_a_story_comes(newsroom: Any, site_root: Path) -> None:
    for _ in range(65):
        newsroom.story()
    work()
    old = {path: data for path, data in tree(site_root).items() if path in ("en/city/1.html", "en/city/2.html")}
    assert old
    newsroom.story("Newest")
    work()
    assert {path: (site_root / path).read_bytes() for path in old} == old


def test_a_taken_down_story_takes_its_pictures_off_the_site(newsroom: Any, site_root: Path) -> None:
    photo = Photo(title="Only here", credit="Us")
    photo_store.take_in(photo, (SAMPLES / "hills.jpg").read_bytes(), "hills.jpg")
    photo.save()
    photo_store.render(photo)
    story = newsroom.story("With a picture", lead_photo=photo)
    work()
    assert list((site_root / "media").iterdir())
    take_down(story.pk)
    work()
    assert list((site_root / "media").iterdir()) == []
    assert not Photo.objects.filter(pk=photo.pk).exists()


def test_a_story_that_took_anothers_place_in_read_more_leaves_it_when_it_is_unpublished(
    newsroom: Any, site_root: Path
) -> None:
    about = {"topics": newsroom.topics["en"][:1]}
    page, *others = [newsroom.story(f"The bridge, part {number}", **about) for number in range(7)]
    work()
    before = shown = more_on(site_root, page, others)
    assert len(shown) == 4
    while shown:
        newest = next(iter(shown - before or shown))
        newest.unpublish()
        work()
        before, shown = shown, more_on(site_root, page, others)
        assert newest not in shown


def test_a_story_that_is_sensitive_no_more_comes_back_into_read_more_of_others(
    newsroom: Any, site_root: Path, tmp_path: Path
) -> None:
    about = {"topics": newsroom.topics["en"][:1]}
    page, *others = [newsroom.story(f"The bridge, part {number}", **about) for number in range(7)]
    work()
    for story in (one for one in others if one in more_on(site_root, page, others)):
        newsroom.edit(story, sensitive=True)
        work()
        assert story not in more_on(site_root, page, others)
        newsroom.edit(story, sensitive=False)
        work()
        assert tree(site_root) == full(tmp_path / "whole")


def more_on(root: Path, page: Any, others: list[Any]) -> set[Any]:
    """Those of `others` that *Read more* of `page` leads to."""
    paths = addresses.current(story.pk for story in (page, *others))
    text = (root / paths[page.pk]).read_text().partition('class="rm"')[2]
    return {story for story in others if f'{paths[story.pk]}"' in text}


class Editors(RuleBasedStateMachine):
    """Editors do anything, in any order; after each act the incremental tree equals a full build's."""

    newsroom: Any
    root: Path
    spare: Path

    def __init__(self) -> None:
        super().__init__()
        self.room = Newsroom()
        self.live: list[Any] = []
        self.unpublished: list[Any] = []
        self.at_once = pytest.MonkeyPatch()
        work()

    @initialize(most=st.sampled_from([(1, 1), (publish.STORIES_AT_ONCE, publish.PAGES_AT_ONCE)]))
    def much_or_little_at_once(self, most: tuple[int, int]) -> None:
        """With one at once, nearly all that follows from an act waits for a turn of its own."""
        self.at_once.setattr(publish, "STORIES_AT_ONCE", most[0])
        self.at_once.setattr(publish, "PAGES_AT_ONCE", most[1])

    @rule(
        language=st.sampled_from(["en", "ru"]),
        section=st.integers(0, 1),
        topics=st.integers(0, 2),
        by=st.integers(0, 2),
    )
    def publish(self, language: str, section: int, topics: int, by: int) -> None:
        self.live.append(
            self.room.story(
                language=language,
                section=self.room.sections[language][section],
                topics=self.room.topics[language][:topics],
                bylines=self.room.bylines[:by],
            )
        )

    @precondition(lambda self: self.live)
    @rule(which=st.integers(0, 99), section=st.integers(0, 1))
    def edit(self, which: int, section: int) -> None:
        story = self.live[which % len(self.live)]
        code = story.locale.language_code
        self.room.edit(story, title=f"{story.title} again", section=self.room.sections[code][section])

    @precondition(lambda self: self.live)
    @rule(which=st.integers(0, 99))
    def back_date(self, which: int) -> None:
        story = self.live[which % len(self.live)]
        self.room.edit(story, dated=story.dated - timedelta(days=40), slug=f"{story.slug}-b")

    @precondition(lambda self: self.live)
    @rule(which=st.integers(0, 99))
    def unpublish(self, which: int) -> None:
        story = self.live.pop(which % len(self.live))
        type(story).objects.get(pk=story.pk).unpublish()
        self.unpublished.append(story)

    @precondition(lambda self: self.unpublished)
    @rule(which=st.integers(0, 99))
    def publish_again(self, which: int) -> None:
        story = self.unpublished.pop(which % len(self.unpublished))
        self.live.append(self.room.edit(story))

    @precondition(lambda self: self.live)
    @rule(which=st.integers(0, 99))
    def call_it_sensitive_or_not(self, which: int) -> None:
        story = self.live[which % len(self.live)]
        story.sensitive = not story.sensitive
        self.room.edit(story, sensitive=story.sensitive)

    @precondition(lambda self: self.live)
    @rule(which=st.integers(0, 99), leave=st.booleans())
    def take_down(self, which: int, leave: bool) -> None:
        take_down(self.live.pop(which % len(self.live)).pk, leave_page=leave)
        self.room.bylines = [row for row in self.room.bylines if type(row).objects.filter(pk=row.pk).exists()]

    @precondition(lambda self: self.room.bylines)
    @rule()
    def retire(self) -> None:
        retire(self.room.bylines.pop().pk)

    @rule(which=st.integers(0, 1))
    def rename_topic(self, which: int) -> None:
        topic = self.room.topics["en"][which]
        topic.name += "!"
        topic.save()

    @rule()
    def rename_section(self) -> None:
        section = self.room.sections["ru"][0]
        section.name += "!"
        section.save()

    @invariant()
    def both_builds_agree(self) -> None:
        work()
        incremental, whole = tree(self.root), full(self.spare)
        assert sorted(incremental) == sorted(whole)
        assert [path for path in whole if incremental[path] != whole[path]] == []


@pytest.mark.parametrize("steps", [12, pytest.param(60, marks=pytest.mark.soak)])
def test_full_and_incremental_builds_are_the_same_to_the_byte(
    db: None, tmp_path: Path, settings: Any, steps: int
) -> None:
    _run(tmp_path, settings, steps)


def _run(tmp_path: Path, django: Any, steps: int) -> None:
    counter = iter(range(10_000))

    class Here(Editors):
        def __init__(self) -> None:
            self.undo = transaction.atomic()
            self.undo.__enter__()
            folder = tmp_path / str(next(counter))
            self.root = django.SITE_ROOT = folder / "site"
            self.spare = folder / "whole"
            super().__init__()

        def teardown(self) -> None:
            self.at_once.undo()
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=6,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking whole newsrooms takes too long
            print_blob=True,
        ),
    )

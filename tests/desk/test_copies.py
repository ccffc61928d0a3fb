"""Two exact copies of one newsroom: one fetches, the other is refused, both are told. One alone is never refused."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.desk.copies import Copies, PullRefused
from hectograph.desk.sqlite_store import SqliteStore
from hectograph.desk.store import SpoolFull
from tests.desk import stores


@dataclass(frozen=True)
class Question:
    mark: str = ""
    next: str = ""
    at: int = 1000
    puller: str = "one"
    adopt: bool = False
    nonce: str = field(default_factory=lambda: secrets.token_hex(4))


class Facts:
    """A store of facts alone."""

    def __init__(self) -> None:
        self.facts = {"life": "aa"}
        self.full = False

    def fact(self, name: str) -> str:
        return self.facts.get(name, "")

    def note(self, name: str, value: str) -> None:
        if self.full:
            raise SpoolFull
        self.facts[name] = value


@dataclass
class Newsroom:
    """What a newsroom has on disk: its last mark, and the one that it asks with until it is answered."""

    name: str
    mark: str = ""
    next: str = "0"
    drawn: int = 0

    def copy(self, name: str) -> "Newsroom":
        return replace(self, name=name)

    def ask(self, desk: Copies, *, at: int = 1000, is_heard: bool = True, adopt: bool = False) -> None:
        asked = Question(self.mark, self.next, at, adopt=adopt)
        desk.let_in(asked)
        kept = desk.follow(asked)
        if is_heard and kept == self.next:
            self.drawn += 1
            self.mark, self.next = kept, f"{self.name}{self.drawn}"


def copies(facts: Facts) -> Copies:
    return Copies(facts)  # type: ignore[arg-type]  # of a store, facts are all that is asked for


@given(st.lists(st.sampled_from(["heard", "lost", "desk restarts", "disk full", "disk free"]), max_size=40))
def test_one_newsroom_alone_is_never_refused(happens: list[str]) -> None:
    facts = Facts()
    desk, newsroom = copies(facts), Newsroom("a")
    newsroom.ask(desk)
    for what in happens:
        if what == "desk restarts":
            desk = copies(facts)
        elif what.startswith("disk"):
            facts.full = what == "disk full"
        else:
            newsroom.ask(desk, is_heard=what == "heard")
    assert not desk.others_ask


@given(
    st.lists(st.booleans(), max_size=9),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=20),
)
def test_of_two_exact_copies_one_fetches_whatever_their_order(
    before: list[bool], is_heard: bool, order: list[tuple[str, bool]]
) -> None:
    desk, first = copies(Facts()), Newsroom("a")
    for one in before:
        first.ask(desk, is_heard=one)
    both = {"a": first, "b": first.copy("b")}
    let_in = []
    for who, heard in [*order, ("a", True), ("b", True), ("a", True), ("b", True)]:
        try:
            both[who].ask(desk, is_heard=heard)
            let_in.append(who)
        except PullRefused:
            let_in.append("")
    assert "" in let_in[-4:]
    assert len({who for who in let_in[-2:] if who}) == 1
    assert desk.others_ask


def test_a_copy_of_a_running_newsroom_is_refused_though_everything_of_it_is_the_same() -> None:
    desk, first = copies(Facts()), Newsroom("a")
    first.ask(desk)
    snapshot = first.copy("b")
    first.ask(desk)
    first.ask(desk)
    with pytest.raises(PullRefused, match="another copy"):
        snapshot.ask(desk)
    first.ask(desk)


def test_a_database_that_was_put_back_is_refused_until_it_is_adopted() -> None:
    facts = Facts()
    desk, newsroom = copies(facts), Newsroom("a")
    newsroom.ask(desk)
    backup = newsroom.copy("b")
    newsroom.ask(desk)
    newsroom.ask(desk)
    with pytest.raises(PullRefused):
        backup.ask(desk, at=2000)
    backup.ask(desk, at=2001, adopt=True)
    backup.ask(desk, at=2002)
    assert facts.fact("life") != "aa"  # whatever it believed to have fetched is handed out again


def test_a_desk_that_was_put_back_hands_out_nothing_before_somebody_looked() -> None:
    facts = Facts()
    newsroom = Newsroom("a")
    newsroom.ask(copies(facts))
    backup = dict(facts.facts)
    newsroom.ask(copies(facts))
    newsroom.ask(copies(facts))
    facts.facts = backup
    with pytest.raises(PullRefused):
        newsroom.ask(copies(facts))


def test_a_question_that_somebody_kept_and_sends_again_is_no_copy() -> None:
    desk, newsroom = copies(Facts()), Newsroom("a")
    newsroom.ask(desk)
    kept = Question("0", "a1")
    desk.let_in(kept)
    desk.follow(kept)
    desk.let_in(Question("a1", "a2"))
    desk.follow(Question("a1", "a2"))
    with pytest.raises(PullRefused):
        desk.let_in(kept)
    with pytest.raises(PullRefused):
        desk.let_in(Question("x", "y", at=979))  # older than a question can get on its way
    assert not desk.others_ask


def test_that_a_copy_asked_is_told_for_an_hour() -> None:
    desk, newsroom = copies(Facts()), Newsroom("a")
    newsroom.ask(desk)
    with pytest.raises(PullRefused):
        desk.let_in(Question("x", "y", at=1001))
    newsroom.ask(desk, at=1002)
    assert desk.others_ask
    newsroom.ask(desk, at=1002 + 3600)
    assert not desk.others_ask


def test_a_question_without_marks_does_not_slip_past_one_with() -> None:
    desk, newsroom = copies(Facts()), Newsroom("a")
    newsroom.ask(desk)
    with pytest.raises(PullRefused):
        desk.let_in(Question())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "spool.sqlite3", stores.PLENTY)) as found:
        yield found


def test_the_last_mark_outlives_the_desk(store: SqliteStore) -> None:
    newsroom = Newsroom("a")
    newsroom.ask(Copies(store))
    snapshot = newsroom.copy("b")
    newsroom.ask(Copies(store))
    newsroom.ask(Copies(store))
    with pytest.raises(PullRefused):
        snapshot.ask(Copies(store))

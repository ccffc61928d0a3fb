"""The truth rule: no page says "not charged" of an envelope that a newsroom holds, whatever is lost or restarted."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from hectograph.desk import pulling
from hectograph.desk.pulling import Calls
from hectograph.desk.question import Question
from hectograph.desk.sealed_words import sealed, vouched
from hectograph.desk.spool import Spool
from hectograph.desk.store import Page
from hectograph.newsroom.flows import live_calls, subscribe, support_intake
from hectograph.newsroom.flows.live_calls import LiveCalls
from hectograph.payments.status import KEPT, State, Status
from hectograph.readers import holding, vault
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.intake_state import Held
from hectograph.readers.vault import Vault
from hectograph.sealing.envelope import INTAKE
from tests.newsroom.cast import Newsroom

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class _NoSpool:
    """What a desk's other half would be asked."""

    def __init__(self) -> None:
        self._facts = {"life": "ab"}
        self.store, self.full = self, False

    def fact(self, name: str) -> str:
        return self._facts.get(name, "")

    def note(self, name: str, value: str) -> None:
        self._facts[name] = value

    def page(self, after: int, most: int) -> Page:
        return Page([], 0)

    def forget(self, upto: int) -> None: ...


class Rows:
    """Tellings as rows that last: what was told and to whom."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Status, str]] = {}

    def put(self, status: Status) -> None:
        self.rows[status.id] = status, ""

    def due(self, desk: int, boot: str, now: datetime, most: int) -> list[Status]:
        return [status for status, told in self.rows.values() if told != boot and status.until > now.timestamp()][:most]

    def told(self, desk: int, boot: str, statuses: Sequence[Status]) -> None:
        for status in statuses:
            if self.rows[status.id][0] == status:
                self.rows[status.id] = status, boot

    def shown(self, desk: int, ids: Sequence[str]) -> None:
        for one in ids:
            if one in self.rows and self.rows[one][0].state is not State.SHOWN:
                self.rows[one] = Status(one, State.SHOWN, self.rows[one][0].until), self.rows[one][1]


class Truth(RuleBasedStateMachine):
    """A desk and a newsroom that charges whatever reaches it, and all that can go wrong between them."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.now, self.own, self.spool = NOW.timestamp(), Ed25519PrivateKey.generate(), _NoSpool()
        self.rows, self.posted, self.unpaid = Rows(), list[str](), set[str]()  # unpaid: by some page, for good
        self.in_flight: dict[str, Any] | None = None
        self.asked: list[Question] = []
        self.restart_desk()
        self.restart_newsroom()

    def _take_all(self, vault: Any, envelopes: Sequence[bytes], now: datetime, **_: Any) -> None:
        for one in envelopes:
            status_id = one.decode()
            if status_id not in self.rows.rows:
                self.rows.put(Status(status_id, State.UNDER_WAY, int(self.now) + KEPT + 120))

    @rule(target=ids)
    def post(self) -> str:
        status_id = self.desk.live.new_id()
        self.desk.live.post(status_id, status_id.encode(), 120)
        self.posted.append(status_id)
        return status_id

    @rule(seconds=st.sampled_from([1, 119, 121, 3_000, 60_000, KEPT]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: self.in_flight is None)
    @rule(is_lost=st.booleans())
    def ask(self, is_lost: bool) -> None:
        words = {"nonce": "n", "puller": "p", "after": 0, "done": 0, "life": "", "at": int(self.now)}
        when = datetime.fromtimestamp(self.now, UTC)
        self.asked.append(Question.read(json.dumps({**words, **self.newsroom.question(1, when)}).encode()))
        answer = json.loads(self.desk.answer(self.asked[-1], 0)[0])
        self.in_flight = None if is_lost else answer

    @precondition(lambda self: self.asked)
    @rule(back=st.integers(1, 5))
    def an_old_question_is_asked_again(self, back: int) -> None:
        if back < len(self.asked):
            self.desk.answer(self.asked[-back - 1], 0)

    @precondition(lambda self: self.in_flight is None)
    @rule()
    def all_goes_well(self) -> None:
        self.ask(is_lost=False)
        self.the_answer_comes("stored")

    @precondition(lambda self: self.in_flight)
    @rule(end=st.sampled_from(["stored", "stored", "killed before the commit", "killed after the commit"]))
    def the_answer_comes(self, end: str) -> None:
        answer, before = self.in_flight or {}, dict(self.rows.rows)
        live_calls.look_over(answer)
        with patch.object(live_calls.intake, "take_all", self._take_all):
            came = [base64.b64decode(text) for _, text in answer.get("live", [])]  # `_take_all` takes them as they are
            self.newsroom.take(None, 1, answer, came, datetime.fromtimestamp(self.now, UTC))  # type: ignore[arg-type]
        self.in_flight = None
        if end == "stored":
            self.newsroom.acknowledge(1, answer)
            return
        if end == "killed before the commit":
            self.rows.rows = before
        self.restart_newsroom()

    @rule()
    def restart_desk(self) -> None:
        spool: Spool = self.spool  # type: ignore[assignment]
        self.desk = Calls(spool, self.own.public_key(), self.own, lambda: self.now)
        self.desk.live._ticking = lambda: self.now

    @rule()
    def restart_newsroom(self) -> None:
        self.newsroom, self.in_flight = LiveCalls({}, self.rows), None

    @rule(status_id=ids, state=st.sampled_from([State.PAID, State.UNKNOWN, State.ACTION]))
    def the_newsroom_tells(self, status_id: str, state: State) -> None:
        if status_id in self.rows.rows and self.rows.rows[status_id][0].state is not State.SHOWN:
            self.rows.put(Status(status_id, state, self.rows.rows[status_id][0].until))

    @rule(status_id=ids)
    def a_page_was_shown(self, status_id: str) -> None:
        self.desk.live.shown(status_id)

    @invariant()
    def what_a_page_calls_unpaid_is_and_stays_so(self) -> None:
        said = {one: self.desk.live.look(one) for one in self.posted}
        self.unpaid |= {one for one, found in said.items() if found and found.state is State.EXPIRED}
        assert not self.unpaid & set(self.rows.rows)


TestTruth = Truth.TestCase
TestTruth.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)


@pytest.mark.soak
def test_the_truth_in_five_thousand_stories() -> None:
    TestTruth.settings = settings(max_examples=5_000, stateful_step_count=60, deadline=None)
    TestTruth("runTest").runTest()


# --- with the newsroom's own intake -----------------------------------------------------------------------------------


@pytest.fixture
def opened(newsroom: Newsroom, tmp_path: Any) -> Vault:
    return vault.make(tmp_path / "opener", NOW)


class AnsweringDesk:
    """Answers with the live envelopes and the kept ones that it is given."""

    def __init__(self, live: list[bytes] | None = None, kept: list[bytes] | None = None) -> None:
        self.key, self.asked = Ed25519PrivateKey.generate(), list[dict[str, Any]]()
        self.live, self.kept = live or [], kept or []
        public = self.key.public_key().public_bytes_raw().hex()
        self.row = DeskRow.objects.create(address="https://desk.example", public=public)

    def __call__(self, address: str, body: bytes, signature: str) -> tuple[bytes, str]:
        asked = json.loads(body)
        self.asked.append(asked)
        live = [[n, live_calls.base64.b64encode(one).decode()] for n, one in enumerate(self.live, 1)]
        kept = [[n, live_calls.base64.b64encode(one).decode()] for n, one in enumerate(self.kept, 1)]
        words = {"boot": "b0", "live": live[asked["live_done"] :], "rows": kept[asked["after"] :]}
        reply = json.dumps({"nonce": asked["nonce"], "life": "ab", "left": 0, **words}).encode()
        return reply, self.key.sign(pulling.ANSWERS + reply).hex()


Took = list[tuple[dict[str, Any], int]]


@pytest.fixture
def took(monkeypatch: pytest.MonkeyPatch) -> Took:
    """What a handler of the kind `try` was given."""
    found: Took = []

    def handler(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
        found.append((words, desk))
        return "tried"

    monkeypatch.setitem(support_intake._LIVE, "try", handler)
    monkeypatch.setitem(support_intake._KEPT, "try", handler)
    return found


Seal = Callable[..., bytes]


def test_a_live_envelope_goes_to_the_handler_of_its_kind_once_and_is_acknowledged(opened: Vault, took: Took) -> None:
    one = sealed(opened.ring.current(INTAKE).public, {"kind": "try", "n": 1})
    desk = AnsweringDesk(live=[one])
    live = LiveCalls(support_intake.live())
    for _ in range(2):
        subscribe.pull(opened, NOW, ask=desk, live=live)
    assert took == [({"kind": "try", "n": 1}, desk.row.pk)]
    assert [asked["live_done"] for asked in desk.asked] == [0, 1, 1]
    subscribe.pull(opened, NOW, ask=desk)  # a restart: handed out again, counted once
    assert len(took) == 1


def test_a_kind_that_nobody_registered_is_held_as_malformed(opened: Vault, took: Took) -> None:
    desk = AnsweringDesk(live=[sealed(opened.ring.current(INTAKE).public, {"kind": "strange"})])
    subscribe.pull(opened, NOW, ask=desk)
    assert Held.objects.get().reason == "malformed"


def test_what_lies_in_a_spool_counts_with_the_signature_of_a_desk_alone(opened: Vault, took: Took) -> None:
    public, desk = opened.ring.current(INTAKE).public, AnsweringDesk()
    desk.kept = [
        sealed(public, {"kind": "try", "n": "anybody's"}),
        vouched(public, Ed25519PrivateKey.generate(), {"kind": "try", "n": "a stranger's"}),
        vouched(public, desk.key, {"kind": "try", "n": "the desk's"}),
    ]
    subscribe.pull(opened, NOW, ask=desk)
    assert [words["n"] for words, _ in took] == ["the desk's"]
    assert Held.objects.count() == 2


def test_a_handler_that_stumbles_leaves_nothing_behind(opened: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
        DeskRow.objects.create(address="https://half-done.example", public="")
        raise KeyError("amount")

    monkeypatch.setitem(support_intake._LIVE, "try", stumble)
    desk = AnsweringDesk(live=[sealed(opened.ring.current(INTAKE).public, {"kind": "try"})])
    subscribe.pull(opened, NOW, ask=desk)
    assert DeskRow.objects.count() == 1
    assert holding.take_held(opened, NOW, others={}) == 0


@pytest.mark.parametrize(
    "words",
    [
        {"boot": "../x"},
        {"boot": 7},
        {"live": [[0, ""]]},
        {"live": [[1, "*"]]},
        {"live": [["1", ""]]},
        {"shown": ["short"]},
        {"shown": [7]},
        {"shown": 7},
    ],
)
def test_an_answer_about_payments_that_is_none_is_refused(words: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        live_calls.look_over(words)


def test_what_is_told_fits_what_a_desk_reads_and_the_rest_follows() -> None:
    rows = Rows()
    for number in range(60):
        rows.put(Status(f"{number:038}", State.PLAN, 2_000_000_000, {"text": "щ" * 3000}))
    calls = LiveCalls({}, rows)
    calls.acknowledge(1, {"boot": "b0"})
    question = calls.question(1, NOW)
    assert question["tell_all"] is False
    assert 0 < len(json.dumps(question)) < 100_000
    for _ in range(30):
        with patch.object(live_calls.intake, "take_all"):
            calls.take(None, 1, {"boot": "b0"}, [], NOW)  # type: ignore[arg-type]
        if (question := calls.question(1, NOW))["tell_all"]:
            break
    assert question["tell_all"] is True

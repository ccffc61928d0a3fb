"""Payments at the desk: handed out once it is certain that the newsroom asks, told truly, shown and forgotten."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.desk import live as live_room
from hectograph.desk.live import Live, LiveFull
from hectograph.desk.own_marks import OwnMarks
from hectograph.payments.status import KEPT, State, Status

KEY = Ed25519PrivateKey.generate()


class Time:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def live(time: Time) -> Live:
    return Live(OwnMarks(KEY), time, ticking=time)


def posted(live: Live) -> str:
    status_id = live.new_id()
    live.post(status_id, b"sealed", 120)
    return status_id


def state(live: Live, status_id: str) -> State | None:
    found = live.look(status_id)
    return found.state if found else None


def told(live: Live, *statuses: Status, boot: str = "", is_all: bool = False, done: int = 0) -> None:
    live.hear(boot or live.boot, done, statuses, is_all=is_all)


def test_an_envelope_that_nobody_fetched_in_time_is_withdrawn_and_said_to_be(live: Live, time: Time) -> None:
    status_id = posted(live)
    assert state(live, status_id) is State.UNDER_WAY
    time.now += 120
    assert live.hand_out() == []
    assert state(live, status_id) is State.EXPIRED


def test_what_was_handed_out_is_the_newsrooms_to_speak_of_however_late(live: Live, time: Time) -> None:
    status_id = posted(live)
    assert live.hand_out() == [(1, b"sealed")]
    time.now += 3600
    assert state(live, status_id) is State.UNDER_WAY
    assert live.hand_out() == [(1, b"sealed")], "an answer that got lost is given again"


def test_what_the_newsroom_acknowledges_is_handed_out_no_more(live: Live) -> None:
    posted(live)
    live.hand_out()
    told(live, done=1, boot="of another memory")
    assert len(live.hand_out()) == 1
    told(live, done=1)
    assert live.hand_out() == []


def test_a_status_is_shown_again_for_two_minutes_and_then_forgotten_on_both_sides(live: Live, time: Time) -> None:
    status_id = posted(live)
    live.hand_out()
    told(live, Status(status_id, State.PAID, 0, {"manage": "token"}))
    live.shown(status_id)
    assert live.lately_shown() == [status_id]
    time.now += 100
    assert state(live, status_id) is State.PAID
    time.now += 30
    assert live.lately_shown() == []
    told(live, Status(status_id, State.PAID, 0, {"manage": "token"}))
    found = live.look(status_id)
    assert found
    assert (found.state, found.words) == (State.SHOWN, {})


@pytest.mark.parametrize("word", [State.UNDER_WAY, State.ACTION, State.UNKNOWN])
def test_what_is_not_the_end_of_it_is_not_taken_for_shown(live: Live, word: State) -> None:
    status_id = posted(live)
    told(live, Status(status_id, word, 0))
    live.shown(status_id)
    assert live.lately_shown() == []
    told(live, Status(status_id, State.PAID, 0))
    assert state(live, status_id) is State.PAID


def test_after_a_restart_nothing_is_said_until_the_newsroom_has_told_all(live: Live, time: Time) -> None:
    held, lost = posted(live), posted(live)
    again = Live(OwnMarks(KEY), time, ticking=time)
    told(again, boot=live.boot, is_all=True)
    told(again)
    assert [state(again, one) for one in (held, lost)] == [State.UNDER_WAY] * 2
    told(again, Status(held, State.PAID, 0), is_all=True)
    assert [state(again, one) for one in (held, lost)] == [State.PAID, State.EXPIRED]


def test_a_day_later_nothing_is_claimed_of_what_is_not_remembered(live: Live, time: Time) -> None:
    status_id = posted(live)
    again = Live(OwnMarks(KEY), time, ticking=time)
    told(again, is_all=True)
    time.now += KEPT - 3600
    assert again.look(status_id) is None


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.from_regex(r"[A-Za-z0-9_-]{38}", fullmatch=True)))
def test_an_id_that_was_not_made_here_is_answered_with_nothing(text: str) -> None:
    live = Live(OwnMarks(KEY), Time())
    told(live, is_all=True)
    assert live.look(text) is None


def test_one_that_is_told_and_that_no_desk_of_this_key_made_is_not_kept(live: Live) -> None:
    told(live, Status("x" * 38, State.PAID, 2_000_000_000))
    assert live.look("x" * 38) is None


def test_a_full_memory_takes_no_payment_and_loses_none(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_room, "MOST_WAITING", 3)
    kept = [posted(live) for _ in range(3)]
    with pytest.raises(LiveFull):
        posted(live)
    assert [state(live, one) for one in kept] == [State.UNDER_WAY] * 3


def test_more_told_than_there_is_room_for_makes_no_claim_of_the_rest(
    live: Live, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [live.new_id() for _ in range(3)]
    again = Live(OwnMarks(KEY), time, ticking=time)
    monkeypatch.setattr(live_room, "MOST_ROWS", 2)
    told(again, *(Status(one, State.PAID, 0) for one in ids), is_all=True)
    told(again, is_all=True)
    assert [state(again, one) for one in ids] == [State.PAID, State.PAID, State.UNDER_WAY]


def test_the_newsroom_is_away_when_it_has_not_asked_for_half_a_minute(live: Live, time: Time) -> None:
    assert not live.is_newsroom_here
    told(live)
    time.now += 30
    assert live.is_newsroom_here
    time.now += 1
    assert not live.is_newsroom_here


def test_a_mark_is_good_under_its_own_label_and_key_alone() -> None:
    marks = OwnMarks(KEY)
    signed = marks.sign("pay", "a|b")
    assert marks.check("pay", signed) == "a|b"
    assert marks.check("other", signed) is None
    assert OwnMarks(Ed25519PrivateKey.generate()).check("pay", signed) is None
    assert [marks.check("pay", text) for text in ("", "x", signed[:-1], "A" + signed, signed + "é")] == [None] * 5

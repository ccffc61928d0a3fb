"""Every reader ends in a named state, nobody gets two copies, whatever the relay does (mail.md §7)."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hectograph.post.engine import End, Engine
from hectograph.post.outcomes import Claim, Mail, Outcome, State
from hectograph.post.smtp import Timeouts
from hectograph.post.storage import Order, Wish
from tests.loops import run
from tests.peers.relay import RESET, STALL, Relay, Talk
from tests.post.engines import QUICK, Letter, address

COUNT = 120


def with_relay(relay: Relay, act: Callable[[], Awaitable[None]]) -> None:
    async def inside() -> None:
        async with relay:
            await act()

    run(inside())


def every(step: str, nth: int, answer: str) -> Callable[[Talk, str, int], str | None]:
    return lambda talk, at, count: answer if at == step and count % nth == 0 else None


@pytest.mark.parametrize("offers", [("PIPELINING",), ()])
def test_everyone_gets_one_copy(tmp_path: Path, offers: tuple[str, ...]) -> None:
    relay = Relay(offers=offers)

    async def act() -> None:
        letter = Letter(tmp_path, COUNT)
        assert await letter.send(relay) is End.DONE
        assert letter.count(State.ACCEPTED) == COUNT
        assert relay.copies() == {address(reader): 1 for reader in range(COUNT)}
        assert letter.shelf.done
        assert not list(tmp_path.iterdir())

    with_relay(relay, act)


@pytest.mark.parametrize("offers", [("PIPELINING",), ()])
@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("code", ["450 4.2.1 later", "550 5.1.1 never", "421 4.3.0 closing"])
def test_answers_belong_to_their_own_reader(tmp_path: Path, offers: tuple[str, ...], step: str, code: str) -> None:
    """Attack 6: each refusal stands at the reader whose mail was refused, and the next one is not touched."""
    refused: list[str] = []

    def rule(talk: Talk, at: str, count: int) -> str | None:
        if at != step or count % 31:
            return None
        refused.append(
            (talk.sender if step == "mail" else talk.to).partition("@")[0].removeprefix("b+").removeprefix("r")
        )
        return code

    relay = Relay(rule, offers)

    async def act() -> None:
        letter = Letter(tmp_path, COUNT)
        await letter.send(relay, during=lambda engine: _stop_when(engine, letter))
        copies = relay.copies()
        states = letter.states()
        for reader, state in states.items():
            assert (copies[address(reader)] == 1) == (state is State.ACCEPTED), reader
        if not code.startswith("421"):
            assert {str(reader) for reader, state in states.items() if state is not State.ACCEPTED} == set(refused)
            expected = State.DEFERRED if code.startswith("4") else State.REJECTED
            assert letter.count(expected) == len(refused) > 0
        assert max(copies.values()) == 1

    with_relay(relay, act)


def _stop_when(engine: Engine, letter: Letter) -> None:
    """Stop once nobody is to be sent to at once."""

    async def watch() -> None:
        while letter.count(State.READY) or letter.count(State.LEASED):
            await asyncio.sleep(0.01)
        engine.stop()

    letter.watch = asyncio.create_task(watch())  # type: ignore[attr-defined]


def test_a_text_awaited_after_a_refusal_gets_a_lone_dot_and_no_text(tmp_path: Path) -> None:
    def rule(talk: Talk, at: str, count: int) -> str | None:
        if at == "rcpt" and count % 10 == 0:
            return "550 5.1.1 nobody"
        return "354 go on all the same" if at == "data" else None

    relay = Relay(rule)

    async def act() -> None:
        letter = Letter(tmp_path, 40, shape=replace(QUICK, connections=1))
        assert await letter.send(relay) is End.DONE
        assert (letter.count(State.REJECTED), letter.count(State.ACCEPTED), len(relay.taken)) == (4, 36, 36)

    with_relay(relay, act)


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        ("data", RESET, State.ACCEPTED),
        ("mail", RESET, State.ACCEPTED),
        ("dot", RESET, State.UNCERTAIN),
        ("dot", "taken then reset", State.UNCERTAIN),
    ],
)
def test_a_broken_connection_is_sent_again_only_if_no_final_dot_was_written(
    tmp_path: Path, step: str, answer: str, expected: State
) -> None:
    """Attack 5: before 354 the reader gets it by another connection; after the dot they are uncertain, never resent."""
    relay = Relay(lambda talk, at, count: answer if at == step and count == 5 else None)

    async def act() -> None:
        letter = Letter(tmp_path, 30, shape=replace(QUICK, connections=1))
        assert await letter.send(relay) is End.DONE
        uncertain = letter.count(State.UNCERTAIN)
        assert uncertain == (1 if expected is State.UNCERTAIN else 0)
        assert letter.count(State.ACCEPTED) == 30 - uncertain
        assert max(relay.copies().values()) == 1

    with_relay(relay, act)


def test_a_text_cut_in_the_middle_is_sent_again(tmp_path: Path) -> None:
    relay = Relay(lambda talk, at, count: RESET if at == "body" and count == 2 else None)

    async def act() -> None:
        letter = Letter(tmp_path, 4, shape=replace(QUICK, connections=1))
        letter.body = b"Subject: x\r\n\r\n" + b"word word word\r\n" * 500_000  # more than any socket's buffer
        assert await letter.send(relay) is End.DONE
        assert letter.count(State.ACCEPTED) == 4
        assert max(relay.copies().values()) == 1

    with_relay(relay, act)


def test_a_relay_silent_at_the_dot_makes_uncertain_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    """Attack 8, with the ten minutes of RFC 5321 made short."""
    relay = Relay(lambda talk, at, count: "taken then stall" if at == "dot" and count == 3 else None)

    async def act() -> None:
        letter = Letter(tmp_path, 20, timeouts=Timeouts(dot=0.3))
        assert await letter.send(relay) is End.DONE
        assert (letter.count(State.UNCERTAIN), letter.count(State.ACCEPTED)) == (1, 19)
        assert relay.copies() == {address(reader): 1 for reader in range(20)}

    with_relay(relay, act)


def test_a_relay_silent_at_the_greeting_holds_nobody_for_lost(tmp_path: Path) -> None:
    relay = Relay(lambda talk, at, count: STALL if at == "greeting" and count == 1 else None)

    async def act() -> None:
        letter = Letter(tmp_path, 20, shape=replace(QUICK, connections=1), timeouts=Timeouts(greeting=0.2))
        assert await letter.send(relay) is End.DONE
        assert letter.count(State.ACCEPTED) == 20

    with_relay(relay, act)


@pytest.mark.parametrize("answer", ["550 5.7.1 blocked by policy", "550 no"])
def test_a_relay_that_refuses_everyone_pauses_the_letter_and_blames_no_reader(tmp_path: Path, answer: str) -> None:
    """Attack 7."""
    relay = Relay(lambda talk, at, count: answer if at == "rcpt" else None)

    async def act() -> None:
        letter = Letter(tmp_path, 600)
        assert await letter.send(relay) is End.PAUSED
        assert letter.shelf.reason
        assert letter.count(State.READY) == 600
        assert relay.counts["rcpt"] <= 230
        relay.rule = lambda talk, at, count: None
        letter.shelf.order = Order(Wish.SEND)
        assert await letter.send(relay) is End.DONE
        assert relay.copies() == {address(reader): 1 for reader in range(600)}

    with_relay(relay, act)


def test_pausing_and_resuming_skips_nobody_and_repeats_nobody(tmp_path: Path) -> None:
    """Attack 17."""
    relay = Relay(latest_answer=0.002)

    async def act() -> None:
        letter, pauses = Letter(tmp_path, 600), 0

        def soon(engine: Engine) -> None:
            asyncio.get_running_loop().call_later(0.02, lambda: setattr(letter.shelf, "order", Order(Wish.PAUSE)))

        while await letter.send(relay, during=soon) is not End.DONE:
            pauses += 1
            assert letter.count(State.LEASED) == 0
            letter.shelf.order = Order(Wish.SEND)
        assert pauses > 3
        assert relay.copies() == {address(reader): 1 for reader in range(600)}

    with_relay(relay, act)


def test_who_leaves_while_it_is_sent_gets_none_after_the_next_claim(tmp_path: Path) -> None:
    """Attack 16."""
    relay = Relay()

    async def act() -> None:
        letter = Letter(tmp_path, 400)
        relay.rule = lambda talk, at, count: letter.shelf.gone.update(range(200, 400)) if count == 20 else None  # type: ignore[func-returns-value]
        assert await letter.send(relay) is End.DONE
        assert letter.count(State.SUPPRESSED) == 200
        assert letter.count(State.ACCEPTED) == 200 == len(relay.taken)

    with_relay(relay, act)


def test_an_address_that_could_end_its_command_never_reaches_the_relay(tmp_path: Path) -> None:
    """Attack 19."""
    bad = ["a\r\nDATA@x.org", "a\0b@x.org", '"a b"@x.org', "ж@x.org", "a" * 320 + "@x.org", "<a>@x.org", "", "nobody"]
    relay = Relay()

    async def act() -> None:
        letter = Letter(tmp_path, 20)
        letter.address = lambda reader: bad[reader] if reader < len(bad) else address(reader)
        assert await letter.send(relay) is End.DONE
        assert letter.count(State.REJECTED) == len(bad)
        assert relay.copies() == {address(reader): 1 for reader in range(len(bad), 20)}

    with_relay(relay, act)


def test_a_relay_that_is_down_burns_no_attempt(tmp_path: Path) -> None:
    async def act() -> None:
        letter = Letter(tmp_path, 20)
        down = Relay()
        down.port = 9  # nobody listens

        def later(engine: Engine) -> None:
            asyncio.get_running_loop().call_later(0.3, engine.stop)

        assert await letter.send(down, during=later) is End.STOPPED
        assert letter.count(State.READY) == 20
        assert {row.attempt for row in letter.shelf.rows.values()} == {0}
        async with Relay() as relay:
            assert await letter.send(relay) is End.DONE
            assert len(relay.taken) == 20

    run(act())


def test_without_a_written_intent_no_final_dot_goes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack 12: the journal's disk is full."""
    relay = Relay()

    async def act() -> None:
        letter = Letter(tmp_path, 40)

        def full(engine: Engine) -> None:
            def refuse(claim: object) -> None:
                raise OSError("no space")

            object.__setattr__(engine.ink, "intent", refuse)

        assert await letter.send(relay, during=full) is End.TROUBLE
        assert relay.taken == []
        assert letter.count(State.READY) == 40

    with_relay(relay, act)


def test_a_letter_that_stays_deferred_expires(tmp_path: Path) -> None:
    relay = Relay(every("rcpt", 1, "450 4.2.2 full"))

    async def act() -> None:
        letter = Letter(tmp_path, 10)
        loop = asyncio.get_running_loop()
        start = loop.time()
        letter.clock = lambda: start + (loop.time() - start) * 100_000
        letter.shelf.expires_at = start + 24 * 3600
        assert await letter.send(relay) is End.DONE
        assert letter.count(State.EXPIRED) == 10

    with_relay(relay, act)


def test_mails_that_can_not_be_made_stop_the_letter_and_leave_nobody_in_hand(tmp_path: Path) -> None:
    """Whatever the reason: the process that opens addresses was killed, say."""
    relay, turns = Relay(), itertools.count()

    async def act() -> None:
        letter = Letter(tmp_path, COUNT)
        made = letter.prepare

        async def prepare(claims: list[Claim]) -> Sequence[Mail | Outcome]:
            if next(turns) == 2:
                raise RuntimeError("a process was killed")
            return await made(claims)

        letter.prepare = prepare  # type: ignore[method-assign]
        assert await letter.send(relay) is End.TROUBLE
        assert letter.engine is not None
        assert "RuntimeError" in letter.engine.trouble
        assert letter.count(State.ACCEPTED) == len(relay.taken) < COUNT
        assert letter.count(State.READY) == COUNT - len(relay.taken)

    with_relay(relay, act)


@pytest.mark.parametrize("task", ["_feed", "_settle_on", "_look", "_sync", "_carrier"])
def test_a_task_that_breaks_stops_the_letter_and_says_so(tmp_path: Path, task: str) -> None:
    async def broken(*_: object) -> None:
        raise OSError("no space")

    relay = Relay()

    async def act() -> None:
        letter = Letter(tmp_path, COUNT)
        assert await letter.send(relay, during=lambda engine: setattr(engine, task, broken)) is End.TROUBLE
        assert letter.engine is not None
        assert "OSError" in letter.engine.trouble
        assert letter.count(State.LEASED) == 0

    with_relay(relay, act)


def test_what_is_put_off_waits_longer_each_time(tmp_path: Path) -> None:
    heard: list[float] = []

    async def act() -> None:
        letter = Letter(tmp_path, 1)

        def listen(engine: Engine) -> None:
            engine.stop()
            for attempt in range(6):
                engine.heard(Outcome(Claim(0, 1, attempt), State.DEFERRED, 450, "", "rcpt"))
            heard.extend(outcome.delay for outcome in engine._outcomes)

        await letter.send(Relay(), during=listen)

    run(act())
    assert heard == [300, 900, 3600, 14400, 14400, 14400]


def test_the_journal_keeps_what_the_database_has_not_taken(tmp_path: Path) -> None:
    """Killed in the moment of a commit, the sender finds there who has it."""
    kept: list[set[int]] = []

    async def act() -> None:
        letter = Letter(tmp_path, 1)

        def listen(engine: Engine) -> None:
            settle = engine.storage.settle

            def looked_at(batch: Sequence[Outcome]) -> int:
                kept.append({key.reader for key in engine.ink.journal._open})
                return settle(batch)

            engine.storage.settle = looked_at  # type: ignore[method-assign]

        async with Relay() as relay:
            assert await letter.send(relay, during=listen) is End.DONE

    run(act())
    assert kept == [{0}]


def test_a_relay_that_puts_everyone_off_is_written_to_more_slowly(tmp_path: Path) -> None:
    async def act() -> None:
        letter = Letter(tmp_path, 300)

        def listen(engine: Engine) -> None:
            _stop_when(engine, letter)

        async with Relay(every("rcpt", 20, "450 4.7.0 slowly")) as relay:
            await letter.send(relay, during=listen)
        assert letter.engine is not None
        assert letter.engine.throttle.limited

    run(act())

"""What came back is told apart from what only looks like it; no mail stops the run."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.post import bounces
from hectograph.post.bounces import Kind
from hectograph.post.reasons import Reason, Weight
from tests.post.returned_mails import NO_BOUNCES, PLAIN, READER, REPORTS, feedback, mail, report


@pytest.mark.parametrize(("status", "words", "reason"), [row[1:] for row in REPORTS], ids=[row[0] for row in REPORTS])
def test_a_report_tells_whom_it_failed_for_and_why(status: str, words: str, reason: str) -> None:
    verdict = bounces.read(report(status, words))
    assert verdict.kind is Kind.BOUNCE
    assert [(failure.address, failure.reason) for failure in verdict.failures] == [(READER, reason)]


@pytest.mark.parametrize(("raw", "reason"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_a_bounce_in_plain_words_tells_it_as_well(raw: bytes, reason: str) -> None:
    verdict = bounces.read(raw)
    assert verdict.kind is Kind.BOUNCE
    assert [(failure.address, failure.reason) for failure in verdict.failures] == [(READER, reason)]


@pytest.mark.parametrize(("raw", "kind"), [row[1:] for row in NO_BOUNCES], ids=[row[0] for row in NO_BOUNCES])
def test_what_is_no_bounce_is_not_taken_for_one(raw: bytes, kind: str) -> None:
    assert bounces.read(raw).kind == kind
    assert bounces.read(raw).failures == ()


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out", "other"])
def test_a_complaint_is_one(kind: str) -> None:
    assert bounces.read(feedback(kind)).kind is Kind.COMPLAINT


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "dkim"])
def test_a_feedback_report_of_another_kind_is_no_complaint(kind: str) -> None:
    assert bounces.read(feedback(kind)).kind is Kind.OTHER


def _with_another(fields: bytes) -> bytes:
    """A report about READER and about another one, of whom it has `fields`."""
    end = b"--limit\nContent-Type: message/rfc822"
    second = b"Final-Recipient: rfc822; two@mail.example\n" + fields + b"\n\n"
    return report("5.1.1", "550 User unknown").replace(end, second + end)


def test_several_recipients_each_have_their_own_reason() -> None:
    raw = _with_another(b"Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 mailbox full")
    found = {failure.address: failure.reason for failure in bounces.read(raw).failures}
    assert found == {READER: Reason.NO_MAILBOX, "two@mail.example": Reason.FULL}


def test_one_recipient_that_was_reached_is_no_failure() -> None:
    raw = _with_another(b"Action: delivered\nStatus: 2.0.0")
    assert [failure.address for failure in bounces.read(raw).failures] == [READER]


@pytest.mark.parametrize(
    "mangle",
    [
        lambda raw: raw.replace(b"message/delivery-status", b"text/plain"),
        lambda raw: raw.replace(b"multipart/report", b"multipart/mixed"),
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw.replace(b"\n", b"\r"),
        lambda raw: raw.replace(b"--limit--\n", b""),
        lambda raw: raw.replace(b"charset=utf-8", b"charset=no-such-charset"),
        lambda raw: raw.replace(b"It could not", b"\xff\xfe\x00It could not"),
        lambda raw: b"From MAILER-DAEMON Fri Nov 20 10:00:00 2026\n" + raw,
        lambda raw: raw[: raw.index(b"--limit\nContent-Type: message/rfc822")],
        lambda raw: raw + b"x" * 10_000_000,
        lambda raw: raw.replace(b'boundary="limit"', b'boundary="another"'),
    ],
    ids=[
        "type lost",
        "not a report",
        "CRLF",
        "CR",
        "no end",
        "charset",
        "bytes",
        "mbox line",
        "cut off",
        "10 MB",
        "boundary lost",
    ],
)
def test_a_mangled_report_is_still_read(mangle: object) -> None:
    verdict = bounces.read(mangle(report("5.1.1", "550 5.1.1 User unknown")))  # type: ignore[operator]
    assert [(failure.address, failure.reason) for failure in verdict.failures] == [(READER, Reason.NO_MAILBOX)]


def test_a_desk_that_failed_is_found_and_one_to_turn_to_is_not() -> None:
    of_a_desk = mail(
        "failure notice", "could not be delivered\n<support@mail.example>: host mx.mail.example: 550 no such user"
    )
    assert [failure.address for failure in bounces.read(of_a_desk).failures] == ["support@mail.example"]
    to_turn_to = mail("failure notice", "could not be delivered. Write to <support@isp.example> for help.")
    assert [failure.address for failure in bounces.read(to_turn_to).failures] == [""]


def test_what_only_the_relay_or_a_policy_says_weighs_on_us() -> None:
    ours = {reason for reason in Reason if reason.weight is Weight.OURS}
    assert ours == {Reason.BLOCKED, Reason.CONTENT, Reason.RATE, Reason.TOO_BIG, Reason.AUTH}


def test_an_address_in_a_status_is_no_code() -> None:
    verdict = bounces.read(mail("failure notice", f"could not be delivered\n<{READER}>: host [4.79.181.16]: 550 no"))
    assert [failure.status for failure in verdict.failures] == [""]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    bounces.read(raw)
    bounces.read(report("5.1.1", "550 User unknown")[: len(raw)] + raw)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2000), st.binary(max_size=40))
def test_a_report_with_a_hole_in_it_is_read_without_an_error(place: int, hole: bytes) -> None:
    whole = report("5.1.1", "550 User unknown")
    bounces.read(whole[:place] + hole + whole[place + len(hole) :])


@pytest.mark.parametrize(
    "bomb",
    [
        b">\n" * 400_000,
        b"\n \t" * 300_000,
        b"<a@b" * 200_000,
        b"<style>" * 100_000,
        b"--a\n\nx\n" * 80_000,
        b"Content-Type: message/rfc822\n\n" * 20_000,
    ],
    ids=["quoted", "blank", "addresses", "styles", "parts", "nested"],
)
@pytest.mark.parametrize("head", [b"", b"Content-Type: text/html\n", b"Content-Type: multipart/mixed; boundary=a\n"])
def test_a_bomb_takes_no_longer_than_a_long_mail(head: bytes, bomb: bytes) -> None:
    before = time.process_time()
    bounces.read(b"From: MAILER-DAEMON@mx.example\nSubject: failure\n" + head + b"\ncould not be delivered\n" + bomb)
    assert time.process_time() - before < 30  # it was 137 seconds once; a limit to stop a run, not a figure

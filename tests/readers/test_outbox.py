"""Small mails leave once, and each row says what became of it."""

import re
from datetime import timedelta
from email import message_from_string, policy

import pytest

from hectograph.post import relay as relays
from hectograph.post.message import MessageProblem, Sender, SmallMail, compose
from hectograph.post.relay import Fate, RelayProblem
from hectograph.readers.outbox import Outbox
from hectograph.readers.outbox_row import Outgoing
from hectograph.sealing.capability import Purpose
from tests.readers.conftest import ADDRESS, NOW, Readers, Relay

Post = tuple[Outbox, Relay]
_LINK = re.compile(r"https://links\.example/l/(\S+)")


def text_of(message: str) -> str:
    parsed = message_from_string(message, policy=policy.default)
    body = parsed.get_body()
    assert body is not None
    return str(body.get_content())


def test_a_confirmation_leaves_with_a_link_that_any_desk_can_check(readers: Readers, post: Post) -> None:
    readers.sign_up(language="ru")
    outbox, peer = post
    assert outbox.send_due(NOW) == 1
    ((to, message),) = peer.taken
    assert to == ADDRESS
    found = readers.link(_LINK.findall(text_of(message))[0])
    assert found is not None
    assert (found.purpose, found.language) == (Purpose.CONFIRM, "ru")
    assert found.number.hex() == readers.one().confirm_number
    assert "List-Unsubscribe" not in message
    assert Outgoing.objects.get().state == "accepted"
    assert outbox.send_due(NOW) == 0


def test_the_welcome_can_be_left_with_one_click(readers: Readers, post: Post) -> None:
    readers.confirmed()
    outbox, peer = post
    outbox.send_due(NOW)
    parsed = message_from_string(peer.taken[-1][1], policy=policy.default)
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = readers.link(_LINK.findall(parsed["List-Unsubscribe"].replace(">", " "))[0])
    assert found is not None
    assert found.purpose is Purpose.LEAVE
    assert "courier.example/how.html" in text_of(peer.taken[-1][1])


def test_what_is_not_taken_now_is_tried_again_later_and_the_same_mail(readers: Readers, post: Post) -> None:
    readers.sign_up()
    outbox, peer = post
    peer.fates = [Fate.LATER]
    outbox.send_due(NOW)
    assert outbox.send_due(NOW) == 0
    assert outbox.send_due(NOW + timedelta(minutes=2)) == 1
    assert len(peer.taken) == 1


@pytest.mark.parametrize("fate", [Fate.REJECTED, Fate.UNCERTAIN])
def test_what_is_refused_or_in_doubt_is_never_sent_again(readers: Readers, post: Post, fate: Fate) -> None:
    readers.sign_up()
    outbox, peer = post
    peer.fates = [fate]
    outbox.send_due(NOW)
    assert outbox.send_due(NOW + timedelta(days=3)) == 0
    assert Outgoing.objects.get().state == fate.value


def test_a_process_killed_in_between_leaves_a_mail_in_doubt_not_two(readers: Readers, post: Post) -> None:
    readers.sign_up()
    outbox, peer = post

    def die() -> None:
        raise KeyboardInterrupt

    peer.before = die
    with pytest.raises(KeyboardInterrupt):
        outbox.send_due(NOW)
    peer.before = lambda: None
    assert outbox.recover(NOW) == 1
    assert outbox.send_due(NOW + timedelta(days=1)) == 0
    assert Outgoing.objects.get().state == "uncertain"


def test_a_relay_that_is_down_loses_nothing_and_costs_no_try(readers: Readers, post: Post) -> None:
    readers.sign_up()
    outbox, peer = post
    peer.down = True
    with pytest.raises(RelayProblem):
        outbox.send_due(NOW)
    peer.down = False
    assert outbox.send_due(NOW) == 1


def test_who_leaves_before_the_mail_does_gets_none(readers: Readers, post: Post) -> None:
    reader = readers.confirmed()
    readers.wish(3, reader.number, act="erase")
    outbox, peer = post
    assert outbox.send_due(NOW) == 0
    assert peer.taken == []


@pytest.mark.parametrize(
    "to", ["a@b\r\nBcc: x@example.org", "a b@example.org", "a@example.org\0", "<a@example.org>", ""]
)
def test_an_address_cannot_break_out_of_its_header(to: str) -> None:
    with pytest.raises(MessageProblem) as caught:
        compose(SmallMail(to, "S", "T", "k"), Sender("N", "n@courier.example"), b"k", NOW)
    assert "example.org" not in str(caught.value)


def test_a_subject_with_line_breaks_stays_one_line() -> None:
    message = compose(
        SmallMail("a@example.org", "S\r\nBcc: x@example.org", "T\n.\nQUIT", "k"), Sender("N", "n@c.example"), b"k", NOW
    )
    parsed = message_from_string(message.decode(), policy=policy.default)
    assert parsed["Bcc"] is None
    assert b"\n" not in message.replace(b"\r\n", b"")


def test_mail_without_tls_goes_to_this_machine_alone() -> None:
    with pytest.raises(relays.Problem, match="this machine alone"):
        relays.read("smtp+plain://mail.example.org:25")

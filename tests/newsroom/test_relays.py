"""Small mails by a provider's own interface: every answer is one fate, and nothing that is said names the reader."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hectograph.errors import Problem
from hectograph.newsroom.relays import choosing, providers
from hectograph.post import relay
from hectograph.post.message import Sender, SmallMail, compose
from hectograph.post.relay import Fate, RelayProblem
from tests.readers.conftest import NOW

TO = "anna.reader@example.org"
GOOD = json.dumps({"ErrorCode": 0, "Message": "OK", "MessageID": "1", "SubmittedAt": "", "To": TO})


class Peer(ThreadingHTTPServer):
    """A provider that answers as told."""

    code, body, hang_up, location = 200, GOOD, False, ""
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.got: list[dict[str, object]] = []
        self.paths: list[str] = []
        self.tokens: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Answers(BaseHTTPRequestHandler):
    server: Peer

    def do_POST(self) -> None:
        peer = self.server
        peer.paths.append(self.path)
        peer.tokens.append(self.headers.get("X-Postmark-Server-Token"))
        peer.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        if peer.hang_up:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(peer.code)
        if peer.location:
            self.send_header("Location", peer.location)
        self.send_header("Content-Length", str(len(peer.body)))
        self.end_headers()
        self.wfile.write(peer.body.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def hand(peer: Peer) -> Fate:
    mail = SmallMail(TO, "Пожалуйста, подтвердите", "Одно нажатие.\nhttps://links.example/l/x\n", "confirm|1")
    message = compose(mail, Sender("Курьер", "letter@courier.example"), b"secret", NOW)
    with providers.Provider("postmark", "the-key", (("api_url", peer.url),))() as door:
        return door.hand("letter@courier.example", TO, message)


def test_a_mail_goes_to_the_provider_as_it_was_written_without_tracking(peer: Peer) -> None:
    assert hand(peer) is Fate.ACCEPTED
    (got,) = peer.got
    assert got["To"] == TO
    assert got["Subject"] == "Пожалуйста, подтвердите"
    assert "https://links.example/l/x" in str(got["TextBody"])
    assert got["TrackOpens"] is False
    assert got["TrackLinks"] == "None"
    assert peer.tokens == ["the-key"]
    headers = {row["Name"]: row["Value"] for row in got["Headers"]}  # type: ignore[index,attr-defined]
    assert headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("code", "fate"),
    [(429, Fate.LATER), (503, Fate.LATER), (422, Fate.LATER), (500, Fate.UNCERTAIN), (502, Fate.UNCERTAIN)],
)
def test_every_refusal_is_one_fate(peer: Peer, code: int, fate: Fate) -> None:
    peer.code, peer.body = code, json.dumps({"Message": TO})
    assert hand(peer) is fate
    assert len(peer.got) == 1


def test_an_address_that_the_provider_knows_as_dead_is_refused_for_good(peer: Peer) -> None:
    peer.code, peer.body = (
        422,
        json.dumps({"ErrorCode": 406, "Message": f"Found inactive addresses: {TO}.\n Inactive recipients."}),
    )
    assert hand(peer) is Fate.REJECTED


@pytest.mark.parametrize("body", ["", "<html>", "[]", "null", '{"ErrorCode": 0}'])
def test_an_answer_that_makes_no_sense_leaves_the_fate_open(peer: Peer, body: str) -> None:
    peer.body = body
    assert hand(peer) is Fate.UNCERTAIN
    assert len(peer.got) == 1


def test_a_connection_that_breaks_after_the_mail_was_out_is_uncertain_and_not_tried_again(peer: Peer) -> None:
    peer.hang_up = True
    assert hand(peer) is Fate.UNCERTAIN
    assert len(peer.got) == 1


def test_a_provider_that_nobody_reaches_holds_everything_up(peer: Peer) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        peer_url = f"http://127.0.0.1:{door.getsockname()[1]}/"
    silent = providers.Provider("postmark", "the-key", (("api_url", peer_url),))
    message = compose(SmallMail(TO, "x", "y", "k"), Sender("C", "l@courier.example"), b"s", NOW)
    with silent() as open_door, pytest.raises(RelayProblem) as raised:
        open_door.hand("l@courier.example", TO, message)
    assert TO not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_mail_does_not_follow_an_answer_that_points_elsewhere(peer: Peer) -> None:
    peer.code, peer.location = 307, f"{peer.url}elsewhere"
    with pytest.raises(RelayProblem):
        hand(peer)
    assert len(peer.got) == 1


def test_a_key_that_is_refused_names_nobody(peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    peer.code, peer.body = 401, json.dumps({"Message": TO})
    with caplog.at_level(logging.DEBUG), pytest.raises(RelayProblem, match="401") as raised:
        hand(peer)
    assert TO not in str(raised.value) + caplog.text
    assert "the-key" not in str(raised.value) + caplog.text


@pytest.mark.parametrize(
    "address",
    ["anymail+pigeon://", "anymail+postmark://key@host", "anymail+postmark://?api_url=http://evil.example/"],
)
def test_an_address_that_would_leak_or_mean_nothing_is_refused(address: str) -> None:
    with pytest.raises(Problem):
        providers.read(address, "key")


@pytest.mark.parametrize("name", [name.replace("_", "-") for name in sorted(providers._KEY_NAMES)])
def test_every_known_provider_can_be_set_up(name: str) -> None:
    options = {"mailjet": "?api_key=a", "scaleway": "?project_id=p", "unisender-go": "?api_url=https://go.example/"}
    with providers.read(f"anymail+{name}://{options.get(name, '')}", "key")() as door:
        assert door.hand


def test_the_key_comes_from_a_closed_file(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HECTO_RELAY_SMALL", "anymail+postmark://")
    with pytest.raises(Problem, match="key is missing"):
        choosing.small_mails(tmp_path)
    (tmp_path / "relay").write_text("from-file\n")
    (tmp_path / "relay").chmod(0o644)
    with pytest.raises(Problem, match="Others"):
        choosing.small_mails(tmp_path)
    (tmp_path / "relay").chmod(0o600)
    found = choosing.small_mails(tmp_path)
    assert isinstance(found, providers.Provider)
    assert found.key == "from-file"


def test_letters_say_that_they_need_smtp() -> None:
    with pytest.raises(Problem, match="SMTP"):
        relay.read("anymail+postmark://")

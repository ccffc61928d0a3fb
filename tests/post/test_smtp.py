"""The client's door: TLS, log-in, and relays that lie."""

import base64
import ssl
import subprocess
from pathlib import Path

import pytest

from hectograph.post import smtp
from hectograph.post.relay import Relay as Address
from hectograph.post.relay import RelayProblem
from hectograph.post.smtp import Broken, Timeouts
from tests.loops import run
from tests.peers.relay import Relay

TIMES = Timeouts(connect=5, greeting=2, command=2, data=2, block=2, dot=2)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The relay's context and ours, which trusts it alone."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(
        [*make.split(), "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
        check=True,
        capture_output=True,
    )
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(cert, key)
    return served, ssl.create_default_context(cafile=str(cert))


async def connect(
    relay: Relay, security: str = "none", trusted: ssl.SSLContext | None = None, user: str = ""
) -> smtp.Session:
    address = Address("localhost" if trusted else "127.0.0.1", relay.port, security, user, "secret" if user else "")
    return await smtp.connect(address, "sender.example", TIMES, trusted)


def test_starttls_counts_only_what_is_offered_behind_it(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def act() -> None:
        async with Relay(offers=("PIPELINING", "STARTTLS"), context=certificate[0]) as relay:
            session = await connect(relay, "starttls", certificate[1])
            assert session.pipelining
            assert [line.split()[0] for line in relay.commands] == ["EHLO", "STARTTLS", "EHLO"]
            session.wire.abort()

    run(act())


def test_words_put_in_behind_the_answer_to_starttls_end_it(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def act() -> None:
        async with Relay(offers=("STARTTLS",), injected=b"250 PIPELINING\r\n") as relay:
            with pytest.raises(RelayProblem):
                await connect(relay, "starttls", certificate[1])
            assert "EHLO sender.example" not in relay.commands[2:]

    run(act())


def test_a_relay_without_tls_gets_nothing_in_clear() -> None:
    async def act() -> None:
        async with Relay() as relay:
            with pytest.raises(RelayProblem, match="no TLS"):
                await connect(relay, "starttls")
            assert not any(line.startswith("AUTH") for line in relay.commands)

    run(act())


def test_a_stranger_s_certificate_is_refused(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def act() -> None:
        async with Relay(offers=("STARTTLS",), context=certificate[0]) as relay:
            with pytest.raises(RelayProblem):
                await connect(relay, "starttls", ssl.create_default_context())

    run(act())


@pytest.mark.parametrize("ways", ["AUTH PLAIN LOGIN", "AUTH LOGIN"])
def test_it_logs_in_by_plain_or_login(ways: str) -> None:
    async def act() -> None:
        rule = lambda talk, step, count: "334 go on" if step == "auth" and "LOGIN" in relay.commands[-1] else None  # noqa: E731
        relay = Relay(rule, offers=(ways,))
        async with relay:
            # A peer that takes LOGIN's two lines as commands of no meaning answers 500: enough to see what was said.
            if ways == "AUTH LOGIN":
                with pytest.raises(RelayProblem, match="name and password"):
                    await connect(relay, user="anna")
                assert relay.commands[-1] == base64.b64encode(b"anna").decode()
            else:
                (await connect(relay, user="anna")).wire.abort()
                assert relay.commands[-1] == "AUTH PLAIN " + base64.b64encode(b"\0anna\0secret").decode()

    run(act())


@pytest.mark.parametrize("answer", ["421 busy", "554 no", "99 what", "hello", "220-" + "x" * 100_000, ""])
def test_a_greeting_that_is_none_is_a_problem(answer: str) -> None:
    async def act() -> None:
        async with Relay(lambda talk, step, count: answer or "reset" if step == "greeting" else None) as relay:
            with pytest.raises(RelayProblem):
                await connect(relay)

    run(act())


def test_an_endless_reply_is_cut() -> None:
    endless = "\r\n".join(["250-" + "x" * 900] * 200)

    async def act() -> None:
        async with Relay(lambda talk, step, count: endless if step == "ehlo" else None) as relay:
            with pytest.raises(RelayProblem):
                await connect(relay)

    run(act())


def test_silence_ends_at_the_timeout() -> None:
    async def act() -> None:
        async with Relay() as relay:
            session = await connect(relay)
            with pytest.raises(Broken):
                await session.wire.reply(0.05)

    run(act())


@pytest.mark.parametrize(
    "address", ["a\r\nRSET@x.org", "a\n@x.org", "a b@x.org", "<a@x.org", "a\x7f@x.org", "ü@x.org", "a@" + "x" * 300]
)
def test_an_address_that_could_end_its_command_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        smtp.envelope("b@x.org", address)
    with pytest.raises(ValueError, match="address"):
        smtp.envelope(address, "b@x.org")


def test_two_lines_of_a_reply_are_one() -> None:
    async def act() -> None:
        wire = smtp.Wire()
        for byte in b"250-a\r\n250 b\r\n354 go\r\n":
            wire.data_received(bytes([byte]))
        assert [(await wire.reply(1)).code, (await wire.reply(1)).code] == [250, 354]

    run(act())

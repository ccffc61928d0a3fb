"""An SMTP client for many mails: envelopes in one go where the relay allows it, and each answer given to its own mail.

RFC 5321 (SMTP), 2920 (pipelining), 3207 (STARTTLS), 4954 (AUTH). What the relay promised before TLS counts for nothing,
and bytes that lie in wait behind the answer to STARTTLS end the connection: someone put them there.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

from hectograph.post.relay import Relay, RelayProblem

_LONGEST_REPLY = 64 * 1024  # bytes, of all its lines
_HIGH_WATER = 64 * 1024
_REPLY = re.compile(rb"[2-5][0-9][0-9](?:[ -].*)?", re.DOTALL)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_UNSAFE = re.compile(r"[^\x21-\x7e]|[<>]")  # neither controls nor spaces nor brackets: nothing that ends a command


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait (RFC 5321 §4.5.3.2). A short one at the final dot would make mails uncertain for nothing."""

    connect: float = 60.0
    greeting: float = 300.0
    command: float = 300.0
    data: float = 120.0
    block: float = 180.0
    dot: float = 600.0


class Reply(NamedTuple):
    code: int
    text: str

    @property
    def status(self) -> str:
        """The enhanced code (RFC 3463) that the text begins with; empty where it has none."""
        found = _STATUS.match(self.text)
        return found[0] if found else ""


class Broken(Exception):
    """The connection ended, stalled or spoke nonsense. Holds no word of the relay's: it could name a reader."""


@lru_cache(maxsize=64)  # a relay says the same again and again
def _whole(line: bytes) -> Reply | None:
    """A reply of one line; None for what is none, or goes on."""
    if line[3:4] == b"-" or not _REPLY.fullmatch(line):
        return None
    return Reply(int(line[:3]), line[4:].decode("ascii", "replace"))


class Wire(asyncio.Protocol):
    """Bytes out, whole replies in. One coroutine at a time waits for a reply."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._lines: list[bytes] = []
        self._replies: deque[Reply] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self.broken = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one by its methods alone
        self._transport.set_write_buffer_limits(high=_HIGH_WATER, low=0)

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._take(line.rstrip(b"\r"))
        if (self._buffer or self._lines) and len(self._buffer) + sum(map(len, self._lines)) > _LONGEST_REPLY:
            self.abort()

    def _take(self, line: bytes) -> None:
        if not self._lines and (whole := _whole(line)) is not None:
            self._replies.append(whole)
        elif not _REPLY.fullmatch(line):
            self.abort()
            return
        else:
            self._lines.append(line)
            if line[3:4] == b"-":
                return
            text = "\n".join(part[4:].decode("ascii", "replace") for part in self._lines)
            self._replies.append(Reply(int(line[:3]), text))
            self._lines = []
        self._wake(self._waiting)

    def connection_lost(self, exc: Exception | None) -> None:
        self.broken = True
        self._wake(self._waiting)
        self._wake(self._room)

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        self._wake(self._room)

    @staticmethod
    def _wake(future: asyncio.Future[None] | None) -> None:
        if future is not None and not future.done():
            future.set_result(None)

    def write(self, *data: bytes) -> None:
        if self.broken or self._transport is None:
            raise Broken
        self._transport.writelines(data)

    def takes_at_once(self, size: int) -> bool:
        """Whether so many bytes are no more than are ever let wait here; Broken where the connection has ended."""
        if self.broken or self._transport is None:
            raise Broken
        return self._room is None and size <= _HIGH_WATER

    async def room(self, seconds: float) -> None:
        """Wait until what was written is on its way; Broken where the relay takes nothing for `seconds`."""
        if self._room is not None:
            await self._until(self._room, seconds)
            self._room = None
        if self.broken:
            raise Broken

    async def reply(self, seconds: float) -> Reply:
        """The next reply. Broken where the connection ends first or stays silent for `seconds`."""
        while not self._replies:
            if self.broken:
                raise Broken
            self._waiting = self._loop.create_future()
            await self._until(self._waiting, seconds)
        return self._replies.popleft()

    async def _until(self, future: asyncio.Future[None], seconds: float) -> None:
        alarm = self._loop.call_later(seconds, self.abort)
        try:
            await future
        finally:
            alarm.cancel()

    @property
    def ahead(self) -> bool:
        """Whether bytes lie here that nobody asked for."""
        return bool(self._buffer or self._lines or self._replies)

    def abort(self) -> None:
        self.broken = True
        if self._transport is not None:
            self._transport.abort()
        self._wake(self._waiting)
        self._wake(self._room)

    async def secure(self, context: ssl.SSLContext, host: str) -> None:
        """TLS from here on."""
        if self._transport is None or self.broken:
            raise Broken
        made = await self._loop.start_tls(self._transport, self, context, server_hostname=host)
        if made is None:
            raise Broken
        self.connection_made(made)


class Session:
    """A connection that has been let in. `pipelining` says whether envelopes may go in one go."""

    def __init__(self, wire: Wire, timeouts: Timeouts, *, pipelining: bool) -> None:
        self.wire, self.timeouts, self.pipelining = wire, timeouts, pipelining

    def close(self) -> None:
        """End it politely and without waiting."""
        if not self.wire.broken:
            self.wire.write(b"QUIT\r\n")
            asyncio.get_running_loop().call_later(1.0, self.wire.abort)


def envelope(sender: str, to: str) -> tuple[bytes, bytes]:
    """MAIL and RCPT. A ValueError for an address that could end its command; the caller never sends it."""
    for address in (sender, to):
        if not address or len(address) > 254 or _UNSAFE.search(address) or "@" not in address:
            raise ValueError("address")
    return f"MAIL FROM:<{sender}>\r\n".encode("ascii"), f"RCPT TO:<{to}>\r\n".encode("ascii")


async def connect(relay: Relay, name: str, timeouts: Timeouts, context: ssl.SSLContext | None = None) -> Session:
    """A session with `relay`, as `name` (our own host's). A RelayProblem where there is none to be had."""
    wire: Wire | None = None
    try:
        wire = await _dial(relay, timeouts, context)
        return await _let_in(wire, relay, name, timeouts, context)
    except (OSError, Broken, TimeoutError, ssl.SSLError, UnicodeError) as error:
        if wire is not None:
            wire.abort()
        words = "The mail relay can't be reached or ended the connection."
        raise RelayProblem(words, "Letters wait; `hecto doctor` looks at it.") from error
    except RelayProblem:
        if wire is not None:
            wire.abort()
        raise


async def _dial(relay: Relay, timeouts: Timeouts, context: ssl.SSLContext | None) -> Wire:
    secure = (context or ssl.create_default_context()) if relay.security == "tls" else None
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(timeouts.connect):
        _, wire = await loop.create_connection(Wire, relay.host, relay.port, ssl=secure)
    return wire


async def _let_in(wire: Wire, relay: Relay, name: str, timeouts: Timeouts, context: ssl.SSLContext | None) -> Session:
    greeting = await wire.reply(timeouts.greeting)
    if greeting.code != 220:
        raise RelayProblem("The mail relay does not take mail now.", "Letters wait; it is tried again.")
    offers = await _hello(wire, name, timeouts)
    if relay.security == "starttls":
        await _start_tls(wire, relay, offers, timeouts, context)
        offers = await _hello(wire, name, timeouts)  # what was offered before TLS counts for nothing (RFC 3207 §4.2)
    if relay.user:
        await _log_in(wire, relay, offers, timeouts)
    return Session(wire, timeouts, pipelining="PIPELINING" in offers)


async def _ask(wire: Wire, line: str, seconds: float) -> Reply:
    wire.write(line.encode("ascii") + b"\r\n")
    return await wire.reply(seconds)


async def _hello(wire: Wire, name: str, timeouts: Timeouts) -> dict[str, str]:
    answer = await _ask(wire, f"EHLO {name}", timeouts.command)
    if answer.code == 250:
        lines = [line.upper().partition(" ") for line in answer.text.split("\n")[1:]]
        return {word: rest for word, _, rest in lines}
    if (await _ask(wire, f"HELO {name}", timeouts.command)).code != 250:
        raise RelayProblem("The mail relay refuses this machine's greeting.", "Look at its rules for clients.")
    return {}


async def _start_tls(
    wire: Wire, relay: Relay, offers: dict[str, str], timeouts: Timeouts, context: ssl.SSLContext | None
) -> None:
    if "STARTTLS" not in offers:
        raise RelayProblem("The mail relay offers no TLS.", "Nothing is sent in clear: look at the relay.")
    if (await _ask(wire, "STARTTLS", timeouts.command)).code != 220:
        raise RelayProblem("The mail relay refused TLS.", "Nothing is sent in clear: look at the relay.")
    if wire.ahead:  # an attacker's words, to be taken for the relay's once TLS is on (CVE-2021-38371 and its kin)
        raise RelayProblem("Someone between here and the relay puts words into its mouth.", "Use another network.")
    await wire.secure(context or ssl.create_default_context(), relay.host)


async def _log_in(wire: Wire, relay: Relay, offers: dict[str, str], timeouts: Timeouts) -> None:
    ways: dict[str, Callable[[], tuple[str, ...]]] = {"PLAIN": lambda: _plain(relay), "LOGIN": lambda: _login(relay)}
    offered = offers.get("AUTH", "").split()
    way = next((way for way in ways if way in offered), None)
    if way is None:
        raise RelayProblem("The mail relay offers no way to log in that is known here.", "It needs PLAIN or LOGIN.")
    for line in ways[way]():
        answer = await _ask(wire, line, timeouts.command)
        if answer.code not in (235, 334):
            raise RelayProblem("The mail relay does not take our name and password.", "Look at HECTO_RELAY.")
    if answer.code != 235:
        raise RelayProblem("The mail relay did not end the log-in.", "Look at HECTO_RELAY.")


def _plain(relay: Relay) -> tuple[str, ...]:
    return ("AUTH PLAIN " + _b64(f"\0{relay.user}\0{relay.password}"),)


def _login(relay: Relay) -> tuple[str, ...]:
    return "AUTH LOGIN", _b64(relay.user), _b64(relay.password)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()

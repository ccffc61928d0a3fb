"""A mail relay on loopback that keeps what it took, and misbehaves at any step of the dialogue as told.

`python -m tests.peers.relay PORT_FILE LOG_FILE [LATEST_ANSWER_MS]` runs one as a process of its own: its log has a line
`recipient message-id` for each mail that it took, written before the answer.
"""

import asyncio
import random
import re
import ssl
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

RESET, STALL = "reset", "stall"
Rule = Callable[["Talk", str, int], str | None]
_ID = re.compile(rb"^Message-ID: (\S+)\r?$", re.MULTILINE)


@dataclass
class Taken:
    sender: str
    to: str
    data: bytes

    @property
    def message_id(self) -> str:
        found = _ID.search(self.data)
        return found[1].decode() if found else ""


@dataclass
class Talk:
    """One connection's state."""

    number: int
    sender: str = ""
    to: str = ""
    refused: bool = False


@dataclass
class Relay:
    """`rule(talk, step, count)` may give an answer of its own for a step (greeting, ehlo, mail, rcpt, data, body, dot),
    or RESET or STALL; None for the usual one. `count` counts how often the step came, over all connections."""

    rule: Rule = lambda talk, step, count: None
    offers: tuple[str, ...] = ("PIPELINING", "8BITMIME")
    latest_answer: float = 0.0  # seconds, at random, to the final dot
    context: ssl.SSLContext | None = None
    injected: bytes = b""  # slipped in behind the answer to STARTTLS
    early: bytes = b""
    taken: list[Taken] = field(default_factory=list)
    log: Path | None = None
    commands: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    port: int = 0
    keep: bool = True

    async def __aenter__(self) -> "Relay":
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, limit=2**24)
        self.port = self._server.sockets[0].getsockname()[1]
        self._file = self.log.open("a") if self.log else None
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        if self._file:
            self._file.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        talk = Talk(self.connections)
        try:
            await self._say(writer, talk, "greeting", "220 relay.example ready")
            while line := await reader.readline():
                if not await self._command(line.decode("latin-1").rstrip("\r\n"), talk, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def _command(self, line: str, talk: Talk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.commands.append(line)
        word = line.split(" ")[0].upper()
        if word == "EHLO":
            await self._say(writer, talk, "ehlo", "250-relay.example\r\n" + self._offers())
        elif word == "STARTTLS":
            writer.write(b"220 go\r\n" + self.injected)
            if self.context:
                await writer.start_tls(self.context)
        elif word in ("MAIL", "RCPT"):
            await self._address(word, line, talk, writer)
        elif word == "DATA":
            await self._data(talk, reader, writer)
        else:
            answers = {"RSET": "250 ok", "QUIT": "221 bye", "AUTH": "235 welcome"}
            await self._say(writer, talk, word.lower(), answers.get(word, "500 what"))
        return word != "QUIT"

    def _offers(self) -> str:
        words = self.offers or ("HELP",)
        return "\r\n".join(f"250{'-' if word != words[-1] else ' '}{word}" for word in words)

    async def _address(self, word: str, line: str, talk: Talk, writer: asyncio.StreamWriter) -> None:
        found = re.search(r"<(.*?)>", line)
        address = found[1] if found else ""
        if word == "MAIL":
            talk.sender, talk.to, talk.refused = address, "", False
        else:
            talk.to = address
        answer = await self._say(writer, talk, word.lower(), "250 ok")
        talk.refused = talk.refused or not answer.startswith("2")

    async def _data(self, talk: Talk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = await self._say(writer, talk, "data", "503 no recipient" if talk.refused else "354 go on")
        if not answer.startswith("354"):
            return
        await self._say(writer, talk, "body", "")
        data = b""
        while not (data.endswith(b"\r\n.\r\n") or data == b".\r\n"):
            data += await reader.readuntil(b".\r\n")
        if talk.refused or data == b".\r\n":
            await self._say(writer, talk, "empty", "554 no valid recipients")
            return
        if self.latest_answer:
            await asyncio.sleep(random.random() * self.latest_answer)
        await self._dot(talk, data, writer)

    async def _dot(self, talk: Talk, data: bytes, writer: asyncio.StreamWriter) -> None:
        self.counts["dot"] += 1
        answer = self.rule(talk, "dot", self.counts["dot"]) or "250 taken"
        if answer.startswith("2") or answer in ("taken then reset", "taken then stall"):
            taken = Taken(talk.sender, talk.to, data[:-3])
            if self.keep:
                self.taken.append(taken)
            if self._file:
                self._file.write(f"{taken.to} {taken.message_id}\n")
                self._file.flush()
        await self._act(writer, answer.removeprefix("taken then "))

    async def _say(self, writer: asyncio.StreamWriter, talk: Talk, step: str, usual: str) -> str:
        self.counts[step] += 1
        answer = self.rule(talk, step, self.counts[step]) or usual
        if answer:
            await self._act(writer, answer)
        return answer

    async def _act(self, writer: asyncio.StreamWriter, answer: str) -> None:
        if answer == RESET:
            writer.transport.abort()
            raise ConnectionResetError
        if answer == STALL:
            await asyncio.sleep(3600)
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
        if answer.startswith("421"):
            writer.close()
            raise ConnectionResetError

    def copies(self) -> Counter[str]:
        return Counter(mail.to for mail in self.taken)


async def _serve(port_file: Path, log: Path, latest_ms: float) -> None:
    async with Relay(log=log, latest_answer=latest_ms / 1000, keep=False) as relay:
        aside = port_file.with_suffix(".aside")
        aside.write_text(str(relay.port))
        aside.replace(port_file)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), Path(sys.argv[2]), float((*sys.argv[3:], "0")[0])))

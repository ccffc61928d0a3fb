"""A relay that counts: SMTP with pipelining on loopback. For each mail that it takes it writes `recipient message-id`
to its log before it answers, at random up to a few milliseconds late. A process of its own:

    python -m hectograph.newsroom.demo.counting_relay PORT_FILE LOG_FILE LATEST_MS
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
from pathlib import Path
from typing import TextIO

_ID = re.compile(rb"^Message-ID: (\S+)\r$", re.MULTILINE | re.IGNORECASE)
_ADDRESS = re.compile(r"<(.*)>")


class CountingRelay:
    def __init__(self, log: TextIO, latest: float) -> None:
        self._log, self._latest = log, latest

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until the other side ends it."""
        writer.write(b"220 counting\r\n")
        to = ""
        try:
            while line := (await reader.readline()).decode("latin-1"):
                word = line[:4].upper()
                if word == "DATA":
                    writer.write(b"354 go on\r\n")
                    self._keep(to, await reader.readuntil(b"\r\n.\r\n"))
                    await asyncio.sleep(random.random() * self._latest)  # noqa: S311 (a delay)
                to = _address(line) if word == "RCPT" else to
                writer.write(b"250-counting\r\n250 PIPELINING\r\n" if word == "EHLO" else b"250 ok\r\n")
                if word == "QUIT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender was killed: what had no final dot is no mail
        writer.close()

    def _keep(self, to: str, text: bytes) -> None:
        found = _ID.search(text)
        self._log.write(f"{to} {found[1].decode() if found else ''}\n")
        self._log.flush()


def _address(line: str) -> str:
    found = _ADDRESS.search(line)
    return found[1] if found else ""


async def _serve(port_file: Path, log: Path, latest: float) -> None:
    with log.open("a") as file:
        relay = CountingRelay(file, latest)
        server = await asyncio.start_server(relay.talk, "127.0.0.1", 0, limit=2**22)
        aside = port_file.with_suffix(".aside")
        aside.write_text(str(server.sockets[0].getsockname()[1]))
        aside.replace(port_file)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) / 1000))

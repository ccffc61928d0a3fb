"""HTTP/1.1 over asyncio, as little of it as an API needs: kept connections, bodies with a length, no more."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import unquote

LARGEST_HEAD = 64 * 1024
LARGEST_BODY = 1024 * 1024


@dataclass(frozen=True)
class Request:
    """`headers` by lower-case name."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """`cut` closes the connection instead of answering; `hang` says nothing until the other side gives up."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hang: bool = False

    def encoded(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", f"Content-Type: {self.content_type}"]
        lines += [f"Content-Length: {len(self.body)}", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\r\n".join([*lines, "\r\n"]).encode() + self.body


Answer = Callable[[Request], Awaitable[Reply]]


async def serve(answer: Answer, port: int, ready: Callable[[int], None], until: asyncio.Event) -> None:
    """Serves on loopback until told; `ready` learns the port. Nothing is left open behind it.

    An answer that broke is no answer of the processor: it is raised at the end, so that a test cannot overlook it.
    """
    talks: set[asyncio.Task[None]] = set()
    broken: list[BaseException] = []

    def start(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(_talk(answer, reader, writer))
        talks.add(task)
        task.add_done_callback(end)

    def end(task: asyncio.Task[None]) -> None:
        talks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            broken.append(error)

    server = await asyncio.start_server(start, "127.0.0.1", port, limit=LARGEST_HEAD)
    ready(server.sockets[0].getsockname()[1])
    await until.wait()
    server.close()
    for task in talks:
        task.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
    if broken:
        raise broken[0]


async def _talk(answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while request := await _read(reader):
            reply = await answer(request)
            if reply.hang:
                await reader.read()
            if reply.cut or reply.hang:
                break
            writer.write(reply.encoded())
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        pass
    finally:
        writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """The next request; None when the other side has gone."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    length = int(headers.get("content-length", "0"))
    if length > LARGEST_BODY:
        return None
    path, _, query = target.partition("?")
    return Request(method, unquote(path), query, headers, await reader.readexactly(length))

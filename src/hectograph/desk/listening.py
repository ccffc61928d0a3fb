"""Whether an address can be listened at, asked before a server begins: granian shares a taken port with itself without
a word, so that an old process goes on answering beside the new one, and a port of others' it meets with a traceback."""

from __future__ import annotations

import errno
import socket

from hectograph.errors import Problem


def free(where: str) -> tuple[str, int]:
    """The host and the port of `where` ("127.0.0.1:8090"), if both can be had; else a Problem that says why not."""
    host, _, number = where.rpartition(":")
    if not (host and number.isdecimal() and 0 < int(number) < 65536):
        raise Problem(f"Nothing can listen at {where!r}.", "Write it as 127.0.0.1:8090; ports go from 1 to 65535.")
    try:
        kind, *_, address = socket.getaddrinfo(host.strip("[]"), int(number), type=socket.SOCK_STREAM)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what ended a moment ago takes no port
            door.bind(address)
            door.listen()
    except OSError as error:
        raise _closed(where, error) from error
    return host, int(number)


def _closed(where: str, error: OSError) -> Problem:
    if error.errno == errno.EADDRINUSE:
        return Problem(f"Something else listens at {where} already.", "Stop it first, or choose another port.")
    why = error.strerror or type(error).__name__
    return Problem(
        f"Nothing can listen at {where} ({why}).", "Name an address of this machine, and a port from 1024 on."
    )

"""A small static server for the demo and for looking at a build. Readers are served by any static host instead."""

from __future__ import annotations

import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_PACKED = (("br", ".br"), ("gzip", ".gz"))


class _Files(SimpleHTTPRequestHandler):
    """Serves the packed twin of a file where the browser takes it, and the site's own page where nothing stands."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Readers are not logged, not even here."""

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        accepted = self.headers.get("Accept-Encoding", "")
        for name, suffix in _PACKED:
            packed = path.with_name(path.name + suffix)
            if name in accepted and path.is_file() and packed.is_file():
                return self._packed(path, packed, name)
        return super().send_head()

    def _packed(self, path: Path, packed: Path, encoding: str) -> Any:
        file = packed.open("rb")
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(packed.stat().st_size))
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return file

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = self._page_of_nothing() if code == 404 else None
        if page is None:
            return super().send_error(code, message, explain)
        data = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _page_of_nothing(self) -> Path | None:
        """The nearest folder's own: it speaks the language of what was asked for."""
        root, asked = Path(self.directory), Path(self.translate_path(self.path))
        pages = [folder / "404.html" for folder in (asked, *asked.parents) if folder.is_relative_to(root)]
        return next((page for page in pages if page.is_file()), None)


_Files.extensions_map = {
    **SimpleHTTPRequestHandler.extensions_map,
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".wasm": "application/wasm",
}


def server(root: Path, port: int) -> ThreadingHTTPServer:
    """The server, bound to loopback; `port` 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Files, directory=str(root)))

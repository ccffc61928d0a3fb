"""The demo's mail relay: a real SMTP server on loopback that keeps what it gets in memory, and a page to read it."""

from __future__ import annotations

import html
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

_MOST = 200
_LINK = re.compile(r"https?://\S+")
_STYLE = (
    "body{font:1rem/1.5 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "article{border-top:1px solid #bbb;padding:1rem 0}h2{font-size:1.1rem;margin:0}pre{white-space:pre-wrap;"
    "overflow-wrap:anywhere;font:inherit}small{color:#555}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}a{color:#9cf}small{color:#aaa}}"
)


class Mailbox:
    """SMTP on one port of loopback, the page on another."""

    def __init__(self, smtp_port: int, page_port: int) -> None:
        self.mails: list[EmailMessage] = []
        self._smtp = Controller(self, hostname="127.0.0.1", port=smtp_port, ready_timeout=30)
        self._pages = ThreadingHTTPServer(("127.0.0.1", page_port), _handler(self))

    def start(self) -> None:
        self._smtp.start()
        Thread(target=self._pages.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._smtp.stop()
        self._pages.shutdown()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        self.mails = [*self.mails[-_MOST + 1 :], parsed]
        return "250 kept"

    def page(self) -> str:
        shown = "".join(_shown(mail) for mail in reversed(self.mails))
        return (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>Mails</title><style>{_STYLE}</style><h1>Mails</h1>"
            f"<p>What the demo sent, the newest first. Reload for more.</p>{shown or '<p>None yet.</p>'}</html>"
        )


def _shown(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    text = html.escape(body.get_content() if body else "")
    linked = _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', text)
    head = html.escape(f"{mail['From']} → {mail['To']} · {mail['Date']}")
    return f"<article><h2>{html.escape(str(mail['Subject']))}</h2><small>{head}</small><pre>{linked}</pre></article>"


def _handler(mailbox: Mailbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = mailbox.page().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    return Handler

"""Serve the admin on loopback, and with --site the built site too. In life, any static host serves the site."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings

from hectograph.desk import listening, orphans
from hectograph.errors import Problem
from hectograph.newsroom import ending, opener_account, site_server

HELP = "serve the admin (and the built site) on loopback"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="the admin's port (default 8000)")
    parser.add_argument("--site", type=int, metavar="PORT", help="serve the built site too, at this port")


def run(args: argparse.Namespace) -> int:
    """Until a signal ends it; nothing that it started goes on then, and answers beside the next one."""
    opener_account.keep_out()
    if not settings.ALLOWED_HOSTS:
        raise Problem("No host name is allowed to reach the admin.", "Set HECTO_ADMIN_HOSTS: localhost, say.")
    ports = [args.port] if args.site is None else [args.port, args.site]
    for port in ports:
        listening.free(f"127.0.0.1:{port}")
    ending.listen(lambda *_: sys.exit(0))
    with ExitStack() as at_the_end:
        server = admin_process(args.port)
        at_the_end.callback(server.wait)
        at_the_end.callback(server.terminate)
        print(f"Admin: http://{_name(args.port)}/admin/, at 127.0.0.1:{args.port}", flush=True)
        if args.site is not None:
            site = site_server.server(Path(settings.SITE_ROOT), args.site)
            threading.Thread(target=site.serve_forever, daemon=True).start()
            print(f"Site:  http://127.0.0.1:{args.site}/", flush=True)
        return server.wait()


def _name(port: int) -> str:
    """How a browser reaches the admin: under an allowed name alone. An onion service has a port of its own."""
    allowed = [host.lstrip(".") for host in settings.ALLOWED_HOSTS]
    here = next((host for host in ("127.0.0.1", "localhost") if host in allowed or "*" in allowed), "")
    return f"{here}:{port}" if here else allowed[0]


def admin_process(port: int, **more: str) -> subprocess.Popen[bytes]:
    """The admin under granian, on loopback alone, which ends with this process; `more` joins its environment."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "--no-ws"]
    environment = {**os.environ, **more}
    command = orphans.bound(*command, "--factory", "hectograph.newsroom.wsgi:worker")
    return subprocess.Popen(command, env=environment)  # noqa: S603 (our own words alone)

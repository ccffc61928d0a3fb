"""Serve the admin on loopback, and with --site the built site too. In life, any static host serves the site."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from hectograph.newsroom import opener_account, site_server

HELP = "serve the admin (and the built site) on loopback"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="the admin's port (default 8000)")
    parser.add_argument("--site", type=int, metavar="PORT", help="serve the built site too, at this port")


def run(args: argparse.Namespace) -> int:
    opener_account.keep_out()
    server = admin_process(args.port)
    try:
        print(f"Admin: http://127.0.0.1:{args.port}/admin/")
        if args.site:
            print(f"Site:  http://127.0.0.1:{args.site}/")
            site_server.serve(Path(settings.SITE_ROOT), args.site)
        return server.wait()
    finally:
        server.terminate()


def admin_process(port: int, **more: str) -> subprocess.Popen[bytes]:
    """The admin under granian, on loopback alone; `more` joins its environment."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "--no-ws"]
    environment = {**os.environ, **more}
    return subprocess.Popen([*command, "hectograph.newsroom.wsgi:application"], env=environment)  # noqa: S603 (our own words alone)

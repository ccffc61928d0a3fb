"""The sample newsroom: sets everything up, publishes, and starts admin, site and worker on loopback."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import founding, site_server
from hectograph.newsroom.access import accounts
from hectograph.newsroom.command import serve_command
from hectograph.newsroom.demo.loading import SampleNewsroom
from hectograph.newsroom.environment import secret
from hectograph.newsroom.flows import register_archive, search, whole_site
from hectograph.newsroom.progress import bar
from hectograph.newsroom.worker import only_writer
from hectograph.stories import queue
from hectograph.stories.press_state import PressChange

HELP = "run the sample newsroom on this machine"
_PEOPLE = (("editor", "editor"), ("publisher", "publisher"), ("reporter", "reporter"), ("operator", "operator"))


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="build everything and exit, for scripts")
    parser.add_argument("--port", type=int, default=8000, help="the admin's port (default 8000)")
    parser.add_argument("--site", type=int, default=8080, metavar="PORT", help="the site's port (default 8080)")


def run(args: argparse.Namespace) -> int:
    if settings.PRODUCTION:
        raise Problem("This is a production newsroom; the demo stays out of it.", "Unset HECTO_PRODUCTION to try it.")
    founding.found()
    password = secret(settings.HECTO_KEYS, "demo-password")
    _accounts(password)
    came = SampleNewsroom(samples_folder()).load()
    if came or not (settings.SITE_ROOT / "index.html").exists():
        _build()
    print(f"The site is built: {settings.SITE_ROOT.name}/, {sum(1 for _ in settings.SITE_ROOT.rglob('*.html'))} pages.")
    if args.once:
        return 0
    return _serve(args, password)


def samples_folder() -> Path:
    """The sample newsroom's files: of the checkout, or where HECTO_SAMPLES says."""
    folder = Path(os.environ.get("HECTO_SAMPLES") or Path(__file__).parents[4] / "samples" / "newsroom")
    if not folder.is_dir():
        raise Problem("The sample newsroom's files are not here.", "Run this in a checkout, or set HECTO_SAMPLES.")
    return folder


def _accounts(password: str) -> None:
    there = {name for name, _, _ in accounts.list_staff()}
    for name, role in _PEOPLE:
        if name not in there:
            accounts.create_staff(name, password, role=role)


def _build() -> None:
    with only_writer(wait=False):
        last = PressChange.objects.order_by("pk").last()
        with bar("Placing stories") as moved:
            register_archive.register_all(progress=moved)
        with bar("Building the site") as moved:
            whole_site.build(timezone.now(), progress=moved)
        search.refresh()
        if last:  # the whole site holds all of these
            queue.strike_off_until(last.pk)


def _serve(args: argparse.Namespace, password: str) -> int:
    worker = subprocess.Popen([sys.executable, "-m", "hectograph.newsroom.command.main", "work"])
    admin = serve_command.admin_process(args.port)
    site = site_server.server(Path(settings.SITE_ROOT), args.site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    print(f"Site:   http://127.0.0.1:{args.site}/")
    print(f"Admin:  http://127.0.0.1:{args.port}/admin/")
    print(f"Log in: {', '.join(name for name, _ in _PEOPLE)}; the password of each is {password}")
    print(
        "The demo takes a password alone. Production asks everyone for a passkey or TOTP. Ctrl-C ends it.", flush=True
    )
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        return admin.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for process in (worker, admin):
            process.terminate()
        site.shutdown()

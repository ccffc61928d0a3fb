"""The sample newsroom: sets everything up, publishes, and starts admin, site and worker on loopback."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hectograph.desk import listening, orphans
from hectograph.errors import Problem
from hectograph.newsroom import clock, ending, founding, opener, site_server
from hectograph.newsroom.access import accounts
from hectograph.newsroom.command import serve_command
from hectograph.newsroom.demo import crash_letter, letters, stand_in
from hectograph.newsroom.demo.loading import SampleNewsroom
from hectograph.newsroom.demo.mailbox import Mailbox
from hectograph.newsroom.environment import secret
from hectograph.newsroom.flows import build_all, desks, search, tightening
from hectograph.newsroom.flows.tree import Tree
from hectograph.newsroom.progress import bar
from hectograph.newsroom.worker import only_writer
from hectograph.readers import vault
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.vault import Vault
from hectograph.stories.site_words import SiteRecord

HELP = "run the sample newsroom on this machine"
_PATIENCE = 20  # seconds
_PEOPLE = (("editor", "editor"), ("publisher", "publisher"), ("reporter", "reporter"), ("operator", "operator"))


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "act", nargs="?", choices=["crash-letter"], help="a letter whose sender is killed again and again, counted"
    )
    parser.add_argument("--readers", type=int, default=20_000, help="of crash-letter (default 20000)")
    parser.add_argument("--kills", type=int, default=200, help="of crash-letter (default 200)")
    parser.add_argument("--seed", type=int, help="of crash-letter: repeats its times")
    parser.add_argument("--once", action="store_true", help="build everything and exit, for scripts")
    parser.add_argument("--port", type=int, default=8000, help="the admin's port (default 8000)")
    parser.add_argument("--site", type=int, default=8080, metavar="PORT", help="the site's port (default 8080)")
    parser.add_argument("--desk", type=int, default=8090, metavar="PORT", help="the desk's port (default 8090)")
    parser.add_argument("--bank", type=int, default=8070, metavar="PORT", help="the payment stand-in's port")
    parser.add_argument("--mail", type=int, default=8025, metavar="PORT", help="the relay's port; its page is the next")


def run(args: argparse.Namespace) -> int:
    if args.act == "crash-letter":
        verdict = crash_letter.crash(args.readers, args.kills, args.seed, show=lambda line: print(line, flush=True))
        print(crash_letter.words(verdict))
        return 0 if verdict.good else 1
    if settings.PRODUCTION:
        raise Problem("This is a production newsroom; the demo stays out of it.", "Unset HECTO_PRODUCTION to try it.")
    if not args.once:
        _look_at_ports(args)
    founding.found()
    clock.believe(timezone.now())  # it may have been off for a month
    opened = vault.make(opener.folder(), timezone.now(), opener.passphrase())
    password = secret(settings.HECTO_KEYS, "demo-password")
    _accounts(password)
    came = SampleNewsroom(samples_folder()).load()
    letters.readers(opened, samples_folder())
    if stand_in.is_here():
        stand_in.prepare(args.bank)
    _connect_desk(opened, args.desk)
    if came or not (settings.SITE_ROOT / "index.html").exists():
        _build()
    _set_up_desk(opened, args.desk)
    print(f"The site is built: {settings.SITE_ROOT.name}/, {sum(1 for _ in settings.SITE_ROOT.rglob('*.html'))} pages.")
    if args.once:
        _tighten()
        return 0
    return _serve(args, password)


def _look_at_ports(args: argparse.Namespace) -> None:
    """Before anything is built: which port is taken, and which option names another."""
    ports = [("port", args.port), ("site", args.site), ("desk", args.desk), ("mail", args.mail)]
    ports += [("mail", args.mail + 1), *([("bank", args.bank)] if stand_in.is_here() else [])]
    for option, port in ports:
        try:
            listening.free(f"127.0.0.1:{port}")
        except Problem as problem:
            words = f"Stop that, or choose another: hecto demo --{option} PORT (make demo DEMO='--{option} PORT')."
            raise Problem(problem.message, words) from problem


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


def _connect_desk(opened: Vault, port: int) -> None:
    """The sign-up form of every page leads to the demo's desk, and the newsroom fetches from there."""
    address = f"http://127.0.0.1:{port}"
    record = SiteRecord.objects.get()
    actions = {"letter_action": f"{address}/sign-up", "remind_action": f"{address}/remind"}
    actions |= {"support_action": f"{address}/support"} if stand_in.is_here() else {}
    if any(getattr(record, name) != where for name, where in actions.items()):
        for name, where in actions.items():
            setattr(record, name, where)
        record.save()
    desks.publish_key(opened)


def _set_up_desk(opened: Vault, port: int) -> None:
    """After the site is built: the desk's pages lead to pages of it."""
    address = f"http://127.0.0.1:{port}"
    desks.configure(opened, settings.HECTO_HOME / "desk", address=address, listen=f"127.0.0.1:{port}")
    DeskRow.objects.exclude(address=address).delete()


def _build() -> None:
    with only_writer(wait=False):
        with bar("Placing and building") as moved:
            build_all.build_all(timezone.now(), build_all.Options(), progress=moved)
        search.refresh()


def _tighten() -> None:
    """No worker may come by: what is read here shall be as small as what readers get."""
    with ExitStack() as held:
        try:
            held.enter_context(only_writer(wait=False))
        except Problem:  # there is a worker
            return
        moved = held.enter_context(bar("Packing tight"))
        tightening.pack_all(Tree(settings.SITE_ROOT), moved)


def _serve(args: argparse.Namespace, password: str) -> int:
    ending.listen(_end)
    try:
        with ExitStack() as at_the_end:  # whatever fails or ends it, nothing that was started goes on
            admin = _start_all(args, at_the_end)
            _say(args, password)
            return admin.wait()
    except KeyboardInterrupt:
        return 0


def _start_all(args: argparse.Namespace, at_the_end: ExitStack) -> subprocess.Popen[bytes]:
    """Start every part, each to be ended by `at_the_end`; returns the admin."""
    mails = {
        "HECTO_RELAY": f"smtp+plain://127.0.0.1:{args.mail}",
        "HECTO_LINKS": f"http://127.0.0.1:{args.desk}",
        "HECTO_LETTER_SITES": f"http://127.0.0.1:{args.site}",
    }

    mailbox = Mailbox(args.mail, args.mail + 1)
    mailbox.start()
    at_the_end.callback(mailbox.stop)
    site = site_server.server(Path(settings.SITE_ROOT), args.site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    at_the_end.callback(site.shutdown)
    parts: list[subprocess.Popen[bytes]] = []
    at_the_end.callback(_end_all, parts)  # before the relay ends: what a part has in hand is finished
    for words, more in ((("work",), {}), (("work", "--opener"), mails), (("desk",), {}), (("letters", "work"), mails)):
        parts.append(_start(*words, **more))
    if stand_in.is_here():
        mails |= stand_in.environment(args.bank)
        parts.append(stand_in.start(args.bank, args.desk))
        parts.append(_start("support", "work", **mails))
    parts.append(serve_command.admin_process(args.port, **mails))
    return parts[-1]


def _end_all(parts: list[subprocess.Popen[bytes]]) -> None:
    """All are asked at once; each finishes what it has in hand."""
    for one in parts:
        one.terminate()
    for one in parts:
        try:
            one.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def _say(args: argparse.Namespace, password: str) -> None:
    print(f"Site:   http://127.0.0.1:{args.site}/")
    print(f"Admin:  http://127.0.0.1:{args.port}/admin/")
    print(f"Mails:  http://127.0.0.1:{args.mail + 1}/ (what readers get)")
    if stand_in.is_here():
        print("Cards:  a stand-in takes the payment service's place: 4242 4242 4242 4242 pays, and no money moves")
    print(f"Log in: {', '.join(name for name, _ in _PEOPLE)}; the password of each is {password}")
    print(
        "The demo takes a password alone. Production asks everyone for a passkey or TOTP. Ctrl-C ends it.", flush=True
    )


def _end(*_: object) -> None:
    raise KeyboardInterrupt


def _start(*words: str, **more: str) -> subprocess.Popen[bytes]:
    command = orphans.bound(sys.executable, "-m", "hectograph.newsroom.command.main", *words)
    return subprocess.Popen(command, env={**os.environ, **more})  # noqa: S603 (our own words alone)

"""The letter on its way: send an approved edition and look on, pause, resume, cancel, change the rate, report, and
decide about readers of whom only the relay knows."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from hectograph.desk import orphans
from hectograph.errors import Problem
from hectograph.letters import steering
from hectograph.letters.edition import Edition, State
from hectograph.letters.steering import Report
from hectograph.newsroom import fence, sender
from hectograph.newsroom.flows import letter_sending
from hectograph.newsroom.vaults import folder as keys
from hectograph.readers import returns_board

HELP = "send a letter and look on; pause, resume, cancel, change the rate, report, resolve"
_OVER = (State.DONE, State.CANCELLED, State.PAUSED)
_LOOK = 1.0  # seconds


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    acts.add_parser("list", help="the editions and where they stand")
    acts.add_parser("work", help="the sender: carries every edition when it is due")
    words = {
        "send": "send an approved edition now, here where no sender is at work",
        "pause": "hold it; what is under way is finished",
        "resume": "go on where it stopped",
        "cancel": "nobody else gets it",
        "rate": "at most so many mails a second",
        "hosts": "where its links to stories may stand; with a host, let them stand there: needs no new approval",
        "report": "what became of everyone, in numbers",
        "resolve": "decide about uncertain readers",
        "adopt": "send from here what another installation began; that one must be gone",
    }
    each = {name: acts.add_parser(name, help=text) for name, text in words.items()}
    for one in each.values():
        one.add_argument("edition", type=int)
        one.add_argument("--person", default="", help="who decides (default: the name you are logged in by)")
    each["send"].add_argument("--watch", action="store_true", help="show how it goes until it is over")
    each["send"].add_argument("--waive-desks", action="store_true", help="also if a desk can't be reached; is noted")
    each["rate"].add_argument("rate", type=float, help="0 for as fast as the relay allows")
    each["hosts"].add_argument("host", nargs="?", default="", help="one of those that were approved")
    each["report"].add_argument("--json", action="store_true")
    way = each["resolve"].add_mutually_exclusive_group(required=True)
    way.add_argument("--sent", action="store_true", help="take them as sent")
    way.add_argument("--again", action="store_true", help="send to them, perhaps a second time")


def run(args: argparse.Namespace) -> int:
    acts: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "work": _work,
        "send": _send,
        "hosts": _hosts,
        "report": _report,
        "resolve": _resolve,
    }
    return acts.get(args.act, _steer)(args)


def _person(args: argparse.Namespace) -> str:
    return str(args.person) or getpass.getuser()


def _list(args: argparse.Namespace) -> int:
    for edition in Edition.objects.order_by("-slot", "-pk")[:50]:
        print(f"{edition.pk:>6}  {edition}  {edition.kind:<6}  {edition.state:<10}  {edition.needs_person}")
    return 0


def _work(args: argparse.Namespace) -> int:
    command = _sender()
    os.execv(command[0], command)  # noqa: S606 (our own interpreter and module)
    return 0


def _sender(*more: str) -> list[str]:
    return [sys.executable, "-m", "hectograph.newsroom.sender_main", *more]


def _send(args: argparse.Namespace) -> int:
    edition = _edition(args.edition)
    if edition.state in (State.APPROVED, State.SCHEDULED, State.FREEZING):
        steering.start(edition.pk, _person(args), waive_desks=args.waive_desks)
    elif edition.state != State.SENDING:
        raise Problem(
            f"This edition is {edition.state}.", "Approve it first; one that is paused: `hecto letters resume`."
        )
    if sender.runs():
        print("The sender at work here carries it.")
        return _watch(edition.pk, lambda: True) if args.watch else 0
    # Where this one is killed, the sender finishes what is under way, so that nobody is uncertain, and ends; one that
    # stepped down to an account of its own goes on alone.
    command = orphans.bound(*_sender("--edition", str(edition.pk)), by=signal.SIGTERM)
    child = subprocess.Popen(command)  # noqa: S603 (our own interpreter and module)
    try:
        if args.watch:
            _watch(edition.pk, lambda: child.poll() is None)
        code = child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
    found = steering.report(edition.pk)
    print(_words(found))
    return code or int(found.state != State.DONE)


def _edition(number: int) -> Edition:
    found = Edition.objects.filter(pk=number).first()
    if found is None:
        raise Problem("There is no such edition.", "`hecto letters list` shows them.")
    return found


def _watch(number: int, goes_on: Callable[[], bool]) -> int:
    """A line a second until it is over: sent, left, rate, ETA, deferred with the relay's codes, uncertain."""
    last, before = 0, time.monotonic()
    terminal = sys.stdout.isatty()
    while goes_on():
        found = steering.report(number)
        now = time.monotonic()
        sent = found.counts.get("accepted", 0)
        line = progress(found, (sent - last) / max(0.001, now - before))
        print(f"\r\x1b[K{line}" if terminal else line, end="" if terminal else "\n", flush=True)
        if found.state in _OVER:
            break
        last, before = sent, now
        time.sleep(_LOOK if terminal else 5 * _LOOK)
    if terminal:
        print()
    return 0


def progress(found: Report, rate: float) -> str:
    """One line of how far it is."""
    counts = found.counts
    left = sum(counts.get(name, 0) for name in ("ready", "leased", "deferred"))
    words = [f"{found.state}: {counts.get('accepted', 0):,} sent", f"{left:,} left", f"{rate:,.0f}/s"]
    if rate > 0 and left:
        minutes, seconds = divmod(int(left / rate), 60)
        words.append(f"about {minutes}:{seconds:02d} to go")
    if counts.get("deferred"):
        codes = ", ".join(f"{code}: {count:,}" for code, count in sorted(found.codes.items()) if code < 500)
        words.append(f"{counts['deferred']:,} put off ({codes})")
    if counts.get("uncertain"):
        words.append(f"{counts['uncertain']:,} uncertain")
    return " · ".join([*words, *([found.needs_person] if found.needs_person else [])])


def _steer(args: argparse.Namespace) -> int:
    person = _person(args)
    if args.act == "rate":
        steering.set_rate(args.edition, args.rate, person)
    elif args.act == "adopt":
        steering.adopt(args.edition, fence.fence(keys()), person)
    elif args.act == "cancel":
        print(f"{steering.cancel(args.edition, person):,} readers will not get it.")
        return 0
    elif args.act == "pause":
        steering.pause(args.edition, person)
    else:
        steering.resume(args.edition, person)
        if not sender.runs():
            print("No sender is at work here: `hecto letters send EDITION` carries it, or `hecto letters work`.")
    print("Done.")
    return 0


def _report(args: argparse.Namespace) -> int:
    found = steering.report(args.edition)
    row = {"edition": found.edition, "state": found.state, "frozen": found.frozen, "adds_up": found.adds_up}
    row |= {"counts": found.counts, "codes": found.codes, "needs_person": found.needs_person}
    row |= {"came_back": returns_board.reasons_of(found.edition), "complaints_percent": _complaints(found)}
    print(json.dumps(row) if args.json else _words(found))
    return 0


def _complaints(found: Report) -> float:
    complaints = returns_board.of_edition(found.edition).complaints
    return returns_board.complaint_share(complaints, found.counts.get("accepted", 0))


def _words(found: Report) -> str:
    lines = [f"Edition {found.edition} is {found.state}. Readers written down: {found.frozen:,}."]
    lines += [f"  {name:<10} {count:>9,}" for name, count in found.counts.items()]
    lines += [f"  the relay said {code}: {count:,}" for code, count in sorted(found.codes.items())]
    lines += [f"  came back, {why}: {count:,}" for why, count in returns_board.reasons_of(found.edition).items()]
    lines.append(f"  complaints: {_complaints(found):.2f} % (keep them below 0.1 %)")
    lines.append("The states add up." if found.adds_up else "The states do NOT add up: say so to whoever runs this.")
    if found.counts.get("uncertain"):
        lines.append(
            "Only the relay knows whether the uncertain ones have it: look into its log, then `letters resolve`."
        )
    lines += [f"  {at:%Y-%m-%d %H:%M} {act} {person} {note}".rstrip() for at, act, person, note in found.events]
    return "\n".join([*lines, *([found.needs_person] if found.needs_person else [])])


def _hosts(args: argparse.Namespace) -> int:
    if args.host:
        letter_sending.stand_on(_edition(args.edition), args.host, _person(args))
    for place, host in enumerate(letter_sending.story_hosts(_edition(args.edition))):
        print(f"{host}{'' if place else '  ← links to stories stand here'}")
    return 0


def _resolve(args: argparse.Namespace) -> int:
    count = steering.resolve(args.edition, _person(args), send_again=args.again)
    print(f"{count} readers: {'they get it' if args.again else 'taken as sent'}.")
    return 0

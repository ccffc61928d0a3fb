"""Look the newsroom over: settings, disk, worker, late stories, what waits. Exit code 1 where something is wrong.

With --mail also the sending domain: SPF, DKIM, DMARC, PTR, MX, the relay's TLS, and what to put in DNS. That alone asks
the network."""

from __future__ import annotations

import argparse
import json

from django.conf import settings
from django.utils import timezone

from hectograph.newsroom import clock, health
from hectograph.post import domain, name_lookups, relay
from hectograph.post.domain import Record, Sending

HELP = "look the newsroom over and say what to do"
_MARKS = {True: "ok  ", False: "BAD ", None: "hint"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as a JSON list")
    parser.add_argument(
        "--clock-is-right", action="store_true", help="believe this machine's clock, however far it jumped"
    )
    parser.add_argument(
        "--mail",
        nargs="?",
        const="",
        metavar="DOMAIN",
        help="look at the sending domain alone (asks DNS and the relay)",
    )
    parser.add_argument("--selector", default="", help="the DKIM selector; else HECTO_DKIM_SELECTOR")
    parser.add_argument(
        "--leaves-from", action="append", default=[], metavar="HOST", help="a host that mail leaves from"
    )


def run(args: argparse.Namespace) -> int:
    if args.mail is not None:
        return _mail(args)
    if args.clock_is_right:
        clock.believe(timezone.now())
    findings = health.examine(timezone.now())
    if args.json:
        print(json.dumps([finding.as_row() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'BAD '} {finding.what}{'' if finding.ok else f'  → {finding.remedy}'}")
    return 0 if all(finding.ok for finding in findings) else 1


def _mail(args: argparse.Namespace) -> int:
    through = relay.read(settings.HECTO_RELAY)
    own = settings.HECTO_MAIL_FROM.rpartition("@")[2]
    name = args.mail or own
    sending = Sending(
        from_domain=name,
        bounce_domain=settings.HECTO_BOUNCE_DOMAIN if name == own else "",
        selector=args.selector or settings.HECTO_DKIM_SELECTOR,
        relay_hosts=tuple(args.leaves_from),
    )
    records = [*domain.examine(sending, name_lookups.ask), name_lookups.relay_tls(through)]
    if args.json:
        rows = [{"record": row.name, "ok": row.ok, "what": row.what, "remedy": row.remedy} for row in records]
        print(json.dumps({"domain": name, "records": rows}, ensure_ascii=False))
    else:
        _print(name, records)
    return 1 if any(row.ok is False for row in records) else 0


def _print(name: str, records: list[Record]) -> None:
    print(f"The sending domain {name}:")
    for row in records:
        print(f"{_MARKS[row.ok]} {row.name:8} {row.what}")
        if row.remedy:
            print(f"              → {row.remedy}")

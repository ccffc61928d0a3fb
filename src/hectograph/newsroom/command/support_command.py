"""Money that readers give: run the cashier, set the country policy, throw the switch on a designation day, record the
checks with the real service, look at plans and alarms."""

from __future__ import annotations

import argparse
import getpass
import json
from dataclasses import asdict

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import transfers
from hectograph.newsroom.cashier import Cashier
from hectograph.newsroom.flows import fuses, protect, statements
from hectograph.newsroom.flows.till import METHODS
from hectograph.newsroom.rails import open_rails
from hectograph.payments.countries import COUNTRIES
from hectograph.payments.policy import Policy
from hectograph.payments.policy import watched as is_watched
from hectograph.payments.processors.transfer.csv_statement import Layout
from hectograph.payments.processors.transfer.lines import LARGEST
from hectograph.support import fuse, policy_row, sandbox_check
from hectograph.support.plan import Plan

HELP = "take money from readers: the cashier, the country policy, the designation-day switch, checks, plans"


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    work = acts.add_parser("work", help="the cashier: holds the keys of payment services, asks banks, keeps the books")
    work.add_argument("--checking", action="store_true", help="open for the checks of docs/sandbox-checks.md, as yet")
    policy = acts.add_parser("policy", help="show the country policy, or make a new version of it")
    policy.add_argument("--block", metavar="RU,BY", help="countries whose cards are refused")
    policy.add_argument("--caution", metavar="KZ,AM", help="countries whose givers are asked once more")
    policy.add_argument(
        "--hosts", default="", help="mail hosts that a state can read, besides those of the last version"
    )
    policy.add_argument("--drop-hosts", default="", help="mail hosts of the last version that a state can not read")
    policy.add_argument("--list-hosts", action="store_true", help="name the mail hosts that are never written to")
    policy.add_argument("--reason", default="", help="why hosts are dropped; kept for good, so name nobody")
    switch = acts.add_parser("protect", help="giving became a crime there: end plans on its cards, forget contacts")
    switch.add_argument("country", help="two letters, as RU")
    switch.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    switch.add_argument(
        "--hosts", default="", help="mail hosts there that the state can read, as mail.example,web.example"
    )
    switch.add_argument("--json", action="store_true")
    check = acts.add_parser("record-check", help="record a check made with the real service (docs/sandbox-checks.md)")
    check.add_argument("name", choices=tuple(sandbox_check.CHECKS))
    check.add_argument("--result", required=True, help="what was seen, in a sentence; no names, no card numbers")
    check.add_argument("--failed", action="store_true", help="it did not come out as it must")
    statement = acts.add_parser("statement", help="book what came by bank transfer, from a CAMT.053 or CSV statement")
    statement.add_argument("file", type=argparse.FileType("rb"), help="the bank's export, or - for standard input")
    statement.add_argument("--date", default="", metavar="COLUMN", help="CSV: the column of the day of booking")
    statement.add_argument("--amount", default="", metavar="COLUMN")
    statement.add_argument("--text", default=[], metavar="COLUMN", action="append", help="where payers' words stand")
    statement.add_argument("--side", default="", metavar="COLUMN", help="which says whether money came or went")
    statement.add_argument("--separator", default="", help="between columns, as ;")
    statement.add_argument("--decimals", default="", choices=("", ".", ","), help="what stands before cents")
    statement.add_argument("--dates", default="", metavar="FORM", help="how dates are written, as %%d.%%m.%%Y")
    acts.add_parser("checks", help="which checks were recorded")
    acts.add_parser("list-plans", help="plans by state, frequency and currency, in numbers")
    alarms = acts.add_parser("alarms", help="what a person must look at; --settle marks one as seen to")
    alarms.add_argument("--settle", type=int, metavar="NUMBER")
    alarms.add_argument("--reason", default="", help="what was done about it; kept for good, so name nobody")
    again = acts.add_parser("open-again", help="open a way of paying that a fuse closed, before its time")
    again.add_argument("method", choices=METHODS)
    again.add_argument("--reason", required=True, help="why it may be open, in a sentence; it is kept")
    for one in (policy, switch, check, alarms, again):
        one.add_argument("--person", default="", help="who does it (default: the name you are logged in by)")


def run(args: argparse.Namespace) -> int:
    return _ACTS[args.act](args)


def _person(args: argparse.Namespace) -> str:
    return str(args.person) or getpass.getuser()


def _work(args: argparse.Namespace) -> int:
    rails = open_rails(checking=args.checking)
    for method, why in rails.closed.items():
        print(f"{method} is closed: {why}", flush=True)
    Cashier(rails).run()
    return 0


def _policy(args: argparse.Namespace) -> int:
    old = _new_policy(args)
    if old is None:
        raise Problem("There is no country policy yet, so nobody can pay.", "hecto support policy --block RU,BY")
    print(f"Country policy, version {old.version}.")
    print(f"Refused: {', '.join(sorted(old.blocked)) or 'none'}. Asked once more: {', '.join(sorted(old.caution))}.")
    print(f"Never written to: {len(old.watched)} mail hosts and all below them.")
    if args.list_hosts:
        print("\n".join(sorted(old.watched)))
    return 0


@transaction.atomic
def _new_policy(args: argparse.Namespace) -> Policy | None:
    """The version that the arguments ask for; the newest one where they ask for none."""
    if args.block is not None or args.caution is not None or args.hosts:
        base = policy_row.current() or Policy(0)
        blocked = _words(args.block) if args.block is not None else base.blocked
        caution = _words(args.caution) if args.caution is not None else base.caution - blocked
        watched = base.watched | _words(args.hosts.lower())
        policy_row.publish(Policy(0, blocked, caution, watched), _person(args), timezone.now())
    if dropped := _words(args.drop_hosts.lower()):
        made = policy_row.drop_hosts(dropped, _person(args), args.reason, timezone.now())
        for host in sorted(host for host in dropped if is_watched(made, [host])):
            print(f"{host} is still never written to: a wider name that it lies below is listed.")
    return policy_row.current()


def _words(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split(",") if word.strip())


def _protect(args: argparse.Namespace) -> int:
    if args.country not in COUNTRIES:
        raise Problem("There is no such country.", "Write two capital letters, as in RU.")
    till = Cashier(open_rails(), threads=1).books_till()
    hosts = _words(args.hosts.lower())
    done = protect.protect(till, args.country, _person(args), dry_run=args.dry_run, hosts=hosts)
    if args.json:
        print(json.dumps(asdict(done)))
        return 1 if done.left else 0
    verb = "would be ended" if args.dry_run else "ended"
    print(f"Plans on cards from there: {done.plans} {verb}; {done.told} of them are told by a neutral mail.")
    if done.foreign:
        print(f"{done.foreign} of them are known to the service alone.")
    if done.left:
        print(f"{done.left} could not be ended: the service did not answer. Run it again.")
    elif not args.dry_run:
        print(f"Policy version {done.version} refuses cards from there. Contacts are erased within three days.")
        print("What is left: docs/operators.md, “The day of a designation”.")
    return 1 if done.left else 0


def _record(args: argparse.Namespace) -> int:
    result = sandbox_check.BAD if args.failed else sandbox_check.GOOD
    sandbox_check.record(args.name, result, _person(args), timezone.now(), args.result)
    print(sandbox_check.missing() or "All five are recorded as good: card payments may open.")
    return 0


def _statement(args: argparse.Namespace) -> int:
    with args.file as file:
        raw = file.read(LARGEST + 1)
    layout = Layout(args.date, args.amount, tuple(args.text), "", args.side, args.separator, args.decimals, args.dates)
    taken = statements.take(transfers.account(), raw, layout, timezone.now())
    print(
        f"{taken.lines} bookings read, {taken.ours} of them under references of ours: {taken.new} are new in the books."
    )
    if taken.unknown:
        print(f"{taken.unknown} came under references that are not known here (any more). They are booked, too.")
    return 0


def _checks(args: argparse.Namespace) -> int:
    for name, result in sandbox_check.results().items():
        print(f"{name:<16} {result or 'not made':<9} {sandbox_check.CHECKS[name]}")
    return 0


def _list_plans(args: argparse.Namespace) -> int:
    rows = Plan.objects.values_list("state", "frequency", "currency").annotate(Count("pk"))
    for state, frequency, currency, count in rows.order_by("state", "frequency", "currency"):
        print(f"{state:<8} {frequency:<8} {currency}  {count:>6}")
    return 0


def _open_again(args: argparse.Namespace) -> int:
    fuses.open_again(args.method, _person(args), args.reason, timezone.now())
    print(f"{args.method} is open. What the fuse had counted is forgotten.")
    return 0


def _alarms(args: argparse.Namespace) -> int:
    if args.settle is not None:
        fuse.settle(args.settle, _person(args), args.reason, timezone.now())
    for row in fuse.open_alarms():
        print(f"{row.pk:>6}  {row.at:%Y-%m-%d %H:%M}  {row.kind}: {row.about}\n        {fuse.remedy(row.kind)}")
    return 0


_ACTS = {
    "work": _work,
    "policy": _policy,
    "protect": _protect,
    "record-check": _record,
    "statement": _statement,
    "checks": _checks,
    "list-plans": _list_plans,
    "alarms": _alarms,
    "open-again": _open_again,
}

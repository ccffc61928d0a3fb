"""The canary drill of giving, and the seizure after it: `take` makes a newsroom, plays it, and takes the loot.

Givers with unique names, cards, addresses, machines and pages give once, monthly, annually, by transfer, are refused,
ask to be reminded, change and end their plans, are given back; through the desk, the newsroom's pull, the opener's
handlers, the cashier and the stand-in over HTTP. Mails go to a relay whose inbox is not part of the loot. What is taken
afterwards is all of HECTO_HOME as it lies there while all runs (with the database's journal) and afterwards, a backup,
the desk's folder and every log; not HECTO_KEYS. A desk's memory is looked at in `tests/desk/test_refreshing.py`.
"""

import gzip
import json
import logging
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from hectograph.desk import configuration
from hectograph.desk.app import Desk
from hectograph.newsroom import opener, rails, transfers
from hectograph.newsroom.cashier import Cashier
from hectograph.newsroom.flows import desks, give, manage, statements, subscribe, support_intake
from hectograph.newsroom.flows.live_calls import LiveCalls
from hectograph.newsroom.flows.tellings import Tellings
from hectograph.newsroom.relays import choosing
from hectograph.payments.policy import Policy
from hectograph.payments.processors.transfer import reference
from hectograph.payments.processors.transfer.csv_statement import Layout
from hectograph.support import attempt, policy_row, refund, wishes
from hectograph.support.booking import held
from hectograph.support.contribution import Contribution, State
from hectograph.support.plan import Plan
from hectograph.support.reminder import Reminder
from tests.loops import run
from tests.newsroom import theft_drill
from tests.peers.stripe.stand_in import StripeStandIn
from tests.process import Home
from tests.readers.conftest import Relay

MARK = "C4naryOfAReader"
_FORM = "application/x-www-form-urlencoded"
_PLAY = """
import json
from django.db import connection
import shutil
from tests.newsroom import canary_drill
said = canary_drill.play(canary_drill.Path({folder!r}) / "var", {rounds})
shutil.copytree({folder!r} + "/var", {folder!r} + "/running")  # with the database's journal as it lies there
connection.cursor().execute("VACUUM INTO %s", [{folder!r} + "/backup.sqlite3"])
print(json.dumps(said))
"""


@dataclass(frozen=True)
class Giver:
    """One person, and all that could tell of them."""

    number: int

    @property
    def address(self) -> str:
        return f"{MARK}.giver{self.number}@example.org"

    @property
    def client(self) -> str:
        return f"198.51.{self.number // 250}.{self.number % 250 + 1}"

    @property
    def card(self) -> dict[str, Any]:
        """As the processor tells it to whoever may read the token."""
        return {"name": f"{MARK} Person {self.number}", "email": f"{MARK}.card{self.number}@example.org",
                "last4": f"{MARK}{self.number:04d}"}  # fmt: skip

    @property
    def headers(self) -> dict[str, str]:
        return {
            "user-agent": f"{MARK}Browser/{self.number}",
            "referer": f"https://courier.example/en/2026/11/{MARK}-story-{self.number}.html",
            "origin": "null",
            "x-forwarded-for": self.client,
            "cookie": f"{MARK}={self.number}",
            "accept-language": f"{MARK.lower()}-{self.number}",
        }

    @property
    def told(self) -> list[str]:
        """Every string of theirs."""
        return [self.address, self.client, *self.card.values(), *self.headers.values()]


class Stage:
    """The desk, the newsroom and the stand-in, on one clock."""

    def __init__(self, home: Path, peer: Any) -> None:
        self.peer, self.at = peer, float(int(time.time()))
        peer.webhooks.signs_at = lambda: self.at
        keys = Path(settings.HECTO_KEYS) / "processors/stripe"
        keys.mkdir(mode=0o700, parents=True)
        secrets = {name: getattr(peer.keys, name) for name in ("web", "worker", "operator")}
        for name, key in {**secrets, "webhook": peer.webhook_secret}.items():
            (keys / name).write_text(key)
            (keys / name).chmod(0o600)
        settings.HECTO_SUPPORT_METHODS = ["card", "sepa", "transfer"]
        settings.HECTO_STRIPE_STAND_IN, settings.HECTO_STRIPE_PUBLISHABLE = peer.url, peer.publishable
        settings.HECTO_TRANSFER_HOLDER, settings.HECTO_TRANSFER_IBAN = "Courier", "DE89370400440532013000"
        self.relay = Relay()
        choosing.relay.connect = lambda _: self.relay  # type: ignore[assignment, return-value]
        policy_row.publish(Policy(0), "operator", self.now())
        self.vault = opener.open_vault()
        file = desks.configure(self.vault, home / "desk", address="http://desk.example", listen="127.0.0.1:1")
        eased = file.read_text().replace("[support]\n", "[support]\nat_ease = 10000\n")  # nobody here works for a card
        file.write_text(eased)
        self.desk = Desk(configuration.read(file), lambda: self.at)
        self.live = LiveCalls(support_intake.live(), Tellings(self.vault))
        self.outbox = subscribe.outbox(self.vault)
        self.cashier = Cashier(rails.open_rails(), now=self.now)
        peer.deliver_to(self.webhook)
        self.pull()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def wait(self, **how_long: float) -> None:
        seconds = int(timedelta(**how_long).total_seconds())
        self.at += seconds
        self.peer.clock.advance(seconds=seconds)

    # --- the street ---------------------------------------------------------------------------------------------------

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], client: str) -> Any:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        path, _, query = path.partition("?")
        rows = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": rows}
        await self.desk({**scope, "client": (client, 4000)}, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], sent[1]["body"], found

    def ask(self, giver: Giver, method: str, path: str, /, accept: str = "text/html", **fields: str) -> Any:
        """What a browser sends, with all it tells of who uses it."""
        headers = {**giver.headers, "content-type": _FORM, "accept": accept}
        return run(self._ask(method, path, urlencode(fields).encode(), headers, giver.client))

    def wire(self, address: str, body: bytes, signature: str) -> tuple[bytes, str]:
        """The newsroom's question, handed to the desk without a network."""
        status, text, headers = run(self._ask("POST", "/pull", body, {"signature": signature}, "127.0.0.1"))
        assert status == 200
        return text, headers["signature"]

    def webhook(self, body: bytes, headers: dict[str, str]) -> int:
        lower = {name.lower(): value for name, value in headers.items()}
        return int(run(self._ask("POST", "/webhooks/stripe", body, lower, "198.51.100.99"))[0])

    # --- the newsroom -------------------------------------------------------------------------------------------------

    def pull(self) -> None:
        subscribe.pull(self.vault, self.now(), ask=self.wire, live=self.live)

    def work(self) -> None:
        """What opener and cashier do until nothing is due."""
        self.pull()
        for _ in range(6):
            for pk in attempt.due(self.now(), 100):
                give.carry(self.cashier.till(), pk)
            for pk in wishes.due(self.now(), 100):
                manage.carry(self.cashier.till(), pk)
        self.pull()
        self.outbox.send_due(self.now())

    def keep_books(self) -> None:
        while any(self.peer.deliver()):
            self.pull()
            self.cashier.keep_books()

    # --- what people do -----------------------------------------------------------------------------------------------

    def give(self, giver: Giver, frequency: str, *, method: str = "card", **card: Any) -> str:
        """All the way from the form to what the page says at the end."""
        asked = {"frequency": frequency, "own": "12", "currency": "EUR", "language": "en", "name": giver.card["name"]}
        status, _, headers = self.ask(giver, "POST", "/support", **asked)
        assert status == 303
        address = headers["location"]
        assert self.ask(giver, "GET", address)[0] == 200
        token = "" if method == "transfer" else self.peer.token(**{"country": "LI", **giver.card, **card})
        posted = {"token": token, "method": method, "email": giver.address, "name": giver.card["name"]}
        status, text, _ = self.ask(giver, "POST", address, accept="application/json", **posted)
        assert status == 200, text
        self.work()
        page: bytes = self.ask(giver, "GET", json.loads(text)["status"])[1]
        self.pull()
        return page.decode()

    def mailed(self, giver: Giver) -> list[str]:
        """Links in the mails that the giver got, the newest last; found by the address as the relay heard it."""
        found = list[str]()
        for to, text in self.relay.taken:
            if to.lower() == giver.address.lower():
                words = message_from_string(text, policy=policy.default).get_content()
                found += re.findall(r"/l/[\w-]+", str(words))
        return found

    def manage(self, giver: Giver) -> None:
        """Look, change the amount, the card and the day, pause, and end it."""
        link = self.mailed(giver)[-1]
        fresh = self.peer.token(country="LI", **giver.card)
        wishes = [{"act": "amount", "own": "15", "currency": "EUR"}, {"act": "card", "token": fresh}]
        wishes += [{"act": "pause", "weeks": "4"}, {"act": "go-on"}, {"act": "cancel"}]
        for wish in (None, *wishes):
            status, _, headers = self.ask(giver, "POST" if wish else "GET", link, **wish or {})
            assert status == 303, wish
            self.work()
            assert self.ask(giver, "GET", headers["location"])[0] == 200

    def remind(self, giver: Giver) -> None:
        soon = self.now().date().replace(day=1) + timedelta(days=62)
        asked = {"address": giver.address, "month": f"{soon:%Y-%m}", "language": "en", "name": giver.card["name"]}
        assert self.ask(giver, "POST", "/remind", **asked)[0] == 200
        self.work()
        assert self.ask(giver, "POST", self.mailed(giver)[0])[0] == 200
        self.pull()

    def statement(self, giver: Giver) -> int:
        expected = Contribution.objects.filter(processor="transfer").order_by("-pk")[0]
        line = f"{self.now():%Y-%m-%d};{giver.card['name']};12.00;EUR;{reference.shown(expected.ref)} {giver.address}"
        raw = f"Date;Name;Amount;Currency;Message\n{line}\n".encode()
        return statements.take(transfers.account(), raw, Layout(), self.now()).new

    def give_back(self) -> None:
        paid = Contribution.objects.filter(processor="stripe", state=State.PAID, plan=None).order_by("-pk")[0]
        refund.ask(paid.pk, 500, "operator", self.now())


def play(home: Path, rounds: int) -> dict[str, int]:
    """The whole drill; counts of what was done, so that nobody takes an idle drill for a clean one."""
    log = logging.FileHandler(home / "everything.log")
    for name in ("", "stripe", "hectograph", "django", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(log)
    said: dict[str, int] = {"refused": 0, "booked": 0}
    with StripeStandIn(start=int(time.time())) as peer:
        stage = Stage(home, peer)
        stage.cashier.keep_books()
        for round_ in range(rounds):
            once, monthly, annual, refused, reminded, transfer, kept = (Giver(round_ * 10 + n) for n in range(7))
            for giver, frequency in ((once, "once"), (monthly, "monthly"), (annual, "annual"), (kept, "monthly")):
                stage.give(giver, frequency)
            said["refused"] += "charge" in stage.give(refused, "once", country="RU").lower()
            stage.give(Giver(round_ * 10 + 7), "once", decline="insufficient_funds")
            stage.keep_books()
            stage.manage(monthly), stage.manage(annual)
            stage.remind(reminded)
            stage.give(transfer, "once", method="transfer")
            said["booked"] += stage.statement(transfer)
            stage.give_back()
            stage.cashier.keep_books()
            stage.keep_books()
            stage.wait(minutes=20)
        said |= {"contributions": Contribution.objects.count(), "plans": Plan.objects.count()}
        said |= {"live": Plan.objects.exclude(state="ended").count(), "reminders": Reminder.objects.count()}
        account = stage.cashier.rails.books[0].account
        said |= {"mails": len(stage.relay.taken), "equal": bool(account and held("stripe") == account.balance())}
        stage.desk.close()
    return said


def take(folder: Path, rounds: int) -> tuple[Home, dict[str, int], bytes]:
    """A newsroom in `folder` after the drill: what was done, and all that a thief takes who does not get the keys."""
    home = Home(folder)
    home.found()
    home.hecto("keys", "make")
    said = json.loads(home.python(_PLAY.format(folder=str(folder), rounds=rounds)).splitlines()[-1])
    return home, said, loot(folder)


def loot(folder: Path) -> bytes:
    """Every byte of every file but the keys, as it lies there and unpacked."""
    taken = [path for path in folder.rglob("*") if path.is_file() and "keys" not in path.relative_to(folder).parts]
    parts = [path.read_bytes() for path in taken]
    for part in list(parts):
        with suppress(OSError, EOFError):
            parts.append(gzip.decompress(part))
    return b"\n".join(parts)


def traces(data: bytes) -> list[str]:
    """In which disguise the mark of all canaries stands in `data`; shifts of base64 are among them."""
    forms = {form for word in (MARK, MARK.lower(), MARK.upper()) for form in theft_drill.disguises(word)}
    plain = ("plain", "hex", "base32", "base64")
    return sorted({name for name, text in forms if name in plain and len(text) >= 6 and text in data})

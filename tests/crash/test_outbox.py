"""Whoever sends small mails is killed meanwhile: a relay of its own counts what it took. Nobody gets one twice, and the
one in hand is shown as uncertain."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# As the opener does it, without the rest of the newsroom: each start is a second instead of five.
BEGIN = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path
import django; django.setup()
from hectograph.post import relay
from hectograph.readers import intake, vault
from hectograph.readers.outbox import Outbox
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.small_mail import House
from hectograph.sealing.envelope import INTAKE
from hectograph.sealing.seal import seal
now = datetime.now(UTC)
opened = vault.make(Path(os.environ["HECTO_KEYS"]) / "opener", now)
"""
SIGN_UP = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
public = opened.ring.current(INTAKE).public
def form(number):
    words = {"kind": "sign-up", "address": f"reader{number}@example.org", "language": "en", "letter": ""}
    return seal(public, json.dumps(words).encode())
intake.take_all(opened, [form(number) for number in range(int(sys.argv[1]))], now)
"""
SEND = """
house = House("The Courier", "https://links.example", "https://courier.example/how.html")
outbox = Outbox(opened, relay.read(os.environ["HECTO_RELAY"]), "letter@courier.example", lambda language: house)
outbox.recover(now)
while outbox.send_due(now):
    pass
rows = Outgoing.objects.select_related("subscriber")
print(json.dumps([[opened.open(bytes(row.subscriber.sealed)).decode(), row.state] for row in rows]))
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The log of a relay that runs as a process of its own, answers up to 20 ms late, and is the newsroom's."""
    port, log = tmp_path / "port", tmp_path / "relay.log"
    relay = subprocess.Popen([sys.executable, "-m", "tests.peers.relay", str(port), str(log), "20"], cwd=ROOT)
    while not port.exists():
        time.sleep(0.01)
    monkeypatch.setenv("HECTO_RELAY", f"smtp+plain://127.0.0.1:{port.read_text()}")
    monkeypatch.setenv("HECTO_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("HECTO_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "hectograph.newsroom.sender_settings")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "var").mkdir()
    yield log
    relay.kill()
    relay.wait()


def start(code: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BEGIN + code, *words]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ.copy(), stdout=subprocess.PIPE, text=True)


def taken(log: Path) -> Counter[str]:
    return Counter(line.split()[0] for line in log.read_text().splitlines()) if log.exists() else Counter()


@pytest.mark.parametrize(("count", "kills", "in_hand"), [(40, 2, 0), pytest.param(1000, 25, 1, marks=pytest.mark.soak)])
def test_an_opener_killed_again_and_again_sends_no_small_mail_twice(
    log: Path, count: int, kills: int, in_hand: int
) -> None:
    dice = random.Random(5)
    start(SIGN_UP, str(count)).communicate()
    for _ in range(kills):
        sender, wanted = start(SEND), taken(log).total() + dice.randint(1, count // (kills + 1))
        while taken(log).total() < wanted and sender.poll() is None:
            time.sleep(0.002)
        time.sleep(dice.random() / 50)  # anywhere between two mails, or in one
        sender.kill()
        sender.communicate()
    last, _ = start(SEND).communicate()
    fates, copies = dict(json.loads(last)), taken(log)
    accepted = {address for address, state in fates.items() if state == "accepted"}
    uncertain = {address for address, state in fates.items() if state == "uncertain"}
    assert max(copies.values()) == 1
    assert len(accepted) + len(uncertain) == count
    assert accepted <= set(copies) <= accepted | uncertain
    assert in_hand <= len(uncertain) <= kills

"""What bench.letters does inside a practice newsroom, each act a process of its own that prints one JSON object."""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection

from bench.letter_readers import letter_to
from hectograph.letters import audience, steering
from hectograph.letters.edition import Edition, State
from hectograph.letters.rows import DeliveryRows
from hectograph.newsroom.demo import practice, practice_rows
from hectograph.newsroom.fence import fence
from hectograph.newsroom.vaults import folder as keys
from hectograph.newsroom.vaults import open_vault
from hectograph.post import relay
from hectograph.post.outcomes import Outcome
from hectograph.post.outcomes import State as Copy
from hectograph.readers.outbox import Outbox
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.small_mail import House
from hectograph.readers.subscriber import Subscriber


def _empty() -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("letters_", "readers_")):
                cascade = " RESTART IDENTITY CASCADE" if connection.vendor == "postgresql" else ""
                verb = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
                cursor.execute(f"{verb} {table}{cascade}")


def make(readers: str) -> dict[str, float]:
    """A newsroom whose letter may go."""
    _empty()
    edition = letter_to(int(readers))
    steering.start(edition, "bench")
    return {"edition": edition}


def result(edition: str) -> dict[str, float]:
    """By the database's own times: the audience is written down at `frozen_at` (its transaction began then)."""
    row = Edition.objects.get(pk=edition)
    assert row.frozen_at is not None
    assert row.done_at is not None, row.state
    found = steering.report(row.pk)
    _count, freeze_s = _freeze_again(row)
    seconds = (row.done_at - row.frozen_at).total_seconds() - freeze_s
    return {
        "per_s": found.counts["accepted"] / seconds,
        "freeze_s": freeze_s,
        "adds_up": found.adds_up and found.counts["accepted"] == found.frozen,
    }


def _freeze_again(row: Edition) -> tuple[int, float]:
    """A second edition for the same readers, timed; then taken away."""
    other = practice_rows.edition(practice.letter(), number=1)
    Edition.objects.filter(pk=other).update(state=State.FREEZING)
    started = time.perf_counter()
    count = audience.freeze(other, fence(keys()), datetime.now(UTC))
    took = time.perf_counter() - started
    steering.cancel(other, "bench")
    return count, took


def claims(readers: str) -> dict[str, float]:
    """Claims and settles through all readers; the claim's time near reader 1,000 and near nine tenths."""
    _empty()
    edition = letter_to(int(readers))
    Edition.objects.filter(pk=edition).update(state=State.FREEZING)
    count = audience.freeze(edition, fence(keys()), datetime.now(UTC))
    rows, times = DeliveryRows(edition, 1), list[float]()
    while True:
        started = time.perf_counter()
        taken = rows.claim(500)
        times.append(time.perf_counter() - started)
        if not taken:
            break
        rows.settle([Outcome(claim, Copy.ACCEPTED, 250) for claim in taken])
    times = times[: count // 500]
    early, late = times[2:12], times[int(len(times) * 0.9) - 5 :][:10]
    growth = statistics.median(late) / statistics.median(early)
    return {
        "claim_growth": growth,
        "claim_early_ms": statistics.median(early) * 1e3,
        "claim_late_ms": statistics.median(late) * 1e3,
    }


def small(edition: str) -> dict[str, float]:
    """Confirmations posted while the letter goes out, sent by the outbox as the opener runs it."""
    while Edition.objects.get(pk=edition).state != State.SENDING:
        time.sleep(0.1)
    time.sleep(1.0)
    outbox = Outbox(
        open_vault(),
        relay.read(settings.HECTO_RELAY),
        settings.HECTO_MAIL_FROM,
        lambda language: House("C", settings.HECTO_LINKS, "x"),
    )
    readers = list(Subscriber.objects.all()[:400])
    took: list[float] = []
    dice = random.Random(5)
    while Edition.objects.get(pk=edition).state == State.SENDING and len(took) < 200:
        now = datetime.now(UTC)
        Outgoing.objects.create(
            subscriber=readers[len(took)], kind="welcome", made=now, not_before=now - timedelta(seconds=1)
        )
        posted = time.perf_counter()
        time.sleep(dice.random() * 0.5)  # the opener looks twice a second
        outbox.send_due(datetime.now(UTC))
        took.append(time.perf_counter() - posted)
    if len(took) < 5:
        raise SystemExit("The letter was gone before five mails were posted: more readers are needed.")
    return {"p95": sorted(took)[int(len(took) * 0.95)], "median": statistics.median(took), "count": len(took)}


def django_mail(port: str) -> dict[str, float]:
    """Django's own way, on one connection that is kept: a mail of both forms, as large as the letter."""
    text = "What the newsroom found out this week, told in one line that is as long as lines are.\n"
    count = 1_500
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail.get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=int(port)) as opened:
        started = time.perf_counter()
        for number in range(count):
            made = mail.EmailMultiAlternatives(
                "Friday", text * 78, "letter@newsroom.example", [f"r{number}@example.test"], connection=opened
            )
            made.attach_alternative(f"<p>{text}</p>" * 150, "text/html")
            made.send()
        return {"per_s": count / (time.perf_counter() - started)}


if __name__ == "__main__":
    acts = {"make": make, "result": result, "claims": claims, "small": small, "django": django_mail}
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))

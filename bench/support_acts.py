"""What the bench of support does in processes of their own: `storms SEEDS ACTS`, `sweep URL KEY MOVEMENTS`."""

from __future__ import annotations

import sys

import django


def storms(seeds: int, acts: int) -> int:
    """How many storms end with books equal to the cent and a sweep that says so."""
    from hectograph.support.sweep_row import SweepRun  # noqa: PLC0415 (rows load after django.setup)
    from tests.support.storm import storm  # noqa: PLC0415 (rows load after django.setup)

    equal = 0
    for seed in range(seeds):
        with storm(seed, f"stripe-{seed}") as over:
            over.rage(acts, seed)
            run = over.abate()
            equal += run.state == SweepRun.State.EQUAL and not over.apart() and not over.waiting()
    return equal


def sweep(url: str, key: str, movements: int) -> int:
    """Sweep all there is at the stand-in; how many movements are in the books, which must be all."""
    from django.utils import timezone  # noqa: PLC0415 (rows load after django.setup)

    from hectograph.newsroom.flows.books import Rail, swept  # noqa: PLC0415 (rows load after django.setup)
    from hectograph.payments.processors.stripe.door import Door  # noqa: PLC0415 (rows load after django.setup)
    from hectograph.payments.processors.stripe.service import Stripe  # noqa: PLC0415 (rows load after django.setup)
    from hectograph.support import sweep as sweeping  # noqa: PLC0415 (rows load after django.setup)
    from hectograph.support.sweep_row import SweepRun  # noqa: PLC0415 (rows load after django.setup)

    service = Stripe(Door(key, live=False, api=url, stand_in=True))
    run = sweeping.sweep(swept(Rail(service, service)), timezone.now())
    if run.state != SweepRun.State.EQUAL or run.found != movements:
        raise SystemExit(f"{run.state}: {run.found} of {movements} movements, off by {run.diff}")
    return run.found


if __name__ == "__main__":
    django.setup()
    act, *words = sys.argv[1:]
    if act == "storms":
        print(storms(int(words[0]), int(words[1])))
    else:
        print(sweep(words[0], words[1], int(words[2])))

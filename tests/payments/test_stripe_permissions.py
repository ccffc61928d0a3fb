"""One table of what each key may do: shown to operators, granted by the stand-in, asked for by Stripe's own names."""

from pathlib import Path

import pytest

from hectograph.payments.port import ServiceProblem
from hectograph.payments.processors.stripe import permissions
from tests.payments.conftest import Ours
from tests.peers.stripe.routes import ROUTES

OPERATORS = Path(__file__).parents[2] / "docs/operators.md"


def test_the_operators_page_shows_the_table() -> None:
    assert permissions.table() in OPERATORS.read_text()


def test_every_permission_is_one_that_the_service_asks_for() -> None:
    assert permissions.NEEDED.keys() <= {route.subject for route in ROUTES}


@pytest.mark.parametrize(("key", "path"), [("worker", "refunds"), ("operator", "subscriptions"), ("web", "refunds")])
def test_a_key_can_do_nothing_that_the_table_does_not_name(ours: Ours, key: str, path: str) -> None:
    with pytest.raises(ServiceProblem):
        ours.door(key).write(path, {})
    assert ours.peer.requests[-1].status == 403


def test_what_a_key_may_not_read_it_can_not_expand_either(ours: Ours) -> None:
    started, token = ours.begun()
    ours.web.capture(ours.web.confirm(started, token).ref)
    with pytest.raises(ServiceProblem):
        ours.door("web").read(f"payment_intents/{started.payment}", expand=["latest_charge"])
    assert ours.door("worker").read(f"payment_intents/{started.payment}", expand=["latest_charge"])

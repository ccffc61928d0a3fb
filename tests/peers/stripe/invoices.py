"""Invoices of subscriptions, and what a payment's end means for them."""

from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row


def intent_succeeded(service: Service, intent: Row) -> None:
    """Nothing yet."""


def intent_failed(service: Service, intent: Row) -> None:
    """Nothing yet."""

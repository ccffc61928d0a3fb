"""Pages of a kind of which there are few (fronts, plain pages), found without going through the many."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet
from wagtail.models import Page

Kind = TypeVar("Kind", bound=Page)


def few(model: type[Kind]) -> QuerySet[Kind]:
    """Every page of `model`, named by number: asked by language or for what is live, a database may otherwise begin at
    the table of all pages, and go through every story. In no order."""
    ids = list(model._default_manager.order_by().values_list("pk", flat=True))
    return model._default_manager.filter(pk__in=ids).order_by()

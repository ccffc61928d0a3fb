"""What several tests of the newsroom lean on."""

from collections.abc import Iterator

import pytest
from django.test import Client

from hectograph.newsroom.access import accounts
from tests.newsroom.cast import Newsroom
from tests.newsroom.pair import Pair, open_pair


@pytest.fixture
def pair() -> Iterator[Pair]:
    with open_pair() as made:
        yield made


@pytest.fixture
def publisher(newsroom: Newsroom, client: Client) -> Client:
    client.force_login(accounts.create_staff("pub", "a-long-enough-password", role="publisher"))
    return client

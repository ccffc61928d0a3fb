"""What several tests of the newsroom's payments lean on."""

from collections.abc import Iterator

import pytest

from tests.newsroom.pair import Pair, open_pair


@pytest.fixture
def pair() -> Iterator[Pair]:
    with open_pair() as made:
        yield made

"""What may be given: currencies, and the least and the most of each in minor units. A newsroom may ask for more than
the least; it can't go below.

The least is about two dollars, and twice what the processor takes at all, so that a change of rates refuses nobody. The
most is where a card that is tried out by a thief begins to hurt, and a giver had better write first.
"""

from __future__ import annotations

from types import MappingProxyType

from hectograph.payments.forms import Offer

_LEAST = {"USD": 2_00, "EUR": 2_00, "GBP": 2_00, "CHF": 2_00, "PLN": 8_00, "CZK": 50_00}
_MOST = {"USD": 5_000_00, "EUR": 5_000_00, "GBP": 4_000_00, "CHF": 5_000_00, "PLN": 20_000_00, "CZK": 120_000_00}

CURRENCIES = tuple(_LEAST)
OFFER = Offer(MappingProxyType(_LEAST), MappingProxyType(_MOST))

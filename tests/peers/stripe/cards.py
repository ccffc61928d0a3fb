"""What people pay with, and how it behaves: the processor's public test numbers, and a few of our own."""

from dataclasses import dataclass, replace

SAME = "(same)"
ISO_NUMERIC = {  # our own numbers follow the processor's pattern: 4000 00NN N000 000 and a check digit
    "RU": "643", "KZ": "398", "AM": "051", "GE": "268", "KG": "417",
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """Any means of payment. Countries are as the processor would show them, which may be None or oddly spelt.

    `decline` is a decline code for the first payment, `renewal` a decline code or "challenge" for later ones; `later`
    is what happens after a payment: dispute, inquiry, warning, refund_fails, fails or bounces (a debit).
    """

    type: str = "card"
    country: str | None = "US"
    brand: str = "visa"
    funding: str = "credit"
    last4: str = "4242"
    exp_month: int = 12
    exp_year: int = 2034
    wallet: str | None = None
    name: str | None = None
    email: str | None = None
    lives_in: str | None = None  # the country that the payer chose, which says nothing of the card
    decline: str | None = None
    challenge: bool = False
    renewal: str | None = None
    later: str | None = None
    then_country: str | None = SAME  # the country that turns out once the payment method exists

    def revealed(self) -> "Card":
        return self if self.then_country == SAME else replace(self, country=self.then_country, then_country=SAME)


def luhn(digits: str) -> bool:
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def own_number(country: str) -> str:
    stem = f"400000{ISO_NUMERIC[country]}000000"
    return next(stem + str(digit) for digit in range(10) if luhn(stem + str(digit)))


def iban_holds(iban: str) -> bool:
    moved = iban[4:] + iban[:4]
    return (
        15 <= len(iban) <= 34
        and iban.isascii()
        and moved.isalnum()
        and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1
    )


def of_number(number: str) -> Card | None:
    """The card with this number; None if no such test number exists."""
    card = NUMBERS.get(number)
    return replace(card, last4=number[-4:]) if card else None


def of_iban(iban: str) -> Card | None:
    """A debit from this account. Any account whose check digits hold will do; a few misbehave as documented."""
    if not iban_holds(iban):
        return None
    return Card(
        type="sepa_debit", country=iban[:2], last4=iban[-4:], later=_DEBITS.get(iban[-4:]) if iban[:2] == "DE" else None
    )


_DEBITS = {"3001": "fails", "3004": "fails", "3002": "dispute"}
_BY_COUNTRY = {
    "AT": "4000000400000008", "BE": "4000000560000004", "BG": "4000001000000000", "BR": "4000000760000002",
    "BY": "4000001120000005", "CA": "4000001240000000", "CH": "4000007560000009", "CY": "4000001960000008",
    "CZ": "4000002030000002", "DE": "4000002760000016", "DK": "4000002080000001", "EE": "4000002330000009",
    "ES": "4000007240000007", "FI": "4000002460000001", "FR": "4000002500000003", "GB": "4000008260000000",
    "GR": "4000003000000030", "HR": "4000001910000009", "HU": "4000003480000005", "IE": "4000003720000005",
    "IT": "4000003800000008", "JP": "4000003920000003", "LI": "4000004380000004", "LT": "4000004400000000",
    "LU": "4000004420000006", "LV": "4000004280000005", "MT": "4000004700000007", "MX": "4000004840008001",
    "NL": "4000005280000002", "NO": "4000005780000007", "PL": "4000006160000005", "PT": "4000006200000007",
    "RO": "4000006420000001", "SE": "4000007520000008", "SI": "4000007050000006", "SK": "4000007030000001",
}  # fmt: skip
NUMBERS: dict[str, Card] = {
    "4242424242424242": Card(),
    "4000056655665556": Card(funding="debit"),
    "5555555555554444": Card(brand="mastercard"),
    "378282246310005": Card(brand="amex"),
    **{number: Card(country=country) for country, number in _BY_COUNTRY.items()},
    **{own_number(country): Card(country=country) for country in ISO_NUMERIC},
    "4000000000000002": Card(decline="generic_decline"),
    "4000000000009995": Card(decline="insufficient_funds"),
    "4000000000009987": Card(decline="lost_card"),
    "4000000000009979": Card(decline="stolen_card"),
    "4000000000000069": Card(decline="expired_card"),
    "4000000000000127": Card(decline="incorrect_cvc"),
    "4000000000000119": Card(decline="processing_error"),
    "4000000000000341": Card(renewal="generic_decline"),  # ours takes the first payment; the processor's only attaches
    "4000002500003155": Card(country="FR", challenge=True),
    "4000002760003184": Card(country="DE", challenge=True, renewal="challenge"),
    "4000000000003220": Card(challenge=True),
    "4000008260003178": Card(country="GB", challenge=True, decline="insufficient_funds"),
    "4000003800000446": Card(country="IT"),
    "4000000000000259": Card(later="dispute"),
    "4000000000001976": Card(later="inquiry"),
    "4000000000005423": Card(later="warning"),
    "4000000000005126": Card(later="refund_fails"),
}

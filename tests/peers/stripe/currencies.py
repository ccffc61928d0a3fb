"""Currencies: how many decimals, the smallest amount that is charged, and what one is worth in another."""

from decimal import ROUND_HALF_UP, Decimal

from tests.peers.stripe.clock import DAY
from tests.peers.stripe.failures import Refused

ZERO_DECIMAL = {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
THREE_DECIMAL = {"bhd", "jod", "kwd", "omr", "tnd"}
LARGEST = 99_999_999
MINIMUM = {
    "usd": 50, "eur": 50, "gbp": 30, "chf": 50, "pln": 200, "czk": 1500, "sek": 300, "nok": 300, "dkk": 250, "jpy": 50,
    "aud": 50, "cad": 50, "huf": 17500, "ron": 200, "bgn": 100, "hkd": 400, "nzd": 50, "sgd": 50, "mxn": 1000,
}  # fmt: skip
_IN_EUR = {
    "eur": "1", "usd": "0.92", "gbp": "1.17", "chf": "1.04", "pln": "0.232", "czk": "0.0402", "sek": "0.0885",
    "nok": "0.0861", "dkk": "0.134", "jpy": "0.0062", "krw": "0.00068", "kwd": "2.99", "bhd": "2.44", "aud": "0.61",
    "cad": "0.68", "huf": "0.00251", "ron": "0.201", "bgn": "0.511", "hkd": "0.118", "nzd": "0.56", "sgd": "0.69",
    "mxn": "0.051", "gel": "0.34", "ils": "0.25", "isk": "0.0067", "uah": "0.022", "tnd": "0.295", "jod": "1.30",
    "omr": "2.39", "clp": "0.00097", "vnd": "0.000036",
}  # fmt: skip
CONVERSION_FEE = Decimal("0.98")  # a conversion costs two per cent, inside the rate


def decimals(currency: str) -> int:
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def check_amount(amount: int, currency: str) -> None:
    """Refuses what would not be charged: too little, too much, a currency or a last digit that is not taken."""
    if currency not in _IN_EUR:
        raise Refused(400, f"Invalid currency: {currency}.", "invalid_currency", param="currency")
    if amount < 1:
        raise Refused(400, "Invalid positive integer", "parameter_invalid_integer", param="amount")
    if amount < minimum(currency):
        words = f"Amount must be at least {shown(minimum(currency), currency)} {currency}"
        raise Refused(400, words, "amount_too_small", param="amount")
    if amount > LARGEST:
        words = f"Amount must be no more than {shown(LARGEST, currency)} {currency}"
        raise Refused(400, words, "amount_too_large", param="amount")
    if currency in THREE_DECIMAL and amount % 10:
        raise Refused(400, "Invalid amount: the last digit must be 0", "parameter_invalid_integer", param="amount")


def minimum(currency: str) -> int:
    return MINIMUM.get(currency) or int(Decimal("0.50") / Decimal(_IN_EUR[currency]) * 10 ** decimals(currency)) + 1


def shown(amount: int, currency: str) -> str:
    return f"{Decimal(amount).scaleb(-decimals(currency)):f}"


def rate(source: str, target: str, now: int) -> Decimal:
    """Minor units of `target` for one minor unit of `source` today; it wanders by up to two per cent, day by day."""
    exact = Decimal(_IN_EUR[source]) / Decimal(_IN_EUR[target]) * (Decimal(10) ** (decimals(target) - decimals(source)))
    wander = Decimal((now // DAY * 7919) % 401 - 200) / 10_000
    return (exact * (1 + wander) * CONVERSION_FEE).quantize(Decimal("0.000001"))


def convert(amount: int, by: Decimal) -> int:
    return int((amount * by).quantize(Decimal(1), ROUND_HALF_UP))

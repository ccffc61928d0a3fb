"""Products, and the prices that a subscription's free amount becomes."""

from typing import Any

from tests.peers.stripe import currencies
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row


def create(service: Service, params: Row) -> Row:
    name = params.get("id")
    if name and name in service.table("product").rows:
        raise Refused(400, f"Product already exists: {name}", "resource_already_exists")
    product = service.add(
        "prod",
        "product",
        active=params.get("active", True),
        default_price=None,
        description=params.get("description"),
        images=[],
        marketing_features=[],
        metadata=params.get("metadata") or {},
        name=params["name"],
        package_dimensions=None,
        shippable=None,
        statement_descriptor=params.get("statement_descriptor"),
        tax_code=None,
        type="service",
        unit_label=None,
        updated=service.now,
        url=None,
    )
    if name:
        del service.table("product").rows[product["id"]]
        product = service.table("product").add({**product, "id": name})
    service.emit("product.created", product)
    return product


def create_price(service: Service, params: Row) -> Row:
    if "product" not in params:
        raise Refused(400, "The stand-in makes a price of a product that exists.", "parameter_missing", param="product")
    return price(service, params, "product")


def price(service: Service, data: Row, param: str) -> Row:
    """The price of `price_data` or of a call's own parameters."""
    currency, amount = data["currency"].lower(), data.get("unit_amount")
    if amount is None:
        raise Refused(400, "Missing required param: unit_amount.", "parameter_missing", param="unit_amount")
    currencies.check_amount(amount, currency)
    service.table("product").get(data["product"], param)
    recurring: Any = data.get("recurring")
    return service.add(
        "price",
        "price",
        active=True,
        billing_scheme="per_unit",
        currency=currency,
        custom_unit_amount=None,
        lookup_key=None,
        metadata=data.get("metadata") or {},
        nickname=None,
        product=data["product"],
        recurring={"interval_count": 1, "meter": None, "usage_type": "licensed", **recurring} if recurring else None,
        tax_behavior="unspecified",
        tiers_mode=None,
        transform_quantity=None,
        type="recurring" if recurring else "one_time",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )

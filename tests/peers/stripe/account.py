"""The account itself and what its operator has set in the dashboard. Drift in these is what a newsroom must notice."""

from tests.peers.stripe import money
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row


def account(service: Service, params: Row) -> Row:
    return {
        "id": service.keys.account,
        "object": "account",
        "business_type": "non_profit",
        "charges_enabled": True,
        "country": money.HOME,
        "created": 1_700_000_000,
        "default_currency": service.settles[0],
        "details_submitted": True,
        "payouts_enabled": True,
        "settings": {"payments": {"statement_descriptor": "STAND-IN"}},
        "type": "standard",
    }


def balance(service: Service, params: Row) -> Row:
    return money.balance(service)


def payment_method_configurations(service: Service, params: Row) -> Row:
    kinds = {name: _preference(on) for name, on in service.settings["payment_methods"].items()}
    row = {"id": "pmc_standin", "object": "payment_method_configuration", "active": True, "application": None,
           "is_default": True, "livemode": False, "name": "Default", "parent": None, **kinds}  # fmt: skip
    return {"object": "list", "data": [row], "has_more": False}


def portal_configurations(service: Service, params: Row) -> Row:
    features = {name: {"enabled": on} for name, on in service.settings["portal"].items()}
    row = {"id": "bpc_standin", "object": "billing_portal.configuration", "active": True, "application": None,
           "business_profile": {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None},
           "created": 1_700_000_000, "default_return_url": None, "features": features, "is_default": True,
           "livemode": False, "login_page": {"enabled": False, "url": None}, "metadata": {}, "name": None,
           "updated": 1_700_000_000}  # fmt: skip
    return {"object": "list", "data": [row], "has_more": False}


def webhook_endpoints(service: Service, params: Row) -> Row:
    row = {"id": "we_standin", "object": "webhook_endpoint", "application": None, "created": 1_700_000_000,
           "description": None, "enabled_events": ["*"], "livemode": False, "metadata": {},
           **service.settings["webhook"]}  # fmt: skip
    rows = [row] if row["url"] else []
    return {"object": "list", "data": rows, "has_more": False}


def drift(service: Service, name: str, value: object) -> None:
    """Sets `group.name` of the settings, as somebody might in the dashboard."""
    group, _, key = name.partition(".")
    if key not in service.settings[group]:
        raise KeyError(name)
    service.settings[group][key] = value


def _preference(on: bool) -> Row:
    value = "on" if on else "off"
    return {"available": on, "display_preference": {"overridable": None, "preference": value, "value": value}}

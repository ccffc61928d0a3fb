"""Which call does what: method, path, the SDK's name for its parameters, and the permission that it needs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.peers.stripe import (
    account,
    changes,
    disputes,
    invoices,
    lists,
    methods,
    payments,
    products,
    refunds,
    setups,
    subscriptions,
    tokens,
)
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row


@dataclass(frozen=True)
class Route:
    """`does(service, params, *ids)` where the ids are the variable parts of the path."""

    method: str
    path: str
    params: str
    subject: str
    does: Callable[..., Row]
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", re.compile("/v1/" + self.path.replace(":id", "([A-Za-z0-9_]+)")))


def _reader(kind: str) -> Callable[..., Row]:
    def read(service: Service, params: Row, name: str) -> Row:
        return service.table(kind).get(name)

    return read


def _gone(service: Service, params: Row, name: str) -> Row:
    """A customer who goes takes their subscriptions along."""
    row = methods.living_customer(service, name)
    for subscription in service.table("subscription").all():
        if subscription["customer"] == name and subscription["status"] not in subscriptions.ENDED:
            subscriptions.stop(service, subscription, "cancellation_requested")
    return methods.delete_customer(service, row)


ROUTES = [
    Route(
        "GET",
        "confirmation_tokens/:id",
        "ConfirmationTokenRetrieveParams",
        "confirmation_token",
        _reader("confirmation_token"),
    ),
    Route(
        "POST",
        "test_helpers/confirmation_tokens",
        "ConfirmationTokenCreateParams",
        "test_helper",
        tokens.create_for_test,
    ),
    Route("POST", "customers", "CustomerCreateParams", "customer", methods.make_customer),
    Route("GET", "customers/:id", "CustomerRetrieveParams", "customer", _reader("customer")),
    Route("POST", "customers/:id", "CustomerUpdateParams", "customer", methods.change_customer),
    Route("DELETE", "customers/:id", "CustomerDeleteParams", "customer", _gone),
    Route(
        "GET",
        "customers/:id/payment_methods",
        "CustomerPaymentMethodListParams",
        "payment_method",
        lists.of_customer("payment_method"),
    ),
    Route("POST", "payment_intents", "PaymentIntentCreateParams", "payment_intent", payments.create),
    Route("GET", "payment_intents", "PaymentIntentListParams", "payment_intent", lists.of("payment_intent")),
    Route("GET", "payment_intents/:id", "PaymentIntentRetrieveParams", "payment_intent", _reader("payment_intent")),
    Route("POST", "payment_intents/:id/confirm", "PaymentIntentConfirmParams", "payment_intent", payments.confirm),
    Route("POST", "payment_intents/:id/capture", "PaymentIntentCaptureParams", "payment_intent", payments.capture),
    Route("POST", "payment_intents/:id/cancel", "PaymentIntentCancelParams", "payment_intent", payments.cancel),
    Route("POST", "setup_intents", "SetupIntentCreateParams", "setup_intent", setups.create),
    Route("GET", "setup_intents/:id", "SetupIntentRetrieveParams", "setup_intent", _reader("setup_intent")),
    Route("POST", "setup_intents/:id/confirm", "SetupIntentConfirmParams", "setup_intent", setups.confirm),
    Route("POST", "setup_intents/:id/cancel", "SetupIntentCancelParams", "setup_intent", setups.cancel),
    Route("GET", "payment_methods", "PaymentMethodListParams", "payment_method", lists.of("payment_method")),
    Route("GET", "payment_methods/:id", "PaymentMethodRetrieveParams", "payment_method", _reader("payment_method")),
    Route("POST", "payment_methods/:id/attach", "PaymentMethodAttachParams", "payment_method", methods.attach),
    Route("POST", "payment_methods/:id/detach", "PaymentMethodDetachParams", "payment_method", methods.detach),
    Route("GET", "charges", "ChargeListParams", "charge", lists.of("charge")),
    Route("GET", "charges/:id", "ChargeRetrieveParams", "charge", _reader("charge")),
    Route("POST", "products", "ProductCreateParams", "product", products.create),
    Route("GET", "products", "ProductListParams", "product", lists.of("product")),
    Route("GET", "products/:id", "ProductRetrieveParams", "product", _reader("product")),
    Route("POST", "prices", "PriceCreateParams", "price", products.create_price),
    Route("POST", "subscriptions", "SubscriptionCreateParams", "subscription", subscriptions.create),
    Route("GET", "subscriptions", "SubscriptionListParams", "subscription", lists.subscriptions),
    Route("GET", "subscriptions/:id", "SubscriptionRetrieveParams", "subscription", _reader("subscription")),
    Route("POST", "subscriptions/:id", "SubscriptionUpdateParams", "subscription", changes.change),
    Route("DELETE", "subscriptions/:id", "SubscriptionCancelParams", "subscription", subscriptions.cancel),
    Route("GET", "invoices", "InvoiceListParams", "invoice", lists.of("invoice", subscription=lists.subscription_of)),
    Route("GET", "invoices/:id", "InvoiceRetrieveParams", "invoice", _reader("invoice")),
    Route("POST", "invoices/:id/pay", "InvoicePayParams", "invoice", invoices.pay),
    Route("POST", "invoices/:id/void", "InvoiceVoidInvoiceParams", "invoice", invoices.void),
    Route("POST", "invoices/:id/finalize", "InvoiceFinalizeInvoiceParams", "invoice", invoices.finalize_by_call),
    Route("GET", "invoice_payments", "InvoicePaymentListParams", "invoice", lists.invoice_payments),
    Route("POST", "refunds", "RefundCreateParams", "refund", refunds.create),
    Route("GET", "refunds", "RefundListParams", "refund", lists.of("refund")),
    Route("GET", "refunds/:id", "RefundRetrieveParams", "refund", _reader("refund")),
    Route("GET", "disputes", "DisputeListParams", "dispute", lists.of("dispute")),
    Route("GET", "disputes/:id", "DisputeRetrieveParams", "dispute", _reader("dispute")),
    Route("POST", "disputes/:id/close", "DisputeCloseParams", "dispute", disputes.close),
    Route(
        "GET",
        "radar/early_fraud_warnings",
        "EarlyFraudWarningListParams",
        "early_fraud_warning",
        lists.of("early_fraud_warning"),
    ),
    Route(
        "GET",
        "radar/early_fraud_warnings/:id",
        "EarlyFraudWarningRetrieveParams",
        "early_fraud_warning",
        _reader("early_fraud_warning"),
    ),
    Route("GET", "balance", "BalanceRetrieveParams", "balance", account.balance),
    Route(
        "GET",
        "balance_transactions",
        "BalanceTransactionListParams",
        "balance_transaction",
        lists.of("balance_transaction"),
    ),
    Route(
        "GET",
        "balance_transactions/:id",
        "BalanceTransactionRetrieveParams",
        "balance_transaction",
        _reader("balance_transaction"),
    ),
    Route("GET", "payouts", "PayoutListParams", "payout", lists.of("payout")),
    Route("GET", "payouts/:id", "PayoutRetrieveParams", "payout", _reader("payout")),
    Route(
        "GET", "events", "EventListParams", "event", lists.of("event", types=lambda row, types: row["type"] in types)
    ),
    Route("GET", "events/:id", "EventRetrieveParams", "event", _reader("event")),
    Route("GET", "account", "AccountRetrieveCurrentParams", "account", account.account),
    Route("GET", "webhook_endpoints", "WebhookEndpointListParams", "webhook_endpoint", account.webhook_endpoints),
    Route(
        "GET",
        "payment_method_configurations",
        "PaymentMethodConfigurationListParams",
        "payment_method_configuration",
        account.payment_method_configurations,
    ),
    Route("GET", "billing_portal/configurations", "ConfigurationListParams", "portal", account.portal_configurations),
]


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """The route of a call, and the ids in its path."""
    for route in ROUTES:
        if route.method == method and (match := route.pattern.fullmatch(path)):
            return route, match.groups()
    raise Refused(404, f"Unrecognized request URL ({method}: {path}).")

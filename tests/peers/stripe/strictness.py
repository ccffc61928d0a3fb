"""Requests held against the pinned SDK's own typed parameters: nothing unknown, nothing of another type, enums closed.

The SDK describes each call by a TypedDict. Of each a stricter copy is made: fields that only steer the SDK are left
out, `Literal[…] | str` loses its `str`, numbers and booleans are read from a form's strings, unknown keys are refused.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin

import stripe.params
import stripe.params.billing_portal
import stripe.params.radar
import stripe.params.test_helpers
from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError, with_config
from stripe._request_options import RequestOptions
from stripe._stripe_context import StripeContext
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import TypedDict, get_type_hints, is_typeddict

from tests.peers.stripe.failures import Refused

_MISSING_FROM_SDK = {"StripeContext": StripeContext, "Mapping": Mapping}  # it imports them for type checkers only
_MODULES = (stripe.params, stripe.params.billing_portal, stripe.params.radar, stripe.params.test_helpers)


def check(name: str, tree: dict[str, Any]) -> dict[str, Any]:
    """The request's parameters, typed. Refused as the processor would: which parameter, and what is wrong with it."""
    try:
        return _adapter(name).validate_python(tree, strict=True)
    except ValidationError as error:
        raise _refusal(error) from None


@cache
def _adapter(name: str) -> TypeAdapter[dict[str, Any]]:
    module = next((module for module in _MODULES if hasattr(module, name)), None)
    if module is None:
        raise LookupError(name)
    return TypeAdapter(_strict(getattr(module, name)))


@cache
def _strict(typed: Any) -> Any:
    hints = get_type_hints(typed, localns=_MISSING_FROM_SDK, include_extras=True)
    fields = {key: _field(hint) for key, hint in hints.items() if key not in RequestOptions.__annotations__}
    return with_config(ConfigDict(extra="forbid", strict=True))(TypedDict(typed.__name__, fields))


def _field(hint: Any) -> Any:
    if get_origin(hint) in (NotRequired, Required):
        return get_origin(hint)[_close(get_args(hint)[0])]
    return _close(hint)


def _close(hint: Any) -> Any:
    """The same type, closed: no open enums, leaves that can be read from strings."""
    arms = get_args(hint)
    if is_typeddict(hint):
        return _strict(hint)
    if get_origin(hint) in (Union, UnionType):
        return reduce(or_, (_close(arm) for arm in _without_open_end(arms)))
    if get_origin(hint) in (list, dict):
        return get_origin(hint)[tuple(_close(arm) for arm in arms)]
    if get_origin(hint) is UntypedStripeObject:
        return dict[str, _close(arms[0])]
    return _LEAVES.get(hint, hint)


def _without_open_end(arms: tuple[Any, ...]) -> list[Any]:
    """`Literal["month", "year"] | str` is an enum that the SDK leaves open; `Literal[""] | str` is "or none"."""
    enum = any(get_origin(arm) is Literal and any(get_args(arm)) for arm in arms)
    return [arm for arm in arms if not (enum and arm is str)]


def _integer(value: Any) -> Any:
    digits = value.removeprefix("-") if isinstance(value, str) else ""
    return int(value) if digits.isascii() and digits.isdigit() and len(digits) < 20 else value


def _number(value: Any) -> Any:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _decimal(value: Any) -> Any:
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value


def _yes_or_no(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


_LEAVES: dict[Any, Any] = {
    int: Annotated[int, BeforeValidator(_integer)],
    float: Annotated[float, BeforeValidator(_number)],
    Decimal: Annotated[Decimal, BeforeValidator(_decimal)],
    bool: Annotated[bool, BeforeValidator(_yes_or_no)],
}


def _names_parameter(part: str) -> bool:
    """Pydantic's path also holds the arm of a union that was tried: a class, a type, a list."""
    return part.isidentifier() and not part[0].isupper() and part not in ("int", "str", "bool", "float", "decimal")


def _refusal(error: ValidationError) -> Refused:
    """The first complaint that names a parameter, in the processor's words and code."""
    found = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    loc = [str(part) for part in found["loc"] if isinstance(part, int) or _names_parameter(part)]
    param = "".join([loc[0], *(f"[{part}]" for part in loc[1:])]) if loc else ""
    match found["type"]:
        case "extra_forbidden":
            return Refused(400, f"Received unknown parameter: {param}", "parameter_unknown", param=param)
        case "missing":
            return Refused(400, f"Missing required param: {param}.", "parameter_missing", param=param)
        case "int_type":
            return Refused(400, f"Invalid integer: {found['input']}", "parameter_invalid_integer", param=param)
    return Refused(400, f"Invalid {param}: {found['msg']}", param=param)

"""Form bodies and query strings as the processor reads them: `a[b][0]=c` is a tree."""

from typing import Any
from urllib.parse import parse_qsl

from tests.peers.stripe.failures import Refused


def read(text: str) -> dict[str, Any]:
    """The tree that a form-encoded text means. Leaves are strings; keys 0, 1, 2 … make a list."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        _put(tree, name, value)
    return {name: _lists(value) for name, value in tree.items()}


def _put(tree: dict[str, Any], name: str, value: str) -> None:
    head, *rest = name.replace("]", "").split("[")
    *folders, last = [head, *rest]
    for folder in folders:
        tree = tree.setdefault(folder, {})
        if not isinstance(tree, dict):
            raise Refused(400, f"Invalid parameter: {name}", "parameter_invalid_string_empty", param=name)
    tree[last or str(len(tree))] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_lists(item) for _, item in sorted(value.items(), key=lambda pair: int(pair[0]))]
    return {key: _lists(item) for key, item in value.items()}

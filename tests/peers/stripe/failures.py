"""How the processor says no: its error object, and the HTTP status that carries it."""

from typing import Any


class Refused(Exception):
    """An answer that is an error. `extra` is merged into the error object (`param`, `decline_code`, …)."""

    def __init__(self, status: int, message: str, code: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": _type(status), "message": message, **({"code": code} if code else {}), **extra}

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.error}


def _type(status: int) -> str:
    return {402: "card_error", 500: "api_error"}.get(status, "invalid_request_error")


def missing(kind: str, name: str, param: str = "id") -> Refused:
    """No such object. In a path that is a 404; in a parameter, a 400."""
    status = 404 if param == "id" else 400
    return Refused(status, f"No such {kind}: '{name}'", "resource_missing", param=param)


def unexpected_state(kind: str, message: str, row: dict[str, Any]) -> Refused:
    return Refused(400, message, f"{kind}_unexpected_state", **{kind: row})

"""`/_control/…`: over HTTP, what a test does by calling the stand-in's methods. JSON in, JSON out.

`POST /_control/ACT` takes the method's arguments as a JSON object. `GET /_control/requests` is the request log.
"""

import json
from dataclasses import asdict
from typing import Any

from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import shown
from tests.peers.stripe.wire import Reply, Request

ACTS = [
    "token",
    "pay",
    "complete_challenge",
    "fail_challenge",
    "flip_country",
    "dispute",
    "win",
    "lose",
    "warn",
    "refund",
    "fail_refund",
    "payout",
    "fail_payout",
    "fee",
    "unknown_money",
    "drift",
    "trouble",
    "mend",
    "rows",
    "row",
    "random_acts",
    "deliver_to",
    "deliver",
]


def answer(peer: Any, request: Request) -> Reply:
    act = request.path.removeprefix("/_control/")
    try:
        arguments = json.loads(request.body or b"{}")
        return Reply(body=json.dumps(shown(_do(peer, act, arguments))).encode())
    except (LookupError, TypeError, ValueError) as error:
        return Reply(400, json.dumps({"error": {"message": f"{type(error).__name__}: {error}"}}).encode())
    except Refused as refused:
        return Reply(refused.status, json.dumps(refused.body).encode())


def _do(peer: Any, act: str, arguments: dict[str, Any]) -> Any:
    match act:
        case "requests":
            return [asdict(call) for call in peer.requests]
        case "clock":
            peer.clock.advance(**arguments)
            return {"now": peer.clock.now}
        case "chaos":
            for name, value in arguments.items():
                setattr(peer.chaos, name, value)
            return {}
        case "forget":
            peer.requests.clear()
            return {}
    if act not in ACTS:
        raise LookupError(f"no such act: {act}")
    return getattr(peer, act)(**arguments)

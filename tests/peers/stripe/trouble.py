"""Troubles of the service: told in advance, they befall the next calls that fit."""

from dataclasses import dataclass

KINDS = ("down", "429", "500", "500_after", "cut_after", "hang_after", "latency")


@dataclass
class Trouble:
    """`times` is how many calls it still befalls; None for all until mended."""

    kind: str
    times: int | None = 1
    path: str = "/v1/"
    method: str = ""
    seconds: float = 0.0

    def fits(self, method: str, path: str) -> bool:
        return path.startswith(self.path) and self.method in ("", method) and self.times != 0


class Troubles:
    def __init__(self) -> None:
        self.told: list[Trouble] = []

    def add(self, trouble: Trouble) -> None:
        if trouble.kind not in KINDS:
            raise ValueError(f"no such trouble: {trouble.kind}")
        self.told.append(trouble)

    def befalling(self, method: str, path: str) -> Trouble | None:
        """The trouble of this call, counted."""
        trouble = next((trouble for trouble in self.told if trouble.fits(method, path)), None)
        if trouble and trouble.times:
            trouble.times -= 1
        return trouble

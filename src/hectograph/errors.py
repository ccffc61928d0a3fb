"""The one base of every error that a person sees, and what a database means by its own."""

from __future__ import annotations


class Problem(Exception):
    """Something a person must know of: what is wrong, and what to do about it.

    `message` and `remedy` are whole sentences in plain words. Neither ever holds personal data.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


def says_disk_full(error: Exception) -> bool:
    """Whether a database's `error` says so, in SQLite's words or in PostgreSQL's."""
    words = str(error).lower()
    return "disk is full" in words or "no space" in words

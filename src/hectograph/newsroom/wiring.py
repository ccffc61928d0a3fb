"""The only place where signals connect and rooms are handed what they may not import."""

from __future__ import annotations


def connect() -> None:
    """Called once, when Django has loaded every room."""

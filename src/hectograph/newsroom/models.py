"""The newsroom's own rows."""

from __future__ import annotations

from hectograph.newsroom.staff import Staff

__all__ = ["Staff"]

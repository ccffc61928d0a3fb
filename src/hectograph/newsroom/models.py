"""The newsroom's own rows."""

from __future__ import annotations

from hectograph.newsroom.access.session_row import StaffSession
from hectograph.newsroom.clock import ClockMark
from hectograph.newsroom.staff import Staff

__all__ = ["ClockMark", "Staff", "StaffSession"]

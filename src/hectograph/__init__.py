"""Hectograph: the press for newsrooms that must not be silenced."""

"""The letter: chosen and written by editors, compiled once, approved as it stands; and what becomes of it."""

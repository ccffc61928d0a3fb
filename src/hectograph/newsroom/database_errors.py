"""What a database's error means to who runs the newsroom, and what to do: for the command and for `hecto doctor`."""

from __future__ import annotations

from django.db import DatabaseError, connection

from hectograph.errors import Problem, says_disk_full


def explained(error: DatabaseError) -> Problem:
    """The error's own words are never shown: a row's contents may stand in them."""
    words = str(error).lower()
    if says_disk_full(error):
        what = "The disk is full: the database can't be written."
        return Problem(what, "Make room, then run the command again.")
    if "readonly" in words or "read-only" in words:
        return Problem("The database can't be written to.", "Give this account the right to write in HECTO_HOME.")
    if "locked" in words:
        return Problem("The database is busy: something has been writing to it for long.", "Try again in a moment.")
    if "unable to open" in words:
        return Problem("The database's file can't be opened.", "Look at HECTO_HOME, and who may use that folder.")
    if "no such column" in words or ("column" in words and "does not exist" in words):
        return Problem("The database is older than the program.", "hecto init --no-account")
    if "no such table" in words or ("relation" in words and "does not exist" in words):
        return Problem("The database lacks a table: it is new, or older than the program.", "Run `hecto init`.")
    if connection.vendor == "postgresql" and "connection" in words:
        what = "The database does not answer, or lets us not in."
        return Problem(what, "See that PostgreSQL runs, and look at DATABASE_URL.")
    return Problem(f"No database to work with ({type(error).__name__}).", "Run `hecto init`.")

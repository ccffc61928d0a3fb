"""Readers of the letter: their sealed addresses, what they agreed to, and the small mails that they get."""

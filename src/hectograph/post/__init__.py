"""Sending mail: what a message is made of, and handing it to a relay so that its fate is known. Pure."""

"""Sealed envelopes: two doors, one to close them (anyone) and one to open them (readers alone). Pure."""

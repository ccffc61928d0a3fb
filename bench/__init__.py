"""Figures: one file each, printed as JSON. They say how fast we are; no test asserts them."""

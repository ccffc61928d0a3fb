"""The peers that we measure ourselves against, and the input that both get."""

"""`python -m bench.with_django bench.fill COUNT [--by-chance]`: the synthetic newsroom in the database that HECTO_HOME names."""

from __future__ import annotations

import sys

from bench import newsroom

if __name__ == "__main__":
    newsroom.fill(int(sys.argv[1]), choose="--by-chance" not in sys.argv)

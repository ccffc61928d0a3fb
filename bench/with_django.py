"""`python -m bench.with_django MODULE [WORDS…]`: MODULE as a program, in a process where Django is ready before it is
loaded."""

from __future__ import annotations

import runpy
import sys

import django

if __name__ == "__main__":
    django.setup()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

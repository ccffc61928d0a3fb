"""How what runs until it is told to end hears of it."""

from __future__ import annotations

import signal
from collections.abc import Callable


def listen(stop: Callable[..., object]) -> None:
    """Call `stop` on SIGTERM, on Ctrl-C, and when the terminal is closed: a line that breaks at night must leave no
    mail of which nobody knows whether it went. What was started by `nohup` goes on then. (A script's shell starts what
    runs in its background deaf to Ctrl-C: that is set right here, too.)"""
    for name in heard():
        signal.signal(name, stop)


def heard() -> list[signal.Signals]:
    names = [signal.SIGTERM, signal.SIGINT]
    return names if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else [*names, signal.SIGHUP]

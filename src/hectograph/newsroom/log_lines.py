"""How lines of the log are cut: those whose words say all go without their traceback."""

from __future__ import annotations

import logging


class OneLine(logging.Filter):
    """Takes the traceback off, where a name is asked for that the admin is not reached by, say."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True

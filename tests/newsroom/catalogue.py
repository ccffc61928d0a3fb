"""Which sentences the screens of money and appeals say, read from the code itself: keys of the admin's catalogue."""

import ast
import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import hectograph
from hectograph.newsroom.flows.till import METHODS
from hectograph.payments.forms import Frequency
from hectograph.payments.processors.transfer import csv_statement, lines
from hectograph.press.support_records import Place
from hectograph.support import fuse, operator_action, refund

HOUSE = Path(hectograph.__file__).parent
LOCALE = HOUSE / "newsroom/locale/ru/LC_MESSAGES"
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
TOLD_AS_RAISED = (  # whose Problems are shown on these screens
    *("support/fuse.py", "support/refund.py", "newsroom/editing/support_board.py"),
    *("newsroom/editing/statement_board.py", "newsroom/transfers.py"),
    *(
        f"payments/processors/transfer/{name}.py"
        for name in ("lines", "camt", "csv_columns", "csv_numbers", "csv_statement")
    ),
)
_SAID = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
_BLOCK = re.compile(
    r"\{%\s*blocktranslate\b[^%]*%\}(.*?)(?:\{%\s*plural\s*%\}(.*?))?\{%\s*endblocktranslate\s*%\}", re.S
)


def sentences() -> set[str]:
    """All of them, as they stand in the catalogue."""
    return {*_of_templates(), *_marked(), *_raised(), *_kept()} - {""}


def _of_templates() -> Iterator[str]:
    for path in (HOUSE / "newsroom/templates/newsroom").rglob("*.html"):
        text = path.read_text()
        yield from (one or other for one, other in _SAID.findall(text))
        for block in _BLOCK.findall(text):
            yield re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", block[0])


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", "")), node


def _words(node: ast.Call) -> Iterator[str]:
    yield from (str(word.value) for word in node.args if isinstance(word, ast.Constant))


def _marked() -> Iterator[str]:
    for path in HOUSE.rglob("*.py"):
        if "gettext" in path.read_text():
            for name, call in _calls(path):
                if name in MARKS:
                    yield from _words(call)


def _raised() -> Iterator[str]:
    for name in TOLD_AS_RAISED:
        for called, call in _calls(HOUSE / name):
            if called in ("Problem", "refused", "StatementRefused"):
                yield from _words(call)


def _kept() -> Iterator[str]:
    """What is kept as a row, or decided by a pure room, and translated where it is shown."""
    yield from (kind for kind in fuse.REMEDIES)
    yield from (remedy for remedy in fuse.REMEDIES.values())
    yield from (place.value for place in Place)
    yield from (frequency.value for frequency in Frequency)
    yield from METHODS
    yield from (refund.BY_BANK, operator_action._BOUNDS, csv_statement._TELL, fuse._IN_THE_DASHBOARD)
    yield from ("Say in a line what was done.", signature(lines.StatementRefused).parameters["remedy"].default)
    asking = ast.parse((HOUSE / "press/asking.py").read_text())
    texts = (node.value for node in ast.walk(asking) if isinstance(node, ast.Constant))
    yield from (text for text in texts if isinstance(text, str) and text.startswith("Not shown: "))

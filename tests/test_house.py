"""The house holds its own rules: rooms, docstrings, budgets, documented settings and commands."""

import ast
import re
import tomllib
from pathlib import Path

from hectograph.newsroom.command.main import COMMANDS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/hectograph"
FILES = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def test_the_root_holds_rooms_and_two_files() -> None:
    assert {path.name for path in SOURCE.glob("*.py")} == {"__init__.py", "errors.py", "money.py"}


def test_every_room_stands_in_the_architecture_page() -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    rooms = [path.name for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()]
    assert [room for room in rooms if f"`{room}/`" not in page] == []


def test_every_room_stands_in_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = " ".join(contracts[0]["layers"])
    rooms = [path.name for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()]
    assert [room for room in rooms if not re.search(rf"\b{room}\b", layers)] == []


def test_an_init_holds_a_docstring_and_nothing_else() -> None:
    for path in SOURCE.rglob("__init__.py"):
        body = ast.parse(path.read_text()).body
        assert "migrations" in path.parts or (len(body) == 1 and ast.get_docstring(ast.parse(path.read_text()))), path


def test_every_file_says_what_it_is() -> None:
    assert [path for path in FILES if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_files_and_functions_keep_their_budget() -> None:
    over = [str(path) for path in FILES if len(path.read_text().splitlines()) > 400]
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 50:
                over.append(f"{path}: {node.name}")
    assert over == []


def test_every_setting_is_in_the_operators_page() -> None:
    page = (ROOT / "docs/operators.md").read_text()
    named = {name for path in FILES for name in re.findall(r'"(HECTO_[A-Z_]+)"', path.read_text())}
    assert sorted(name for name in named if f"`{name}`" not in page) == []


def test_every_command_has_its_module_and_stands_in_the_docs() -> None:
    pages = " ".join(path.read_text() for path in (ROOT / "docs").glob("*.md")) + (ROOT / "README.md").read_text()
    for name in COMMANDS:
        assert (SOURCE / f"newsroom/command/{name.replace('-', '_')}_command.py").exists()
        assert f"hecto {name}" in pages, name


def test_the_repository_names_no_machine_path() -> None:
    suspicious = re.compile(r"/(?:work|root|farm)/[a-z]")
    paths = [*FILES, *(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "Makefile"]
    assert [str(path) for path in paths if suspicious.search(path.read_text())] == []

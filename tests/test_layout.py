"""The listing is the architecture: few files in a folder, each short, and every string a name."""

import ast
from pathlib import Path

from tests.places import ROOT

MODULES = [
    path
    for package in ("assistant", "index", "prompts", "tests")
    for path in (ROOT / package).rglob("*.py")
    if "node_modules" not in path.parts
]


def test_no_file_is_long() -> None:
    """At most 300 lines: beyond that a module has a second job."""
    long = {path.name for path in MODULES if path.read_text("utf-8").count("\n") > 300}
    assert long == set()


def test_no_folder_is_a_corridor() -> None:
    """At most twelve modules in a folder, and six directly in ``assistant``."""
    folders: dict[Path, int] = {}
    for path in MODULES:
        folders[path.parent] = folders.get(path.parent, 0) + 1
    assert {folder.name for folder, number in folders.items() if number > 12} == set()
    assert folders[ROOT / "assistant"] <= 6


def test_modules_are_imported_by_name() -> None:
    """But for the table of commands, and what keeps torch out of a server."""
    by_string = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if path.relative_to(ROOT).parts[0] != "tests"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"import_module", "__import__"}
    }
    assert by_string == {"assistant/cli/app.py", "index/embedding/kept.py"}


def test_nothing_is_imported_inside_a_function() -> None:
    """What a module stands on is read at its top."""
    inside = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if path.relative_to(ROOT).parts[0] != "tests"
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inside == set()

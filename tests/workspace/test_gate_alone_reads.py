"""Nothing but the gate opens, lists or looks for files. Ruff bans functions; methods are read here.

Ruff's `banned-api` knows `os.open`, and not of what class `path` is in `path.read_text()`.
"""

import ast
import inspect
from pathlib import Path

import lint_rules
from lint_rules.workspace import file_descriptors

HERE = Path(lint_rules.__file__).parent

METHODS = frozenset(
    "exists glob is_block_device is_char_device is_dir is_fifo is_file is_mount is_socket "
    "is_symlink iterdir lstat open read_bytes read_text readlink rglob samefile stat".split()
)
"""Methods of `pathlib.Path` that look at the disk, but for those that rules' nodes have too."""

ELSEWHERE = {
    "workspace/file_system.py": "this is the gate",
    "workspace/named_files.py": "it reads what the person who runs the linter names",
    "workspace/file_descriptors.py": "only the gate calls its functions",
    "workspace/atomic_write.py": "it writes what the person who runs the linter names",
    "engine/cache/": "its folder is nobody's repository",
    "engine/registry.py": "rules of installed packages, and those that settings name, are code",
    "cli/new_rule.py": "it writes where the person who runs it says",
    "html/page.py": "styles and scripts of this package",
    "metaflow/reader.py": "data of this package",
    "python/": "data of this package",
    "reference/pages.py": "it writes the documentation of this package",
}


def looks(file: Path) -> list[str]:
    """The methods with which a file looks at the disk, with their lines."""
    return [
        f"{file.relative_to(HERE)}:{node.lineno}: {node.attr}"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in METHODS
    ]


def test_no_method_looks_at_the_disk():
    found = [look for file in sorted(HERE.rglob("*.py")) for look in looks(file)]
    assert [look for look in found if not look.startswith(tuple(ELSEWHERE))] == []
    # No exception is left that is none any more.
    unused = [place for place in ELSEWHERE if not any(look.startswith(place) for look in found)]
    assert unused == []


def test_nothing_but_the_gate_opens_files_through_its_functions():
    functions = {
        name
        for name, value in vars(file_descriptors).items()
        if inspect.isfunction(value) and value.__module__ == file_descriptors.__name__
    }
    users = {
        file.relative_to(HERE).as_posix()
        for file in HERE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == file_descriptors.__name__
        and functions.intersection(alias.name for alias in node.names)
    }
    assert users == {"workspace/file_system.py", "workspace/named_files.py"}

"""What code may do to the imports that run after it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from lint_rules.model.code import (
    Assignment,
    Attribute,
    Call,
    Expression,
    Function,
    Import,
    Name,
    Statement,
    Subscript,
)

_WAYS = frozenset(
    [
        "chdir",
        "clone",
        "config",
        "configure",
        "conda",
        "copy",
        "dotenv",
        "download",
        "env",
        "environ",
        "exec",
        "execute",
        "extract",
        "extractall",
        "import",
        "init",
        "install",
        "login",
        "path",
        "pip",
        "popen",
        "putenv",
        "run",
        "setup",
        "syspath",
        "system",
        "unpack",
        "unzip",
        "use",
    ]
)
"""Words in the names of calls that may change what an import finds or does."""

_PLACES = ("sys.path", "sys.modules", "os.environ")


def may_change_imports(statement: Statement) -> bool:
    """Whether a statement may change what a later import finds or does."""
    return any(
        _touches(inner) for s in statement.walk() for e in s.expressions for inner in e.walk()
    )


def _touches(expression: Expression) -> bool:
    if isinstance(expression, Name):
        name = expression.qualified or expression.name
        return name.startswith(_PLACES)
    if isinstance(expression, Call):
        function = expression.function
        if not isinstance(function, Name | Attribute):
            return True
        qualified = function.qualified or function.name
        if qualified.startswith(("builtins.", "json.", "metaflow.")):
            return qualified in ("builtins.exec", "builtins.eval", "builtins.__import__")
        words = function.name.replace(".", "_").lower().split("_")
        package = qualified.partition(".")[0]
        return package in ("subprocess", "importlib", "site", "zipimport") or bool(
            _WAYS.intersection(words)
        )
    return False


class BeforeImports:
    """What the statements of a function do that a later import in it may depend on.

    Args:
        function: the function, such as a step's.
    """

    def __init__(self, function: Function) -> None:
        self.decides: int | None = None
        """The first statement that may change what a later import finds or does."""
        self._binds: dict[str, int] = {}
        self.leading = list(
            takewhile(lambda first: isinstance(first, Import), function.body_without_docstring)
        )
        """The imports at the start of the step."""
        for statement in sorted(function.statements, key=lambda statement: statement.start):
            if self.decides is None and may_change_imports(statement):
                self.decides = statement.start
            for name in _bound(statement):
                self._binds.setdefault(name, statement.start)

    def allows(self, statement: Import) -> bool:
        """Whether an import does the same before all of them."""
        starts = [self._binds.get(name.bound) for name in statement.names]
        return not any(
            start is not None and start < statement.start for start in (self.decides, *starts)
        )


def _bound(statement: Statement) -> Iterator[str]:
    """The names that a statement gives another meaning."""
    if isinstance(statement, Import):
        yield from (name.bound for name in statement.names)
        return
    targets = [target for target, _, _ in statement.bindings]
    if isinstance(statement, Assignment):
        targets += [t.value for t in statement.targets if isinstance(t, Subscript)]
    yield from (target.head for target in targets if isinstance(target, Name))

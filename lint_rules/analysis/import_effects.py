"""What code may do to the imports that run after it."""

from __future__ import annotations

from functools import cached_property
from itertools import takewhile

from lint_rules.analysis.inert_code import InertCode
from lint_rules.model.code import (
    Attribute,
    Call,
    Definition,
    Expression,
    Function,
    Import,
    Name,
    Statement,
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
        computed: the attributes of `self` that run code when they are read.
    """

    def __init__(self, function: Function, computed: frozenset[str] = frozenset()) -> None:
        self._function = function
        self._inert = InertCode(function.self_name, computed)
        self._order = sorted(function.statements, key=lambda statement: statement.start)
        self.leading = list(
            takewhile(lambda first: isinstance(first, Import), function.body_without_docstring)
        )
        """The imports at the start of the step."""
        self._decides = next((s.start for s in self._order if may_change_imports(s)), None)

    def allows(self, statement: Import) -> bool:
        """Whether nothing is known that makes an import another one before all of them."""
        if self._decides is not None and self._decides < statement.start:
            return False
        bound = {name.bound for name in statement.names}
        scope = self._function.scope
        if bound & (scope.globals | scope.nonlocals):
            # Python refuses such a declaration after the name.
            return False
        return not any(self._is_touched_before(statement, name) for name in bound)

    def are_inert(self, statement: Import) -> bool:
        """Whether all of them certainly do not matter to an import in the function's own block."""
        return statement in self._after_inert_code

    def _is_touched_before(self, statement: Import, name: str) -> bool:
        """Whether what stands before an import reads a name, or gives it a meaning."""
        scope, start = self._function.scope, statement.start
        if self._bound_from.get(name, start) < start:
            return True
        return any(
            reference.scope.owner(name) in (None, scope)
            for reference in takewhile(lambda r: r.start < start, self._references.get(name, ()))
        )

    @cached_property
    def _bound_from(self) -> dict[str, int]:
        """Where a definition or an import first gives each name a meaning."""
        found: dict[str, int] = {}
        for statement in self._order:
            match statement:
                case Definition():
                    found.setdefault(statement.name, statement.start)
                case Import():
                    for name in statement.names:
                        found.setdefault(name.bound, statement.start)
        return found

    @cached_property
    def _references(self) -> dict[str, list[Name]]:
        """The names that the function uses, by their first part, in order."""
        found: dict[str, list[Name]] = {}
        for reference in sorted(self._function.descendants.names, key=lambda name: name.start):
            found.setdefault(reference.head, []).append(reference)
        return found

    @cached_property
    def _after_inert_code(self) -> set[Statement]:
        """The statements of the function's own block with nothing that matters before them."""
        body = self._function.body
        inert = sum(1 for _ in takewhile(self._inert.statement, body))
        return {*body[: inert + 1]}

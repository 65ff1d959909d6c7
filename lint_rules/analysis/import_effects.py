"""What code may do to the imports that run after it."""

from __future__ import annotations

from collections.abc import Iterator
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
        return not any(self._touches_before(statement, bound))

    def are_inert(self, statement: Import) -> bool:
        """Whether all of them certainly do not matter to an import in the function's own block."""
        body = self._function.body
        return statement in body and self._inert.statements(body[: body.index(statement)])

    def _touches_before(self, statement: Import, names: set[str]) -> Iterator[bool]:
        """Whether what stands before an import reads its names, or gives them a meaning."""
        scope, start = self._function.scope, statement.start
        for earlier in self._order:
            if earlier.start < start and isinstance(earlier, Definition | Import):
                bound = (
                    {earlier.name}
                    if isinstance(earlier, Definition)
                    else {name.bound for name in earlier.names}
                )
                yield bool(bound & names)
        for reference in self._function.descendants.names:
            if reference.start < start and reference.head in names:
                yield reference.scope.owner(reference.head) in (None, scope)

"""From the tree of Python's own `ast` to the model: a tenth of the time that libcst takes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from lint_rules.model.code import (
    Argument,
    Assert,
    Assignment,
    Break,
    Constant,
    Continue,
    Decorator,
    Delete,
    ExceptHandler,
    Expr,
    Expression,
    For,
    FunctionParameter,
    Global,
    If,
    ImportedName,
    Match,
    MatchAs,
    MatchCase,
    MatchClass,
    MatchMapping,
    MatchOr,
    MatchSequence,
    MatchSingleton,
    MatchStar,
    MatchValue,
    Name,
    Nonlocal,
    Pass,
    Pattern,
    Raise,
    Return,
    Statement,
    Try,
    TypeParameter,
    While,
    With,
    WithItem,
)
from lint_rules.syntax.builder import At, Body
from lint_rules.syntax.from_ast_expressions import BINARY, CannotLower, ExpressionsFromAst


class FromAst(ExpressionsFromAst):
    """Lowers a module."""

    def body(self, nodes: Iterable[ast.stmt]) -> Body:
        """The statements of a module or block."""
        return tuple([self.statement(node) for node in nodes])

    def statement(self, node: ast.stmt) -> Statement:
        """Any one statement."""
        lower = _STATEMENTS.get(type(node))
        if lower is None:
            raise CannotLower(type(node).__name__)
        return lower(self, node)

    def compound_at(self, node: Any) -> At:
        """Where a statement with blocks stands."""
        file, start, end = self.at(node)
        return file, start, self.text.without_semicolons(start, end)

    def keyword(self, node: ast.Pass | ast.Break | ast.Continue) -> Statement:
        return self.make(_KEYWORDS[type(node)](*self.at(node)))

    def evaluation(self, node: ast.Expr) -> Statement:
        return self.make(Expr(*self.at(node), self.expression(node.value)))

    def assign(self, node: ast.Assign) -> Statement:
        value = self.expression(node.value)
        targets = tuple([self.target(target) for target in node.targets])
        return self.make(Assignment(*self.at(node), targets, value))

    def annotated(self, node: ast.AnnAssign) -> Statement:
        value = self.optional(node.value)
        annotation = self.expression(node.annotation)
        targets = (self.target(node.target),)
        return self.make(Assignment(*self.at(node), targets, value, annotation))

    def augmented(self, node: ast.AugAssign) -> Statement:
        value = self.expression(node.value)
        targets = (self.target(node.target),)
        operator = f"{BINARY[type(node.op)]}="
        return self.make(Assignment(*self.at(node), targets, value, None, operator))

    def imported(self, node: ast.Import) -> Statement:
        names = tuple([self.imported_name(alias) for alias in node.names])
        return self.import_(self.at(node), None, 0, names, is_from=False)

    def imported_from(self, node: ast.ImportFrom) -> Statement:
        is_star = node.names[0].name == "*"
        names = () if is_star else tuple([self.imported_name(alias) for alias in node.names])
        return self.import_(self.at(node), node.module, node.level, names, is_from=True)

    def imported_name(self, node: ast.alias) -> ImportedName:
        return self.make(ImportedName(*self.at(node), node.name, node.asname))

    def return_(self, node: ast.Return) -> Statement:
        return self.make(Return(*self.at(node), self.optional(node.value)))

    def raise_(self, node: ast.Raise) -> Statement:
        given = self.optional(node.exc), self.optional(node.cause)
        return self.make(Raise(*self.at(node), *given))

    def delete(self, node: ast.Delete) -> Statement:
        targets = tuple([self.target(target, "del") for target in node.targets])
        return self.make(Delete(*self.at(node), targets))

    def assert_(self, node: ast.Assert) -> Statement:
        given = self.expression(node.test), self.optional(node.msg)
        return self.make(Assert(*self.at(node), *given))

    def global_(self, node: ast.Global) -> Statement:
        self.scope.globals.update(node.names)
        return self.make(Global(*self.at(node), tuple(node.names)))

    def nonlocal_(self, node: ast.Nonlocal) -> Statement:
        self.scope.nonlocals.update(node.names)
        return self.make(Nonlocal(*self.at(node), tuple(node.names)))

    def if_(self, node: ast.If) -> Statement:
        branches: list[tuple[ast.If, Expression, Body]] = []
        orelse: list[ast.stmt] = [node]
        # An `elif` is nested in the one before it; there may be more than fit on the stack.
        while (
            len(orelse) == 1
            and type(orelse[0]) is ast.If
            and (not branches or self.is_elif(orelse[0]))
        ):
            branch = orelse[0]
            branches.append((branch, self.expression(branch.test), self.body(branch.body)))
            orelse = branch.orelse
        rest = self.body(orelse)
        for branch, test, body in reversed(branches):
            made = self.make(If(*self.compound_at(branch), test, body, rest))
            rest = (made,)
        return made

    def is_elif(self, node: ast.If) -> bool:
        """Whether an `if` is written as `elif`."""
        return self.text.text.startswith("elif", self.at(node)[1])

    def for_(self, node: ast.For | ast.AsyncFor) -> Statement:
        iterable = self.expression(node.iter)
        target = self.target(node.target)
        bodies = self.body(node.body), self.body(node.orelse)
        is_async = type(node) is ast.AsyncFor
        return self.make(For(*self.compound_at(node), target, iterable, *bodies, is_async))

    def while_(self, node: ast.While) -> Statement:
        test = self.expression(node.test)
        bodies = self.body(node.body), self.body(node.orelse)
        return self.make(While(*self.compound_at(node), test, *bodies))

    def with_(self, node: ast.With | ast.AsyncWith) -> Statement:
        items = tuple([self.with_item(item) for item in node.items])
        is_async = type(node) is ast.AsyncWith
        return self.make(With(*self.compound_at(node), items, self.body(node.body), is_async))

    def with_item(self, node: ast.withitem) -> WithItem:
        context = self.expression(node.context_expr)
        target = None if node.optional_vars is None else self.target(node.optional_vars)
        return WithItem(context, target)

    def try_(self, node: Any) -> Statement:
        body = self.body(node.body)
        handlers = tuple([self.handler(handler) for handler in node.handlers])
        bodies = self.body(node.orelse), self.body(node.finalbody)
        is_star = type(node) is not ast.Try
        return self.make(Try(*self.compound_at(node), body, handlers, *bodies, is_star))

    def handler(self, node: ast.ExceptHandler) -> ExceptHandler:
        kind = self.optional(node.type)
        target = None
        if node.name is not None and kind is not None:
            start = self.text.after(self.text.after(kind.end, "as"), node.name)
            target = self.name((self.file, start - len(node.name), start), node.name, "store")
        return self.make(ExceptHandler(*self.compound_at(node), kind, target, self.body(node.body)))

    def match(self, node: Any) -> Statement:
        subject = self.expression(node.subject)
        cases = tuple([self.case(case) for case in node.cases])
        return self.make(Match(*self.compound_at(node), subject, cases))

    def case(self, node: Any) -> MatchCase:
        pattern = self.pattern(node.pattern)
        return MatchCase(pattern, self.optional(node.guard), self.body(node.body))

    def pattern(self, node: Any) -> Pattern:
        """Any one pattern of a `case`."""
        return self.make(_PATTERNS[type(node)](self, node))

    def captured(self, name: str | None, end: int) -> Name | None:
        """The name that a pattern binds, which ends it."""
        if name is None:
            return None
        return self.name((self.file, end - len(name), end), name, "store")

    def match_value(self, node: ast.MatchValue) -> Pattern:
        return MatchValue(*self.at(node), self.expression(node.value))

    def match_singleton(self, node: ast.MatchSingleton) -> Pattern:
        at = self.at(node)
        return MatchSingleton(*at, self.make(Constant(*at, node.value)))

    def match_sequence(self, node: ast.MatchSequence) -> Pattern:
        items = tuple([self.pattern(pattern) for pattern in node.patterns])
        return MatchSequence(*self.at(node), items)

    def match_mapping(self, node: ast.MatchMapping) -> Pattern:
        at = self.at(node)
        items = tuple(
            [
                (self.expression(key), self.pattern(pattern))
                for key, pattern in zip(node.keys, node.patterns, strict=True)
            ]
        )
        rest = None
        if node.rest is not None:
            start = self.text.text.rindex(node.rest, at[1], at[2])
            rest = self.captured(node.rest, start + len(node.rest))
        return MatchMapping(*at, items, rest)

    def match_class(self, node: ast.MatchClass) -> Pattern:
        class_ = self.expression(node.cls)
        names: list[str | None] = [*(None for _ in node.patterns), *node.kwd_attrs]
        patterns = [*node.patterns, *node.kwd_patterns]
        given = tuple([(name, self.pattern(p)) for name, p in zip(names, patterns, strict=True)])
        return MatchClass(*self.at(node), class_, given)

    def match_star(self, node: ast.MatchStar) -> Pattern:
        at = self.at(node)
        return MatchStar(*at, self.captured(node.name, at[2]))

    def match_as(self, node: ast.MatchAs) -> Pattern:
        at = self.at(node)
        pattern = None if node.pattern is None else self.pattern(node.pattern)
        return MatchAs(*at, pattern, self.captured(node.name, at[2]))

    def match_or(self, node: ast.MatchOr) -> Pattern:
        return MatchOr(*self.at(node), tuple([self.pattern(one) for one in node.patterns]))

    def function_(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Statement:
        def signature() -> tuple[tuple[FunctionParameter, ...], Expression | None]:
            return self.parameters(node.args), self.optional(node.returns)

        at = self.compound_at(node)
        start = self.text.text.index(node.name, self.text.text.index("def", at[1]) + 3)
        return self.function(
            at,
            (node.name, start),
            self.decorators(node.decorator_list),
            lambda: self.type_parameters(node),
            signature,
            lambda: self.body(node.body),
            type(node) is ast.AsyncFunctionDef,
        )

    def class_definition(self, node: ast.ClassDef) -> Statement:
        def header() -> tuple[tuple[Expression, ...], tuple[Argument, ...]]:
            bases = self.all_of(node.bases)
            return bases, tuple([self.argument(keyword) for keyword in node.keywords])

        at = self.compound_at(node)
        start = self.text.text.index(node.name, at[1] + len("class"))
        return self.class_(
            at,
            (node.name, start),
            self.decorators(node.decorator_list),
            lambda: self.type_parameters(node),
            header,
            lambda: self.body(node.body),
        )

    def decorators(self, nodes: Iterable[ast.expr]) -> tuple[Decorator, ...]:
        return tuple([self.decorator(node) for node in nodes])

    def decorator(self, node: ast.expr) -> Decorator:
        value = self.expression(node)
        start = self.text.text.rindex("@", 0, value.start)
        last = len(self.text.text)
        _, end = self.text.with_parentheses(value.start, value.end, start + 1, last)
        return self.make(Decorator(self.file, start, end, value))

    def type_definition(self, node: Any) -> Statement:
        at = self.at(node)
        return self.type_alias(at, node.name.id, lambda: self.type_parameters(node), node.value)

    def type_parameters(self, node: Any) -> tuple[TypeParameter, ...]:
        """The type parameters of a definition; before Python 3.12 there are none."""
        return tuple(
            [
                self.type_parameter(
                    self.at(one),
                    one.name,
                    _STARS[type(one).__name__],
                    getattr(one, "bound", None),
                    getattr(one, "default_value", None),
                )
                for one in getattr(node, "type_params", ())
            ]
        )


_STARS = {"TypeVar": "", "TypeVarTuple": "*", "ParamSpec": "**"}

_KEYWORDS: dict[type[ast.AST], type[Pass] | type[Break] | type[Continue]] = {
    ast.Pass: Pass,
    ast.Break: Break,
    ast.Continue: Continue,
}

_PATTERNS: dict[type[ast.AST], Callable[[FromAst, Any], Pattern]] = {
    ast.MatchValue: FromAst.match_value,
    ast.MatchSingleton: FromAst.match_singleton,
    ast.MatchSequence: FromAst.match_sequence,
    ast.MatchMapping: FromAst.match_mapping,
    ast.MatchClass: FromAst.match_class,
    ast.MatchStar: FromAst.match_star,
    ast.MatchAs: FromAst.match_as,
    ast.MatchOr: FromAst.match_or,
}

_STATEMENTS: dict[type[ast.AST], Callable[[FromAst, Any], Statement]] = {
    ast.Pass: FromAst.keyword,
    ast.Break: FromAst.keyword,
    ast.Continue: FromAst.keyword,
    ast.Expr: FromAst.evaluation,
    ast.Assign: FromAst.assign,
    ast.AnnAssign: FromAst.annotated,
    ast.AugAssign: FromAst.augmented,
    ast.Import: FromAst.imported,
    ast.ImportFrom: FromAst.imported_from,
    ast.Return: FromAst.return_,
    ast.Raise: FromAst.raise_,
    ast.Delete: FromAst.delete,
    ast.Assert: FromAst.assert_,
    ast.Global: FromAst.global_,
    ast.Nonlocal: FromAst.nonlocal_,
    ast.If: FromAst.if_,
    ast.For: FromAst.for_,
    ast.AsyncFor: FromAst.for_,
    ast.While: FromAst.while_,
    ast.With: FromAst.with_,
    ast.AsyncWith: FromAst.with_,
    ast.Try: FromAst.try_,
    ast.Match: FromAst.match,
    ast.FunctionDef: FromAst.function_,
    ast.AsyncFunctionDef: FromAst.function_,
    ast.ClassDef: FromAst.class_definition,
}

# Newer than the oldest Python that the linter runs on.
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = FromAst.try_
if hasattr(ast, "TypeAlias"):
    _STATEMENTS[ast.TypeAlias] = FromAst.type_definition

"""From libcst's tree to the model, in one walk. Whitespace and comments are not looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import libcst as cst

from lint_rules.model.code import (
    Argument,
    Assert,
    Assignment,
    Break,
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
    Starred,
    Statement,
    Try,
    TypeParameter,
    While,
    With,
    WithItem,
)
from lint_rules.syntax.builder import Body
from lint_rules.syntax.from_libcst_expressions import BINARY, ExpressionsFromLibcst, dotted


class FromLibcst(ExpressionsFromLibcst):
    """Lowers a module."""

    def body(self, nodes: Iterable[cst.CSTNode]) -> Body:
        """The statements of a module or block; `a; b` are two."""
        statements: list[Statement] = []
        for node in nodes:
            if isinstance(node, cst.SimpleStatementLine):
                statements += [self.statement(small) for small in node.body]
            else:
                statements.append(self.statement(node))
        return tuple(statements)

    def suite(self, node: Any) -> Body:
        """The statements below a header: of `else` and `finally`, which may be missing, too."""
        if node is None:
            return ()
        if isinstance(node, cst.Else | cst.Finally):
            node = node.body
        return self.body(node.body)

    def statement(self, node: cst.CSTNode) -> Statement:
        """Any one statement."""
        return _STATEMENTS[type(node)](self, node)

    def keyword(self, node: cst.Pass | cst.Break | cst.Continue) -> Statement:
        return self.make(_KEYWORDS[type(node)](*self.at(node)))

    def evaluation(self, node: cst.Expr) -> Statement:
        return self.make(Expr(*self.at(node), self.expression(node.value)))

    def assign(self, node: cst.Assign) -> Statement:
        value = self.expression(node.value)
        targets = tuple([self.target(one.target) for one in node.targets])
        return self.make(Assignment(*self.at(node), targets, value))

    def annotated(self, node: cst.AnnAssign) -> Statement:
        value = self.optional(node.value)
        annotation = self.expression(node.annotation.annotation)
        targets = (self.target(node.target),)
        return self.make(Assignment(*self.at(node), targets, value, annotation))

    def augmented(self, node: cst.AugAssign) -> Statement:
        value = self.expression(node.value)
        targets = (self.target(node.target),)
        operator = f"{BINARY[type(node.operator).__name__.removesuffix('Assign')]}="
        return self.make(Assignment(*self.at(node), targets, value, None, operator))

    def imported(self, node: cst.Import) -> Statement:
        names = tuple([self.imported_name(alias) for alias in node.names])
        return self.import_(self.at(node), None, 0, names, is_from=False)

    def imported_from(self, node: cst.ImportFrom) -> Statement:
        module = None if node.module is None else dotted(node.module)
        names: tuple[ImportedName, ...] = ()
        if not isinstance(node.names, cst.ImportStar):
            names = tuple([self.imported_name(alias) for alias in node.names])
        return self.import_(self.at(node), module, len(node.relative), names, is_from=True)

    def imported_name(self, node: cst.ImportAlias) -> ImportedName:
        alias = None if node.asname is None else dotted(node.asname.name)
        return self.make(ImportedName(*self.at(node), dotted(node.name), alias))

    def return_(self, node: cst.Return) -> Statement:
        return self.make(Return(*self.at(node), self.optional(node.value)))

    def raise_(self, node: cst.Raise) -> Statement:
        cause = None if node.cause is None else node.cause.item
        given = self.optional(node.exc), self.optional(cause)
        return self.make(Raise(*self.at(node), *given))

    def delete(self, node: cst.Del) -> Statement:
        targets: Sequence[Any] = [node.target]
        if isinstance(node.target, cst.Tuple) and not node.target.lpar:
            targets = node.target.elements
        lowered = tuple([self.target(target, "del") for target in targets])
        return self.make(Delete(*self.at(node), lowered))

    def assert_(self, node: cst.Assert) -> Statement:
        given = self.expression(node.test), self.optional(node.msg)
        return self.make(Assert(*self.at(node), *given))

    def global_(self, node: cst.Global) -> Statement:
        names = tuple([item.name.value for item in node.names])
        self.scope.globals.update(names)
        return self.make(Global(*self.at(node), names))

    def nonlocal_(self, node: cst.Nonlocal) -> Statement:
        names = tuple([item.name.value for item in node.names])
        self.scope.nonlocals.update(names)
        return self.make(Nonlocal(*self.at(node), names))

    def if_(self, node: cst.If) -> Statement:
        branches = []
        branch: Any = node
        # An `elif` is nested in the one before it; there may be more than fit on the stack.
        while isinstance(branch, cst.If):
            branches.append((branch, self.expression(branch.test), self.suite(branch.body)))
            branch = branch.orelse
        rest = self.suite(branch)
        for branch, test, body in reversed(branches):
            made = self.make(If(*self.at(branch), test, body, rest))
            rest = (made,)
        return made

    def for_(self, node: cst.For) -> Statement:
        iterable = self.expression(node.iter)
        target = self.target(node.target)
        bodies = self.suite(node.body), self.suite(node.orelse)
        is_async = node.asynchronous is not None
        return self.make(For(*self.at(node), target, iterable, *bodies, is_async))

    def while_(self, node: cst.While) -> Statement:
        test = self.expression(node.test)
        bodies = self.suite(node.body), self.suite(node.orelse)
        return self.make(While(*self.at(node), test, *bodies))

    def with_(self, node: cst.With) -> Statement:
        items = tuple([self.with_item(item) for item in node.items])
        is_async = node.asynchronous is not None
        return self.make(With(*self.at(node), items, self.suite(node.body), is_async))

    def with_item(self, node: cst.WithItem) -> WithItem:
        context = self.expression(node.item)
        return WithItem(context, None if node.asname is None else self.target(node.asname.name))

    def try_(self, node: cst.Try | cst.TryStar) -> Statement:
        body = self.suite(node.body)
        handlers = tuple([self.handler(handler) for handler in node.handlers])
        bodies = self.suite(node.orelse), self.suite(node.finalbody)
        is_star = isinstance(node, cst.TryStar)
        return self.make(Try(*self.at(node), body, handlers, *bodies, is_star))

    def handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> ExceptHandler:
        kind = self.optional(node.type)
        target = None
        if node.name is not None and isinstance(node.name.name, cst.Name):
            target = self.captured(node.name.name)
        return self.make(ExceptHandler(*self.at(node), kind, target, self.suite(node.body)))

    def match(self, node: cst.Match) -> Statement:
        subject = self.expression(node.subject)
        cases = tuple([self.case(case) for case in node.cases])
        return self.make(Match(*self.at(node), subject, cases))

    def case(self, node: cst.MatchCase) -> MatchCase:
        pattern = self.pattern(node.pattern)
        return MatchCase(pattern, self.optional(node.guard), self.suite(node.body))

    def pattern(self, node: Any) -> Pattern:
        """Any one pattern of a `case`."""
        return self.make(_PATTERNS[type(node)](self, node))

    def captured(self, node: cst.Name | None) -> Name | None:
        """The name that a pattern or a handler binds."""
        return None if node is None else self.name(self.at(node), node.value, "store")

    def match_value(self, node: cst.MatchValue) -> Pattern:
        value = self.expression(node.value)
        return MatchValue(self.file, value.start, value.end, value)

    def match_singleton(self, node: cst.MatchSingleton) -> Pattern:
        value = self.singleton(node.value)
        return MatchSingleton(self.file, value.start, value.end, value)

    def match_list(self, node: cst.MatchList) -> Pattern:
        return MatchSequence(*self.at(node), self.match_items(node.patterns))

    def match_tuple(self, node: cst.MatchTuple) -> Pattern:
        return MatchSequence(*self.at_parentheses(node), self.match_items(node.patterns))

    def match_items(self, nodes: Sequence[Any]) -> tuple[Pattern, ...]:
        return tuple([self.pattern(n if isinstance(n, cst.MatchStar) else n.value) for n in nodes])

    def match_mapping(self, node: cst.MatchMapping) -> Pattern:
        items = tuple(
            [(self.expression(one.key), self.pattern(one.pattern)) for one in node.elements]
        )
        return MatchMapping(*self.at(node), items, self.captured(node.rest))

    def match_class(self, node: cst.MatchClass) -> Pattern:
        class_ = self.expression(node.cls)
        given: list[tuple[str | None, Pattern]] = [
            (None, self.pattern(one.value)) for one in node.patterns
        ]
        given += [(one.key.value, self.pattern(one.pattern)) for one in node.kwds]
        return MatchClass(*self.at(node), class_, tuple(given))

    def match_star(self, node: cst.MatchStar) -> Pattern:
        return MatchStar(*self.at(node), self.captured(node.name))

    def match_as(self, node: cst.MatchAs) -> Pattern:
        pattern = None if node.pattern is None else self.pattern(node.pattern)
        return MatchAs(*self.at(node), pattern, self.captured(node.name))

    def match_or(self, node: cst.MatchOr) -> Pattern:
        return MatchOr(*self.at(node), tuple([self.pattern(one.pattern) for one in node.patterns]))

    def function_(self, node: cst.FunctionDef) -> Statement:
        def signature() -> tuple[tuple[FunctionParameter, ...], Expression | None]:
            returns = None if node.returns is None else node.returns.annotation
            return self.parameters(node.params), self.optional(returns)

        return self.function(
            self.at(node),
            (node.name.value, self.at(node.name)[1]),
            self.decorators(node.decorators),
            lambda: self.type_parameters(node.type_parameters),
            signature,
            lambda: self.suite(node.body),
            node.asynchronous is not None,
        )

    def class_definition(self, node: cst.ClassDef) -> Statement:
        def header() -> tuple[tuple[Expression, ...], tuple[Argument, ...]]:
            bases = tuple([self.base(argument) for argument in node.bases])
            return bases, tuple([self.argument(argument) for argument in node.keywords])

        return self.class_(
            self.at(node),
            (node.name.value, self.at(node.name)[1]),
            self.decorators(node.decorators),
            lambda: self.type_parameters(node.type_parameters),
            header,
            lambda: self.suite(node.body),
        )

    def base(self, node: cst.Arg) -> Expression:
        value = self.expression(node.value)
        return self.make(Starred(*self.at(node), value)) if node.star else value

    def decorators(self, nodes: Sequence[cst.Decorator]) -> tuple[Decorator, ...]:
        return tuple([self.decorator(node) for node in nodes])

    def decorator(self, node: cst.Decorator) -> Decorator:
        value = self.expression(node.decorator)
        return self.make(Decorator(*self.at(node), value))

    def type_definition(self, node: cst.TypeAlias) -> Statement:
        return self.type_alias(
            self.at(node),
            node.name.value,
            lambda: self.type_parameters(node.type_parameters),
            node.value,
        )

    def type_parameters(self, node: cst.TypeParameters | None) -> tuple[TypeParameter, ...]:
        return tuple(
            [
                self.type_parameter(
                    self.at(one),
                    one.param.name.value,
                    _STARS[type(one.param)],
                    getattr(one.param, "bound", None),
                    one.default,
                )
                for one in ([] if node is None else node.params)
            ]
        )


_STARS: dict[type[cst.CSTNode], str] = {
    cst.TypeVar: "",
    cst.TypeVarTuple: "*",
    cst.ParamSpec: "**",
}

_KEYWORDS: dict[type[cst.CSTNode], type[Pass] | type[Break] | type[Continue]] = {
    cst.Pass: Pass,
    cst.Break: Break,
    cst.Continue: Continue,
}

_PATTERNS: dict[type[cst.CSTNode], Callable[[FromLibcst, Any], Pattern]] = {
    cst.MatchValue: FromLibcst.match_value,
    cst.MatchSingleton: FromLibcst.match_singleton,
    cst.MatchList: FromLibcst.match_list,
    cst.MatchTuple: FromLibcst.match_tuple,
    cst.MatchMapping: FromLibcst.match_mapping,
    cst.MatchClass: FromLibcst.match_class,
    cst.MatchStar: FromLibcst.match_star,
    cst.MatchAs: FromLibcst.match_as,
    cst.MatchOr: FromLibcst.match_or,
}

_STATEMENTS: dict[type[cst.CSTNode], Callable[[FromLibcst, Any], Statement]] = {
    cst.Pass: FromLibcst.keyword,
    cst.Break: FromLibcst.keyword,
    cst.Continue: FromLibcst.keyword,
    cst.Expr: FromLibcst.evaluation,
    cst.Assign: FromLibcst.assign,
    cst.AnnAssign: FromLibcst.annotated,
    cst.AugAssign: FromLibcst.augmented,
    cst.Import: FromLibcst.imported,
    cst.ImportFrom: FromLibcst.imported_from,
    cst.Return: FromLibcst.return_,
    cst.Raise: FromLibcst.raise_,
    cst.Del: FromLibcst.delete,
    cst.Assert: FromLibcst.assert_,
    cst.Global: FromLibcst.global_,
    cst.Nonlocal: FromLibcst.nonlocal_,
    cst.If: FromLibcst.if_,
    cst.For: FromLibcst.for_,
    cst.While: FromLibcst.while_,
    cst.With: FromLibcst.with_,
    cst.Try: FromLibcst.try_,
    cst.TryStar: FromLibcst.try_,
    cst.Match: FromLibcst.match,
    cst.FunctionDef: FromLibcst.function_,
    cst.ClassDef: FromLibcst.class_definition,
    cst.TypeAlias: FromLibcst.type_definition,
}

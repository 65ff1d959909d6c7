"""From libcst's tree to statements and expressions, in one walk.

Whitespace and comments are not looked at. Every thing that gets a place is remembered in the order
of the walk, so that reading the same text again gives the same places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import libcst as cst

from lint_rules.model.code import (
    Assignment,
    Block,
    Class,
    Decorator,
    Evaluation,
    Expression,
    Function,
    Import,
    ImportedName,
    Inside,
    Place,
    Simple,
    Statement,
)
from lint_rules.model.scope import Scope
from lint_rules.syntax.lowering_expressions import ExpressionConverter, dotted

Statements = tuple[Statement, ...]


class Converter(ExpressionConverter):
    """One walk over a module's tree."""

    def __init__(self, first: Place = 0) -> None:
        super().__init__(first)
        self._around: int | None = None

    def body(self, nodes: Iterable[cst.CSTNode]) -> Statements:
        """The statements of a module or block; `a; b` are two."""
        statements: list[Statement] = []
        for node in nodes:
            if isinstance(node, cst.SimpleStatementLine):
                statements += [self.statement(small) for small in node.body]
            else:
                statements.append(self.statement(node))
        return tuple(statements)

    def suite(self, node: cst.BaseSuite) -> Statements:
        """The statements below a header."""
        if isinstance(node, cst.IndentedBlock):
            return self.body(node.body)
        return tuple(self.statement(small) for small in node.body)

    def statement(self, node: cst.CSTNode) -> Statement:
        """Any one statement."""
        walk, around = self.walk, self._around
        self._around = len(walk.statements)
        walk.statements.append((node, around))
        walk.firsts.append(len(walk.nodes))
        convert = _STATEMENTS.get(type(node), Converter.simple)
        statement = convert(self, node)
        self._around = around
        return statement

    def simple(self, node: cst.CSTNode) -> Statement:
        return Simple(self.place(node), type(node).__name__.lower(), self.parts(node))

    def evaluation(self, node: cst.Expr) -> Statement:
        return Evaluation(self.place(node), self.expression(node.value))

    def assign(self, node: cst.Assign) -> Statement:
        place = self.place(node)
        value = self.expression(node.value)
        return Assignment(place, tuple(self.target(t.target) for t in node.targets), value)

    def annotated(self, node: cst.AnnAssign) -> Statement:
        place = self.place(node)
        value = None if node.value is None else self.expression(node.value)
        annotation = self.expression(node.annotation.annotation)
        return Assignment(place, (self.target(node.target),), value, annotation)

    def augmented(self, node: cst.AugAssign) -> Statement:
        place = self.place(node)
        value = self.expression(node.value)
        operator = type(node.operator).__name__
        return Assignment(place, (self.target(node.target),), value, operator=operator)

    def imported(self, node: cst.Import) -> Statement:
        place = self.place(node)
        names = tuple(self.imported_name(alias) for alias in node.names)
        for name in names:
            self.scope.bind_import(name.bound, name.name if name.alias else name.bound)
        return self.noted(Import(place, None, 0, names, is_from=False))

    def imported_from(self, node: cst.ImportFrom) -> Statement:
        place = self.place(node)
        module = None if node.module is None else dotted(node.module)
        level = len(node.relative)
        origin = "." * level + (module or "")
        if isinstance(node.names, cst.ImportStar):
            self.scope.stars.append(origin)
            return self.noted(Import(place, module, level, (), is_from=True))
        names = tuple(self.imported_name(alias) for alias in node.names)
        for name in names:
            separator = "" if origin.endswith(".") else "."
            self.scope.bind_import(name.bound, f"{origin}{separator}{name.name}")
        return self.noted(Import(place, module, level, names, is_from=True))

    def imported_name(self, node: cst.ImportAlias) -> ImportedName:
        alias = None if node.asname is None else dotted(node.asname.name)
        return ImportedName(self.place(node), dotted(node.name), alias)

    def noted(self, statement: Import) -> Import:
        self.inside.imports.append(statement)
        return statement

    def deletion(self, node: cst.Del) -> Statement:
        place = self.place(node)
        return Simple(place, "del", (self.target(node.target, "del"),))

    def type_alias(self, node: cst.TypeAlias) -> Statement:
        self.scope.bound.add(node.name.value)
        return Simple(self.place(node), "type", self.parts(node.value))

    def if_(self, node: cst.If) -> Statement:
        place = self.place(node)
        test = self.expression(node.test)
        body = self.suite(node.body)
        return Block(place, "if", (test,), (), (body, *self.otherwise(node.orelse)))

    def otherwise(self, node: cst.If | cst.Else | cst.Finally | None) -> tuple[Statements, ...]:
        if node is None:
            return ()
        if isinstance(node, cst.If):
            return ((self.statement(node),),)
        return (self.suite(node.body),)

    def for_(self, node: cst.For) -> Statement:
        place = self.place(node)
        iterable = self.expression(node.iter)
        target = self.target(node.target)
        body = self.suite(node.body)
        bodies = (body, *self.otherwise(node.orelse))
        return Block(place, "for", (iterable,), (target,), bodies)

    def while_(self, node: cst.While) -> Statement:
        place = self.place(node)
        test = self.expression(node.test)
        body = self.suite(node.body)
        return Block(place, "while", (test,), (), (body, *self.otherwise(node.orelse)))

    def with_(self, node: cst.With) -> Statement:
        place = self.place(node)
        heads: list[Expression] = []
        targets: list[Expression] = []
        for item in node.items:
            heads.append(self.expression(item.item))
            if item.asname is not None:
                targets.append(self.target(item.asname.name))
        return Block(place, "with", tuple(heads), tuple(targets), (self.suite(node.body),))

    def try_(self, node: cst.Try | cst.TryStar) -> Statement:
        place = self.place(node)
        bodies = [self.suite(node.body)]
        heads: list[Expression] = []
        targets: list[Expression] = []
        for handler in node.handlers:
            if handler.type is not None:
                heads.append(self.expression(handler.type))
            if handler.name is not None:
                targets.append(self.target(handler.name.name))
            bodies.append(self.suite(handler.body))
        bodies += [*self.otherwise(node.orelse), *self.otherwise(node.finalbody)]
        return Block(place, "try", tuple(heads), tuple(targets), tuple(bodies))

    def match(self, node: cst.Match) -> Statement:
        place = self.place(node)
        heads = [self.expression(node.subject)]
        targets: list[Expression] = []
        bodies = []
        for case in node.cases:
            heads += self.pattern(case.pattern)
            if case.guard is not None:
                heads.append(self.expression(case.guard))
            bodies.append(self.suite(case.body))
        return Block(place, "match", tuple(heads), tuple(targets), tuple(bodies))

    def pattern(self, node: cst.CSTNode) -> list[Expression]:
        """The expressions of a `case` pattern; the names that it captures are bound."""
        for captured in ("name", "rest"):
            name = getattr(node, captured, None)
            if isinstance(name, cst.Name):
                self.scope.bound.add(name.value)
        found: list[Expression] = []
        if isinstance(node, cst.MatchClass):
            found.append(self.expression(node.cls))
        for child in node.children:
            if isinstance(child, cst.MatchPattern | cst.MatchMappingElement):
                found += self.pattern(child)
            elif isinstance(child, cst.MatchSequenceElement):
                found += self.pattern(child.value)
            elif isinstance(child, cst.MatchKeywordElement):
                found += self.pattern(child.pattern)
            elif isinstance(child, cst.BaseExpression) and not isinstance(child, cst.Name):
                found.append(self.expression(child))
        return found

    def function(self, node: cst.FunctionDef) -> Statement:
        self.scope.bound.add(node.name.value)
        decorators = self.decorators(node.decorators)
        place, header = self.place(node.name), self.place(node)
        # Annotations and defaults belong to the scope around the function.
        parameters = self.parameters(node.params)
        returns = None if node.returns is None else self.expression(node.returns.annotation)
        outer_scope, outer_inside = self.scope, self.inside
        self.scope, self.inside = Scope(outer_scope), Inside()
        self.scope.bound.update(parameter.name for parameter in parameters)
        body = self.suite(node.body)
        function = Function(
            place,
            header,
            node.name.value,
            decorators,
            body,
            self.scope,
            self.inside,
            parameters,
            returns,
            node.asynchronous is not None,
        )
        self.scope, self.inside = outer_scope, outer_inside
        self.inside.definitions.append(function)
        self.inside.extend(function.inside)
        return function

    def class_(self, node: cst.ClassDef) -> Statement:
        self.scope.bound.add(node.name.value)
        decorators = self.decorators(node.decorators)
        place, header = self.place(node.name), self.place(node)
        bases = tuple(self.expression(argument.value) for argument in node.bases)
        keywords = tuple(self.argument(argument) for argument in node.keywords)
        outer_scope, outer_inside = self.scope, self.inside
        self.scope, self.inside = Scope(outer_scope, is_class=True), Inside()
        body = self.suite(node.body)
        defined = Class(
            place,
            header,
            node.name.value,
            decorators,
            body,
            self.scope,
            self.inside,
            bases,
            keywords,
        )
        self.scope, self.inside = outer_scope, outer_inside
        self.inside.definitions.append(defined)
        self.inside.extend(defined.inside)
        return defined

    def decorators(self, nodes: Sequence[cst.Decorator]) -> tuple[Decorator, ...]:
        return tuple(Decorator(self.place(n), self.expression(n.decorator)) for n in nodes)


_STATEMENTS: dict[type[cst.CSTNode], Callable[[Converter, Any], Statement]] = {
    cst.Expr: Converter.evaluation,
    cst.Assign: Converter.assign,
    cst.AnnAssign: Converter.annotated,
    cst.AugAssign: Converter.augmented,
    cst.Import: Converter.imported,
    cst.ImportFrom: Converter.imported_from,
    cst.Del: Converter.deletion,
    cst.TypeAlias: Converter.type_alias,
    cst.If: Converter.if_,
    cst.For: Converter.for_,
    cst.While: Converter.while_,
    cst.With: Converter.with_,
    cst.Try: Converter.try_,
    cst.TryStar: Converter.try_,
    cst.Match: Converter.match,
    cst.FunctionDef: Converter.function,
    cst.ClassDef: Converter.class_,
}

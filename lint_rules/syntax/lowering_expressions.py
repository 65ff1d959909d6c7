"""From libcst's expressions to the model's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from lint_rules.model.code import (
    Argument,
    Call,
    Collection,
    Compound,
    Comprehension,
    Conditional,
    Expression,
    FunctionParameter,
    Inside,
    Lambda,
    Literal,
    Mapping,
    Member,
    Operation,
    Place,
    Reference,
    Starred,
    Subscript,
    Template,
    Walrus,
)
from lint_rules.model.scope import Scope

_PLACEHOLDERS = (cst.FormattedStringExpression, cst.TemplatedStringExpression)


@dataclass
class Walk:
    """What a walk over a tree came by, in order.

    Attributes:
        nodes: libcst's node for each place.
        statements: the statements, each with the number of the one around it.
        firsts: how many places stood before each statement.
    """

    nodes: list[cst.CSTNode] = field(default_factory=list)
    statements: list[tuple[cst.CSTNode, int | None]] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)


class ExpressionConverter:
    """The part of a walk that is about expressions.

    Args:
        first: the file's first place.

    Attributes:
        walk: what it came by until now.
        scope: the scope that names belong to at this point of the walk.
        inside: collects what the function (or module) being read holds.
    """

    def __init__(self, first: Place = 0) -> None:
        self.walk = Walk()
        self._last = first - 1
        self.scope = Scope()
        self.inside = Inside()

    def place(self, node: cst.CSTNode) -> Place:
        """Gives a node its number."""
        self.walk.nodes.append(node)
        self._last += 1
        return self._last

    def expression(self, node: cst.CSTNode) -> Expression:
        """Any one expression."""
        convert = _EXPRESSIONS.get(type(node))
        if convert is None:
            return Compound(self.place(node), type(node).__name__, self.parts(node))
        return convert(self, node)

    def parts(self, node: cst.CSTNode) -> tuple[Expression, ...]:
        """The expressions below a node of a kind that no rule asks about."""
        found: list[Expression] = []
        for child in node.children:
            if isinstance(child, cst.BaseExpression):
                found.append(self.expression(child))
            else:
                found += self.parts(child)
        return tuple(found)

    def target(self, node: cst.CSTNode, context: str = "store") -> Expression:
        """What an assignment, `for`, `with` or `del` binds."""
        if isinstance(node, cst.Name | cst.Attribute):
            return self.reference(node, context)
        if isinstance(node, cst.Tuple | cst.List):
            place = self.place(node)
            items = tuple(self.target(element, context) for element in node.elements)
            return Collection(place, type(node).__name__.lower(), items)
        if isinstance(node, cst.StarredElement):
            return Starred(self.place(node), self.target(node.value, context))
        if isinstance(node, cst.Element):
            return self.target(node.value, context)
        return self.expression(node)

    def reference(self, node: cst.Name | cst.Attribute, context: str = "load") -> Expression:
        name = dotted(node)
        if isinstance(node, cst.Attribute) and not name:
            place = self.place(node)
            member = Member(place, self.expression(node.value), node.attr.value)
            self.inside.members.append(member)
            return member
        reference = Reference(self.place(node), name, self.scope, context)
        if context == "store" and "." not in name:
            self.scope.bound.add(name)
        self.inside.references.append(reference)
        return reference

    def literal(self, node: cst.SimpleString | cst.Integer | cst.Float | cst.Imaginary) -> Literal:
        return Literal(self.place(node), node.value)

    def ellipsis(self, node: cst.Ellipsis) -> Literal:
        return Literal(self.place(node), "...")

    def name(self, node: cst.Name) -> Expression:
        if node.value in ("True", "False", "None"):
            return Literal(self.place(node), node.value)
        return self.reference(node)

    def concatenated(self, node: cst.ConcatenatedString) -> Expression:
        place = self.place(node)
        pieces: list[cst.CSTNode] = []
        rest: cst.CSTNode = node
        while isinstance(rest, cst.ConcatenatedString):
            pieces.append(rest.left)
            rest = rest.right
        pieces.append(rest)
        if all(isinstance(piece, cst.SimpleString) for piece in pieces):
            # A newline between the pieces is harmless inside parentheses.
            source = " ".join(piece.value for piece in pieces)  # type: ignore[attr-defined]
            return Literal(place, source)
        texts: list[str | Expression] = []
        for piece in pieces:
            converted = self.expression(piece)
            if isinstance(converted, Template):
                texts += converted.pieces
            else:
                texts.append(converted)
        return Template(place, tuple(texts))

    def template(self, node: cst.FormattedString | cst.TemplatedString) -> Expression:
        place = self.place(node)
        pieces: list[str | Expression] = []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText | cst.TemplatedStringText):
                pieces.append(part.value)
            elif isinstance(part, _PLACEHOLDERS) and not (
                part.conversion or part.format_spec or part.equal
            ):
                pieces.append(self.expression(part.expression))
            else:
                # What it looks like in the end is not the expression alone.
                pieces.append(Compound(self.place(part), "Formatted", self.parts(part)))
        return Template(place, tuple(pieces))

    def call(self, node: cst.Call) -> Expression:
        place = self.place(node)
        function = self.expression(node.func)
        call = Call(place, function, tuple(self.argument(argument) for argument in node.args))
        self.inside.calls.append(call)
        return call

    def argument(self, node: cst.Arg) -> Argument:
        name = None if node.keyword is None else node.keyword.value
        return Argument(self.place(node), name, node.star, self.expression(node.value))

    def lambda_(self, node: cst.Lambda) -> Expression:
        place = self.place(node)
        parameters = self.parameters(node.params)
        outer = self.scope
        self.scope = Scope(outer)
        self.scope.bound.update(parameter.name for parameter in parameters)
        body = self.expression(node.body)
        self.scope = outer
        defaults = tuple(p.default for p in parameters if p.default is not None)
        function = Lambda(place, tuple(p.name for p in parameters), body, defaults)
        self.inside.lambdas.append(function)
        return function

    def collection(self, node: cst.List | cst.Tuple | cst.Set) -> Expression:
        place = self.place(node)
        items = tuple(self.element(element) for element in node.elements)
        return Collection(place, type(node).__name__.lower(), items)

    def element(self, node: cst.BaseElement) -> Expression:
        if isinstance(node, cst.StarredElement):
            return Starred(self.place(node), self.expression(node.value))
        return self.expression(node.value)

    def mapping(self, node: cst.Dict) -> Expression:
        place = self.place(node)
        items: list[tuple[Expression | None, Expression]] = []
        for element in node.elements:
            key = self.expression(element.key) if isinstance(element, cst.DictElement) else None
            items.append((key, self.expression(element.value)))
        return Mapping(place, tuple(items))

    def comprehension(
        self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp
    ) -> Expression:
        place = self.place(node)
        outer = self.scope
        self.scope = Scope(outer)
        clauses: list[Expression] = []
        clause: cst.CompFor | None = node.for_in
        while clause is not None:
            clauses += [self.target(clause.target), self.expression(clause.iter)]
            clauses += [self.expression(condition.test) for condition in clause.ifs]
            clause = clause.inner_for_in
        if isinstance(node, cst.DictComp):
            elements: tuple[Expression, ...] = (
                self.expression(node.key),
                self.expression(node.value),
            )
        else:
            elements = (self.expression(node.elt),)
        self.scope = outer
        return Comprehension(place, _COMPREHENSIONS[type(node)], elements, tuple(clauses))

    def unary(self, node: cst.UnaryOperation) -> Expression:
        operator = type(node.operator).__name__
        return Operation(self.place(node), operator, (self.expression(node.expression),))

    def binary(self, node: cst.BinaryOperation | cst.BooleanOperation) -> Expression:
        place = self.place(node)
        operands = (self.expression(node.left), self.expression(node.right))
        return Operation(place, type(node.operator).__name__, operands)

    def comparison(self, node: cst.Comparison) -> Expression:
        place = self.place(node)
        operands = [self.expression(node.left)]
        operands += [self.expression(target.comparator) for target in node.comparisons]
        return Operation(place, type(node.comparisons[0].operator).__name__, tuple(operands))

    def conditional(self, node: cst.IfExp) -> Expression:
        place = self.place(node)
        body = self.expression(node.body)
        test = self.expression(node.test)
        return Conditional(place, test, body, self.expression(node.orelse))

    def subscript(self, node: cst.Subscript) -> Expression:
        place = self.place(node)
        of = self.expression(node.value)
        index: list[Expression] = []
        for element in node.slice:
            if isinstance(element.slice, cst.Index):
                index.append(self.expression(element.slice.value))
            else:
                index.append(Compound(self.place(element), "Slice", self.parts(element.slice)))
        return Subscript(place, of, tuple(index))

    def walrus(self, node: cst.NamedExpr) -> Expression:
        place = self.place(node)
        return Walrus(place, self.target(node.target), self.expression(node.value))

    def parameters(self, node: cst.Parameters) -> tuple[FunctionParameter, ...]:
        given: list[tuple[cst.Param, str]] = [
            (param, "positional") for param in node.posonly_params
        ]
        given += [(param, "plain") for param in node.params]
        given += [(param, "keyword") for param in node.kwonly_params]
        for starred, kind in ((node.star_arg, "*"), (node.star_kwarg, "**")):
            if isinstance(starred, cst.Param):
                given.append((starred, kind))
        return tuple(
            FunctionParameter(
                self.place(param.name),
                param.name.value,
                None if param.annotation is None else self.expression(param.annotation.annotation),
                None if param.default is None else self.expression(param.default),
                kind,
            )
            for param, kind in given
        )


def dotted(node: cst.CSTNode) -> str:
    """`a.b.c` of attributes of a name, and `""` where something else stands at the root."""
    names: list[str] = []
    while isinstance(node, cst.Attribute):
        names.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ""
    names.append(node.value)
    return ".".join(reversed(names))


_COMPREHENSIONS: dict[type[cst.CSTNode], str] = {
    cst.ListComp: "list",
    cst.SetComp: "set",
    cst.DictComp: "dict",
    cst.GeneratorExp: "generator",
}

_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[ExpressionConverter, Any], Expression]] = {
    cst.Name: ExpressionConverter.name,
    cst.Attribute: ExpressionConverter.reference,
    cst.SimpleString: ExpressionConverter.literal,
    cst.Integer: ExpressionConverter.literal,
    cst.Float: ExpressionConverter.literal,
    cst.Imaginary: ExpressionConverter.literal,
    cst.Ellipsis: ExpressionConverter.ellipsis,
    cst.ConcatenatedString: ExpressionConverter.concatenated,
    cst.FormattedString: ExpressionConverter.template,
    cst.TemplatedString: ExpressionConverter.template,
    cst.Call: ExpressionConverter.call,
    cst.Lambda: ExpressionConverter.lambda_,
    cst.List: ExpressionConverter.collection,
    cst.Tuple: ExpressionConverter.collection,
    cst.Set: ExpressionConverter.collection,
    cst.Dict: ExpressionConverter.mapping,
    cst.ListComp: ExpressionConverter.comprehension,
    cst.SetComp: ExpressionConverter.comprehension,
    cst.GeneratorExp: ExpressionConverter.comprehension,
    cst.DictComp: ExpressionConverter.comprehension,
    cst.UnaryOperation: ExpressionConverter.unary,
    cst.BinaryOperation: ExpressionConverter.binary,
    cst.BooleanOperation: ExpressionConverter.binary,
    cst.Comparison: ExpressionConverter.comparison,
    cst.IfExp: ExpressionConverter.conditional,
    cst.Subscript: ExpressionConverter.subscript,
    cst.NamedExpr: ExpressionConverter.walrus,
}

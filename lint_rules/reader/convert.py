"""From libcst's tree to statements and expressions, in one walk.

Whitespace and comments are not looked at. Every thing that gets a place is remembered in the order
of the walk, so that reading the same text again gives the same places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from lint_rules.model.code import (
    Argument,
    Assignment,
    Block,
    Call,
    Class,
    Collection,
    Compound,
    Comprehension,
    Conditional,
    Decorator,
    Evaluation,
    Expression,
    Function,
    FunctionParameter,
    Import,
    ImportedName,
    Inside,
    Lambda,
    Literal,
    Mapping,
    Member,
    Operation,
    Place,
    Reference,
    Simple,
    Starred,
    Statement,
    Subscript,
    Template,
    Walrus,
)
from lint_rules.model.scope import Scope

Statements = tuple[Statement, ...]

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


class Converter:
    """One walk over a module's tree.

    Args:
        first: the file's first place.

    Attributes:
        walk: what it came by until now.
        scope: the scope that names belong to at this point of the walk.
        inside: collects what the function (or module) being read holds.
    """

    def __init__(self, first: Place = 0) -> None:
        self.walk = Walk()
        self._around: int | None = None
        self._last = first - 1
        self.scope = Scope()
        self.inside = Inside()

    def place(self, node: cst.CSTNode) -> Place:
        """Gives a node its number."""
        self.walk.nodes.append(node)
        self._last += 1
        return self._last

    # Statements

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

    def parameters(self, node: cst.Parameters) -> tuple[FunctionParameter, ...]:
        starred = [p for p in (node.star_arg, node.star_kwarg) if isinstance(p, cst.Param)]
        given = [*node.posonly_params, *node.params, *node.kwonly_params, *starred]
        return tuple(
            FunctionParameter(
                self.place(param.name),
                param.name.value,
                None if param.annotation is None else self.expression(param.annotation.annotation),
                None if param.default is None else self.expression(param.default),
            )
            for param in given
        )

    # Expressions

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

_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[Converter, Any], Expression]] = {
    cst.Name: Converter.name,
    cst.Attribute: Converter.reference,
    cst.SimpleString: Converter.literal,
    cst.Integer: Converter.literal,
    cst.Float: Converter.literal,
    cst.Imaginary: Converter.literal,
    cst.Ellipsis: Converter.ellipsis,
    cst.ConcatenatedString: Converter.concatenated,
    cst.FormattedString: Converter.template,
    cst.TemplatedString: Converter.template,
    cst.Call: Converter.call,
    cst.Lambda: Converter.lambda_,
    cst.List: Converter.collection,
    cst.Tuple: Converter.collection,
    cst.Set: Converter.collection,
    cst.Dict: Converter.mapping,
    cst.ListComp: Converter.comprehension,
    cst.SetComp: Converter.comprehension,
    cst.GeneratorExp: Converter.comprehension,
    cst.DictComp: Converter.comprehension,
    cst.UnaryOperation: Converter.unary,
    cst.BinaryOperation: Converter.binary,
    cst.BooleanOperation: Converter.binary,
    cst.Comparison: Converter.comparison,
    cst.IfExp: Converter.conditional,
    cst.Subscript: Converter.subscript,
    cst.NamedExpr: Converter.walrus,
}

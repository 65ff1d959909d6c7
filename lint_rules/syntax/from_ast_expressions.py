"""From the expressions of Python's `ast` to the model's."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from lint_rules.model.code import (
    Argument,
    Await,
    BinaryOperator,
    BinOp,
    BoolOp,
    Collection,
    Compare,
    ComparisonOperator,
    Context,
    Dict,
    Expression,
    FormattedValue,
    FunctionParameter,
    IfExp,
    JoinedStr,
    ParameterKind,
    Slice,
    Starred,
    Subscript,
    UnaryOp,
    UnaryOperator,
    Yield,
    YieldFrom,
)
from lint_rules.syntax.builder import At, Builder, Clause, joined
from lint_rules.syntax.text import Text


class CannotLower(Exception):
    """The tree holds something that is not known here; another reader may know it."""


class ExpressionsFromAst(Builder):
    """Lowers expressions.

    Args:
        text: the text that the tree was made from.
        file: the real path of its file.
    """

    def __init__(self, text: Text, file: Path | None) -> None:
        super().__init__(file)
        self.text = text
        self._offset = text.offset_of_bytes

    def at(self, node: Any) -> At:
        """Where a node stands."""
        offset = self._offset
        return (
            self.file,
            offset(node.lineno, node.col_offset),
            offset(node.end_lineno, node.end_col_offset),
        )

    def expression(self, node: Any) -> Expression:
        # Calls, attributes and operators in a row nest deeply: they are lowered without recursion.
        links = []
        kind = type(node)
        while kind in _LINKS:
            links.append(node)
            node = getattr(node, _LINKS[kind])
            kind = type(node)
        if kind is ast.Name and links and type(links[-1]) is ast.Attribute:
            lowered = self.dotted_name(node, links)
        else:
            lower = _EXPRESSIONS.get(kind)
            if lower is None:
                raise CannotLower(kind.__name__)
            lowered = lower(self, node)
        while links:
            link = links.pop()
            lowered = _FINISH[type(link)](self, link, lowered)
        return lowered

    def dotted_name(
        self, node: ast.Name, links: list[Any], context: Context = "load"
    ) -> Expression:
        """A name with the attributes that follow it, which are taken from the links."""
        names = [node.id]
        outermost: Any = node
        while links and type(links[-1]) is ast.Attribute:
            outermost = links.pop()
            names.append(outermost.attr)
        return self.name(self.at(outermost), ".".join(names), context)

    def target(self, node: Any, context: Context = "store") -> Expression:
        kind = type(node)
        if kind is ast.Name:
            return self.name(self.at(node), node.id, context)
        if kind is ast.Attribute:
            root, links = node, []
            while type(root) is ast.Attribute:
                links.append(root)
                root = root.value
            if type(root) is ast.Name:
                return self.dotted_name(root, links, context)
            return self.expression(node)
        if kind is ast.Tuple or kind is ast.List:
            at = self.at(node)
            items = tuple([self.target(item, context) for item in node.elts])
            return self.make(Collection(*at, "tuple" if kind is ast.Tuple else "list", items))
        if kind is ast.Starred:
            return self.make(Starred(*self.at(node), self.target(node.value, context)))
        return self.expression(node)

    def simple_name(self, node: ast.Name) -> Expression:
        return self.name(self.at(node), node.id)

    def constant(self, node: ast.Constant) -> Expression:
        return self.constant_of(self.at(node), node.value)

    def attribute_of(self, node: ast.Attribute, value: Expression) -> Expression:
        return self.attribute(self.at(node), value, node.attr)

    def called(self, node: ast.Call, function: Expression) -> Expression:
        at = self.at(node)
        given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        if node.keywords and any(type(one) is ast.Starred for one in node.args):
            given.sort(key=lambda one: (one.lineno, one.col_offset))
        # What stands between the function and its arguments is layout and one parenthesis.
        start = self.text.after(function.end, "(") if given else 0
        arguments = tuple([self.argument(one, start, at[2] - 1) for one in given])
        return self.call(at, function, arguments)

    def argument(self, node: Any, start: int = 0, end: int = 0) -> Argument:
        """An argument of a call; one that is only a value may have parentheses around it."""
        if type(node) is ast.keyword:
            value = self.expression(node.value)
            star = "**" if node.arg is None else ""
            return self.make(Argument(*self.at(node), node.arg, star, value))
        if type(node) is ast.Starred:
            value = self.expression(node.value)
            return self.make(Argument(*self.at(node), None, "*", value))
        value = self.expression(node)
        if value.start < start:
            # The parentheses of the call are those of a generator expression, too.
            value.start, value.end = self.text.stripped(start, end)
        around = self.text.with_parentheses(value.start, value.end, start, end)
        return self.make(Argument(self.file, *around, None, "", value))

    def binary(self, node: ast.BinOp, left: Expression) -> Expression:
        right = self.expression(node.right)
        return self.make(BinOp(*self.at(node), left, BINARY[type(node.op)], right))

    def boolean(self, node: ast.BoolOp) -> Expression:
        values = self.all_of(node.values)
        operator: Literal["and", "or"] = "and" if type(node.op) is ast.And else "or"
        return self.make(BoolOp(*self.at(node), operator, values))

    def unary(self, node: ast.UnaryOp) -> Expression:
        operand = self.expression(node.operand)
        return self.make(UnaryOp(*self.at(node), _UNARY[type(node.op)], operand))

    def compare(self, node: ast.Compare) -> Expression:
        left = self.expression(node.left)
        operators = tuple([_COMPARISONS[type(operator)] for operator in node.ops])
        comparators = self.all_of(node.comparators)
        return self.make(Compare(*self.at(node), left, operators, comparators))

    def collection(self, node: ast.List | ast.Tuple | ast.Set) -> Expression:
        items = self.all_of(node.elts)
        return self.make(Collection(*self.at(node), _COLLECTIONS[type(node)], items))

    def starred(self, node: ast.Starred) -> Expression:
        return self.make(Starred(*self.at(node), self.expression(node.value)))

    def dict_(self, node: ast.Dict) -> Expression:
        items = tuple(
            [
                (self.optional(key), self.expression(value))
                for key, value in zip(node.keys, node.values, strict=True)
            ]
        )
        return self.make(Dict(*self.at(node), items))

    def comprehended(self, node: Any) -> Expression:
        kind, fields = _COMPREHENSIONS[type(node)]
        elements = [getattr(node, field) for field in fields]
        clauses = [
            Clause(one.target, one.iter, one.ifs, bool(one.is_async)) for one in node.generators
        ]
        return self.comprehension(self.at(node), kind, elements, clauses)

    def conditional(self, node: ast.IfExp) -> Expression:
        body = self.expression(node.body)
        test = self.expression(node.test)
        return self.make(IfExp(*self.at(node), test, body, self.expression(node.orelse)))

    def subscript(self, node: ast.Subscript, value: Expression) -> Expression:
        index = node.slice.elts if type(node.slice) is ast.Tuple else [node.slice]
        return self.make(Subscript(*self.at(node), value, self.all_of(index)))

    def slice_(self, node: ast.Slice) -> Expression:
        bounds = [self.optional(bound) for bound in (node.lower, node.upper, node.step)]
        return self.make(Slice(*self.at(node), *bounds))

    def walrus(self, node: ast.NamedExpr) -> Expression:
        return self.named_expression(self.at(node), node.target, node.value)

    def await_(self, node: ast.Await) -> Expression:
        return self.make(Await(*self.at(node), self.expression(node.value)))

    def yield_(self, node: ast.Yield) -> Expression:
        return self.make(Yield(*self.at(node), self.optional(node.value)))

    def yield_from(self, node: ast.YieldFrom) -> Expression:
        return self.make(YieldFrom(*self.at(node), self.expression(node.value)))

    def anonymous(self, node: ast.Lambda) -> Expression:
        return self.lambda_(self.at(node), self.parameters(node.args), node.body)

    def joined_string(self, node: ast.JoinedStr) -> JoinedStr:
        values = joined([self.string_part(part) for part in node.values])
        return self.make(JoinedStr(*self.at(node), values))

    def string_part(self, node: Any) -> str | FormattedValue:
        if type(node) is ast.Constant:
            return str(node.value)
        value = self.expression(node.value)
        spec = None if node.format_spec is None else self.joined_string(node.format_spec)
        conversion = "" if node.conversion < 0 else chr(node.conversion)
        return self.make(FormattedValue(self.file, value.start, value.end, value, conversion, spec))

    def parameters(self, node: ast.arguments) -> tuple[FunctionParameter, ...]:
        """The parameters of a function or lambda, in the order of the text."""
        positional = [*node.posonlyargs, *node.args]
        missing = len(positional) - len(node.defaults)
        found = [
            self.parameter(
                one,
                "positional-only" if index < len(node.posonlyargs) else "positional or keyword",
                node.defaults[index - missing] if index >= missing else None,
            )
            for index, one in enumerate(positional)
        ]
        if node.vararg is not None:
            found.append(self.parameter(node.vararg, "variadic positional", None))
        for one, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            found.append(self.parameter(one, "keyword-only", default))
        if node.kwarg is not None:
            found.append(self.parameter(node.kwarg, "variadic keyword", None))
        return tuple(found)

    def parameter(
        self, node: ast.arg, kind: ParameterKind, default: ast.expr | None
    ) -> FunctionParameter:
        start = self._offset(node.lineno, node.col_offset)
        annotation = self.optional(node.annotation)
        return self.make(
            FunctionParameter(
                self.file,
                start,
                start + len(node.arg),
                node.arg,
                kind,
                annotation,
                self.optional(default),
            )
        )


_LINKS = {ast.Attribute: "value", ast.Call: "func", ast.Subscript: "value", ast.BinOp: "left"}
"""What can stand in a row, with what comes first in it."""

_FINISH: dict[type[ast.AST], Callable[[ExpressionsFromAst, Any, Expression], Expression]] = {
    ast.Attribute: ExpressionsFromAst.attribute_of,
    ast.Call: ExpressionsFromAst.called,
    ast.Subscript: ExpressionsFromAst.subscript,
    ast.BinOp: ExpressionsFromAst.binary,
}

_EXPRESSIONS: dict[type[ast.AST], Callable[[ExpressionsFromAst, Any], Expression]] = {
    ast.Name: ExpressionsFromAst.simple_name,
    ast.Constant: ExpressionsFromAst.constant,
    ast.JoinedStr: ExpressionsFromAst.joined_string,
    ast.Lambda: ExpressionsFromAst.anonymous,
    ast.List: ExpressionsFromAst.collection,
    ast.Tuple: ExpressionsFromAst.collection,
    ast.Set: ExpressionsFromAst.collection,
    ast.Dict: ExpressionsFromAst.dict_,
    ast.Starred: ExpressionsFromAst.starred,
    ast.ListComp: ExpressionsFromAst.comprehended,
    ast.SetComp: ExpressionsFromAst.comprehended,
    ast.DictComp: ExpressionsFromAst.comprehended,
    ast.GeneratorExp: ExpressionsFromAst.comprehended,
    ast.UnaryOp: ExpressionsFromAst.unary,
    ast.BoolOp: ExpressionsFromAst.boolean,
    ast.Compare: ExpressionsFromAst.compare,
    ast.IfExp: ExpressionsFromAst.conditional,
    ast.Slice: ExpressionsFromAst.slice_,
    ast.NamedExpr: ExpressionsFromAst.walrus,
    ast.Await: ExpressionsFromAst.await_,
    ast.Yield: ExpressionsFromAst.yield_,
    ast.YieldFrom: ExpressionsFromAst.yield_from,
}

_COLLECTIONS: dict[type[ast.AST], Literal["list", "tuple", "set"]] = {
    ast.List: "list",
    ast.Tuple: "tuple",
    ast.Set: "set",
}

_COMPREHENSIONS: dict[
    type[ast.AST], tuple[Literal["list", "set", "dict", "generator"], tuple[str, ...]]
] = {
    ast.ListComp: ("list", ("elt",)),
    ast.SetComp: ("set", ("elt",)),
    ast.DictComp: ("dict", ("key", "value")),
    ast.GeneratorExp: ("generator", ("elt",)),
}

BINARY: dict[type[ast.operator], BinaryOperator] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
}

_UNARY: dict[type[ast.unaryop], UnaryOperator] = {
    ast.Not: "not",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Invert: "~",
}

_COMPARISONS: dict[type[ast.cmpop], ComparisonOperator] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}

"""From libcst's expressions to the model's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import libcst as cst

from lint_rules.model.code import (
    Argument,
    Await,
    BinaryOperator,
    BinOp,
    BoolOp,
    Collection,
    Compare,
    ComparisonOperator,
    Constant,
    Context,
    Dict,
    Expression,
    FunctionParameter,
    IfExp,
    ParameterKind,
    Slice,
    Starred,
    Subscript,
    UnaryOp,
    UnaryOperator,
    Yield,
    YieldFrom,
)
from lint_rules.syntax.builder import At, Clause
from lint_rules.syntax.from_libcst_strings import StringsFromLibcst

_SINGLETONS = {"True": True, "False": False, "None": None}


class ExpressionsFromLibcst(StringsFromLibcst):
    """Lowers expressions."""

    def at_parentheses(self, node: Any) -> At:
        """The numbers of the innermost parentheses around a node, else of the node."""
        if not node.lpar:
            return self.at(node)
        return self.file, self.at(node.lpar[-1])[1], self.at(node.rpar[0])[2]

    def expression(self, node: Any) -> Expression:
        # Calls, attributes and operators in a row nest deeply: they are lowered without recursion.
        links = []
        kind = type(node)
        while kind in _LINKS:
            links.append(node)
            node = getattr(node, _LINKS[kind])
            kind = type(node)
        if kind is cst.Name and node.value not in _SINGLETONS:
            lowered = self.dotted_name(node, links)
        else:
            lowered = _EXPRESSIONS[kind](self, node)
        while links:
            link = links.pop()
            lowered = _FINISH[type(link)](self, link, lowered)
        return lowered

    def dotted_name(
        self, node: cst.Name, links: list[Any], context: Context = "load"
    ) -> Expression:
        """A name with the attributes that follow it, which are taken from the links."""
        names = [node.value]
        outermost: Any = node
        while links and type(links[-1]) is cst.Attribute:
            outermost = links.pop()
            names.append(outermost.attr.value)
        return self.name(self.at(outermost), ".".join(names), context)

    def target(self, node: Any, context: Context = "store") -> Expression:
        if isinstance(node, cst.Name | cst.Attribute):
            root: Any = node
            links: list[Any] = []
            while isinstance(root, cst.Attribute):
                links.append(root)
                root = root.value
            if isinstance(root, cst.Name) and root.value not in _SINGLETONS:
                return self.dotted_name(root, links, context)
            return self.expression(node)
        if isinstance(node, cst.Tuple | cst.List):
            items = tuple([self.target(element, context) for element in node.elements])
            if isinstance(node, cst.Tuple):
                return self.make(Collection(*self.at_parentheses(node), "tuple", items))
            return self.make(Collection(*self.at(node), "list", items))
        if isinstance(node, cst.StarredElement):
            return self.make(Starred(*self.at(node), self.target(node.value, context)))
        if isinstance(node, cst.Element):
            return self.target(node.value, context)
        return self.expression(node)

    def singleton(self, node: cst.Name) -> Constant:
        return self.make(Constant(*self.at(node), _SINGLETONS[node.value]))

    def ellipsis(self, node: cst.Ellipsis) -> Expression:
        return self.make(Constant(*self.at(node), ...))

    def attribute_of(self, node: cst.Attribute, value: Expression) -> Expression:
        return self.attribute(self.at(node), value, node.attr.value)

    def called(self, node: cst.Call, function: Expression) -> Expression:
        arguments = tuple([self.argument(argument) for argument in node.args])
        return self.call(self.at(node), function, arguments)

    def argument(self, node: cst.Arg) -> Argument:
        name = None if node.keyword is None else node.keyword.value
        value = self.expression(node.value)
        return self.make(Argument(*self.at(node), name, node.star, value))

    def anonymous(self, node: cst.Lambda) -> Expression:
        return self.lambda_(self.at(node), self.parameters(node.params), node.body)

    def collection(self, node: cst.List | cst.Set) -> Expression:
        items = tuple([self.element(element) for element in node.elements])
        kind: Literal["list", "set"] = "list" if isinstance(node, cst.List) else "set"
        return self.make(Collection(*self.at(node), kind, items))

    def tuple_(self, node: cst.Tuple) -> Expression:
        items = tuple([self.element(element) for element in node.elements])
        return self.make(Collection(*self.at_parentheses(node), "tuple", items))

    def element(self, node: cst.BaseElement) -> Expression:
        if isinstance(node, cst.StarredElement):
            return self.make(Starred(*self.at(node), self.expression(node.value)))
        return self.expression(node.value)

    def dict_(self, node: cst.Dict) -> Expression:
        items = []
        for element in node.elements:
            key = self.expression(element.key) if isinstance(element, cst.DictElement) else None
            items.append((key, self.expression(element.value)))
        return self.make(Dict(*self.at(node), tuple(items)))

    def comprehended(self, node: Any) -> Expression:
        kind, fields = _COMPREHENSIONS[type(node)]
        clauses: list[Clause] = []
        clause: cst.CompFor | None = node.for_in
        while clause is not None:
            conditions = [condition.test for condition in clause.ifs]
            is_async = clause.asynchronous is not None
            clauses.append(Clause(clause.target, clause.iter, conditions, is_async))
            clause = clause.inner_for_in
        is_generator = isinstance(node, cst.GeneratorExp)
        at = self.at_parentheses(node) if is_generator else self.at(node)
        return self.comprehension(at, kind, [getattr(node, f) for f in fields], clauses)

    def unary(self, node: cst.UnaryOperation) -> Expression:
        operand = self.expression(node.expression)
        return self.make(UnaryOp(*self.at(node), _UNARY[type(node.operator)], operand))

    def binary(self, node: cst.BinaryOperation, left: Expression) -> Expression:
        right = self.expression(node.right)
        operator = BINARY[type(node.operator).__name__]
        return self.make(BinOp(*self.at(node), left, operator, right))

    def boolean(self, node: cst.BooleanOperation) -> Expression:
        kind = type(node.operator)
        operands = [node.right]
        left = node.left
        while isinstance(left, cst.BooleanOperation) and type(left.operator) is kind:
            if left.lpar:
                break
            operands.append(left.right)
            left = left.left
        values = self.all_of([left, *reversed(operands)])
        operator: Literal["and", "or"] = "and" if kind is cst.And else "or"
        return self.make(BoolOp(*self.at(node), operator, values))

    def compare(self, node: cst.Comparison) -> Expression:
        left = self.expression(node.left)
        operators = tuple([_COMPARISONS[type(one.operator)] for one in node.comparisons])
        comparators = self.all_of([one.comparator for one in node.comparisons])
        return self.make(Compare(*self.at(node), left, operators, comparators))

    def conditional(self, node: cst.IfExp) -> Expression:
        body = self.expression(node.body)
        test = self.expression(node.test)
        return self.make(IfExp(*self.at(node), test, body, self.expression(node.orelse)))

    def subscript(self, node: cst.Subscript, value: Expression) -> Expression:
        only = node.slice[0].slice
        if len(node.slice) == 1 and isinstance(only, cst.Index) and not only.star:
            inner = only.value
            if isinstance(inner, cst.Tuple):
                index = tuple([self.element(element) for element in inner.elements])
                return self.make(Subscript(*self.at(node), value, index))
        index = tuple([self.index(element.slice) for element in node.slice])
        return self.make(Subscript(*self.at(node), value, index))

    def index(self, node: cst.BaseSlice) -> Expression:
        if isinstance(node, cst.Index):
            value = self.expression(node.value)
            return self.make(Starred(*self.at(node), value)) if node.star else value
        bounds = [self.optional(getattr(node, part)) for part in ("lower", "upper", "step")]
        return self.make(Slice(*self.at(node), *bounds))

    def walrus(self, node: cst.NamedExpr) -> Expression:
        return self.named_expression(self.at(node), node.target, node.value)

    def await_(self, node: cst.Await) -> Expression:
        return self.make(Await(*self.at(node), self.expression(node.expression)))

    def yield_(self, node: cst.Yield) -> Expression:
        if isinstance(node.value, cst.From):
            return self.make(YieldFrom(*self.at(node), self.expression(node.value.item)))
        return self.make(Yield(*self.at(node), self.optional(node.value)))

    def parameters(self, node: cst.Parameters) -> tuple[FunctionParameter, ...]:
        """The parameters of a function or lambda, in the order of the text."""
        given: list[tuple[ParameterKind, Sequence[Any]]] = [
            ("positional-only", node.posonly_params),
            ("positional or keyword", node.params),
            ("variadic positional", [node.star_arg]),
            ("keyword-only", node.kwonly_params),
            ("variadic keyword", [node.star_kwarg]),
        ]
        return tuple(
            [
                self.parameter(one, kind)
                for kind, parameters in given
                for one in parameters
                if isinstance(one, cst.Param)
            ]
        )

    def parameter(self, node: cst.Param, kind: ParameterKind) -> FunctionParameter:
        annotation = None if node.annotation is None else node.annotation.annotation
        given = self.optional(annotation), self.optional(node.default)
        return self.make(FunctionParameter(*self.at(node.name), node.name.value, kind, *given))


def dotted(node: cst.CSTNode) -> str:
    """`a.b.c` of attributes of a name."""
    names: list[str] = []
    while isinstance(node, cst.Attribute):
        names.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        names.append(node.value)
    return ".".join(reversed(names))


_LINKS: dict[type[cst.CSTNode], str] = {
    cst.Attribute: "value",
    cst.Call: "func",
    cst.Subscript: "value",
    cst.BinaryOperation: "left",
}
"""What can stand in a row, with what comes first in it."""

_FINISH: dict[type[cst.CSTNode], Callable[[ExpressionsFromLibcst, Any, Expression], Expression]] = {
    cst.Attribute: ExpressionsFromLibcst.attribute_of,
    cst.Call: ExpressionsFromLibcst.called,
    cst.Subscript: ExpressionsFromLibcst.subscript,
    cst.BinaryOperation: ExpressionsFromLibcst.binary,
}

_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[ExpressionsFromLibcst, Any], Expression]] = {
    cst.Name: ExpressionsFromLibcst.singleton,
    cst.SimpleString: ExpressionsFromLibcst.constant,
    cst.Integer: ExpressionsFromLibcst.constant,
    cst.Float: ExpressionsFromLibcst.constant,
    cst.Imaginary: ExpressionsFromLibcst.constant,
    cst.Ellipsis: ExpressionsFromLibcst.ellipsis,
    cst.ConcatenatedString: ExpressionsFromLibcst.concatenated,
    cst.FormattedString: ExpressionsFromLibcst.joined_string,
    cst.TemplatedString: ExpressionsFromLibcst.joined_string,
    cst.Lambda: ExpressionsFromLibcst.anonymous,
    cst.List: ExpressionsFromLibcst.collection,
    cst.Tuple: ExpressionsFromLibcst.tuple_,
    cst.Set: ExpressionsFromLibcst.collection,
    cst.Dict: ExpressionsFromLibcst.dict_,
    cst.ListComp: ExpressionsFromLibcst.comprehended,
    cst.SetComp: ExpressionsFromLibcst.comprehended,
    cst.GeneratorExp: ExpressionsFromLibcst.comprehended,
    cst.DictComp: ExpressionsFromLibcst.comprehended,
    cst.UnaryOperation: ExpressionsFromLibcst.unary,
    cst.BooleanOperation: ExpressionsFromLibcst.boolean,
    cst.Comparison: ExpressionsFromLibcst.compare,
    cst.IfExp: ExpressionsFromLibcst.conditional,
    cst.NamedExpr: ExpressionsFromLibcst.walrus,
    cst.Await: ExpressionsFromLibcst.await_,
    cst.Yield: ExpressionsFromLibcst.yield_,
}

_COMPREHENSIONS: dict[
    type[cst.CSTNode], tuple[Literal["list", "set", "dict", "generator"], tuple[str, ...]]
] = {
    cst.ListComp: ("list", ("elt",)),
    cst.SetComp: ("set", ("elt",)),
    cst.DictComp: ("dict", ("key", "value")),
    cst.GeneratorExp: ("generator", ("elt",)),
}

BINARY: dict[str, BinaryOperator] = {
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "MatrixMultiply": "@",
    "Divide": "/",
    "FloorDivide": "//",
    "Modulo": "%",
    "Power": "**",
    "LeftShift": "<<",
    "RightShift": ">>",
    "BitOr": "|",
    "BitXor": "^",
    "BitAnd": "&",
}

_UNARY: dict[type[cst.CSTNode], UnaryOperator] = {
    cst.Not: "not",
    cst.Minus: "-",
    cst.Plus: "+",
    cst.BitInvert: "~",
}

_COMPARISONS: dict[type[cst.CSTNode], ComparisonOperator] = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.In: "in",
    cst.NotIn: "not in",
}

"""Follows expressions: what they read, and what their values can be."""

from __future__ import annotations

from lint_rules.analysis.data_flow.folding import (
    fold,
    item_at,
    negate,
    operate,
    truth,
)
from lint_rules.analysis.data_flow.frame import Task
from lint_rules.analysis.data_flow.narrowing import narrowed
from lint_rules.analysis.data_flow.reads import Reads
from lint_rules.analysis.data_flow.state import Point
from lint_rules.analysis.data_flow.values import (
    FIRST,
    NONE,
    PART,
    UNKNOWN,
    Items,
    Kind,
    Literal,
    Special,
    Value,
    items,
    literal,
    one,
    pairs,
    some,
    union,
)
from lint_rules.model.code import (
    Attribute,
    Await,
    BinOp,
    BoolOp,
    Call,
    Collection,
    Compare,
    Comprehension,
    Constant,
    Dict,
    Expression,
    FormattedValue,
    Function,
    IfExp,
    JoinedStr,
    Lambda,
    Name,
    NamedExpr,
    Slice,
    Starred,
    Subscript,
    UnaryOp,
    Yield,
    YieldFrom,
)
from lint_rules.model.constants import known

_DEEPEST = 60
_STEPS_AT_ONCE = 32


class Expressions(Reads):
    """Follows the expressions of a task's code.

    Args:
        task: the task.
    """

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self._depth = 0
        self._steps = 0

    def call(self, call: Call, point: Point) -> Value:
        """Follows a call."""
        raise NotImplementedError

    def assign(self, target: Expression, value: Value, point: Point) -> None:
        """Follows an assignment to a target."""
        raise NotImplementedError

    def later(self, code: Function | Expression, point: Point) -> None:
        """Follows code that may run at any time from now on, or never."""
        raise NotImplementedError

    def comprehension(self, comprehension: Comprehension, point: Point) -> Value:
        """Follows a comprehension or generator expression."""
        raise NotImplementedError

    def evaluate(self, expression: Expression | None, point: Point) -> Value:
        """Follows an expression; notes what it reads and returns what it can be."""
        if expression is None:
            return NONE
        # Most expressions are names and constants, which are not deep.
        if type(expression) is Constant:
            return literal(expression.value)
        if type(expression) is Name:
            return self._name(expression, point)
        if self._depth > _DEEPEST:
            # Deeper than any code by hand: what it reads counts, its value does not.
            for part in expression.walk():
                if isinstance(part, Name) and part.context == "load":
                    self._name(part, point)
            return UNKNOWN
        self._depth += 1
        self._steps += 1
        if not self._steps % _STEPS_AT_ONCE:
            self.task.budget.require(1, self.task.code.flow.name)
        try:
            return self._evaluate(expression, point)
        finally:
            self._depth -= 1

    def _evaluate(self, expression: Expression, point: Point) -> Value:
        match expression:
            case Call():
                return self.call(expression, point)
            case Attribute(value=owner, name=name):
                return self.attribute(self.evaluate(owner, point), name, expression, point)
            case Subscript(value=owner, index=index):
                of = self.evaluate(owner, point)
                if len(index) == 1 and isinstance(index[0], Slice):
                    return self._sliced(of, index[0], point)
                keys = [self.evaluate(part, point) for part in index]
                return self._item(of, keys[0] if len(keys) == 1 else UNKNOWN)
            case Collection(kind=kind, items=inner):
                return self._display(kind, inner, point)
            case Dict(items=inner):
                return self._dict(inner, point)
            case BinOp(left=left, operator=sign, right=right):
                first = self.evaluate(left, point)
                return operate(sign, first, self.evaluate(right, point))
            case UnaryOp(operator=sign, operand=operand):
                return negate(sign, self.evaluate(operand, point))
            case BoolOp():
                return self._bool_op(expression, point)
            case Compare(operands=operands, operators=signs):
                found = [self.evaluate(operand, point) for operand in operands]
                if len(signs) == 1:
                    return operate(signs[0], found[0], found[1])
                return UNKNOWN.depending_on(*found)
            case IfExp(test=test, body=body, orelse=orelse):
                return self._if_else(test, body, orelse, point)
            case JoinedStr(values=parts):
                return self._text(parts, point)
            case NamedExpr(target=target, value=given):
                value = self.evaluate(given, point)
                self.assign(target, value, point)
                return value
            case Comprehension():
                return self.comprehension(expression, point)
            case Lambda():
                self.later(expression, point)
                return one(Special("function", thing=expression))
            case Await(value=inner) | Yield(value=inner) | YieldFrom(value=inner):
                self.evaluate(inner, point)
                return UNKNOWN
            case Starred(value=inner):
                return self.evaluate(inner, point)
        return UNKNOWN.depending_on(*[self.evaluate(part, point) for part in expression.parts])

    # Names and attributes

    def _name(self, name: Name, point: Point) -> Value:
        return self.path(name.name, name, name, point) if name.context == "load" else UNKNOWN

    def path(self, dotted: str, at: Expression, name: Name, point: Point) -> Value:
        """What a dotted name holds.

        Args:
            dotted: the dotted name.
            at: what reads it.
            name: the same as a name.
            point: what holds there.
        """
        head, *rest = dotted.split(".")
        value = self._head(name, head, point)
        if value is None:
            return self._constant(name)
        for attribute in rest:
            value = self.attribute(value, attribute, at, point)
        return value

    def _head(self, name: Name, head: str, point: Point) -> Value | None:
        """What a local name holds, `None` if it is one of the module's or Python's."""
        owner = name.scope.owner(head)
        function = self.task.frame.function
        if head in point.names and (owner is None or owner.kind != "module"):
            return point.names[head]
        is_local = owner is not None and owner.kind != "module"
        return UNKNOWN if is_local and function is not None else None

    def _constant(self, name: Name) -> Value:
        """What a name of the module holds, where that is a literal that nothing changes."""
        found, where = known(name, self.task.frame.module)
        if isinstance(found, Constant):
            return literal(found.value)
        if isinstance(found, Collection) and found.kind == "tuple":
            parts = [where.known(item) for item in found.items]
            if all(isinstance(part, Constant) for part in parts):
                return items(
                    Kind.TUPLE, (literal(p.value) for p in parts if isinstance(p, Constant))
                )
        return UNKNOWN

    # Other expressions

    def _item(self, of: Value, key: Value) -> Value:
        if of.special("inputs"):
            is_literal = any(isinstance(atom, Literal) for atom in key.atoms)
            return one(Special("input", FIRST if is_literal else PART))
        return item_at(of, key)

    def _sliced(self, of: Value, part: Slice, point: Point) -> Value:
        bounds = [self.evaluate(b, point) for b in (part.lower, part.upper, part.step)]
        if of.special("inputs"):
            return one(Special("inputs", PART))
        kinds = of.kinds & {Kind.LIST, Kind.TUPLE, Kind.TEXT}
        otherwise = some(next(iter(kinds))) if kinds == of.kinds and len(kinds) == 1 else UNKNOWN
        return fold(lambda thing, *cut: thing[slice(*cut)], of, *bounds, otherwise=otherwise)

    def _display(self, kind: str, inner: tuple[Expression, ...], point: Point) -> Value:
        found: list[Value] = []
        is_whole = True
        for item in inner:
            value = self.evaluate(item, point)
            self.keep(value, point)
            if isinstance(item, Starred):
                atom = value.single
                if isinstance(atom, Items):
                    found += atom.items
                    continue
                is_whole = False
            found.append(value)
        sort = {"list": Kind.LIST, "tuple": Kind.TUPLE, "set": Kind.SET}[kind]
        return items(sort, found) if is_whole else some(sort).depending_on(*found)

    def _dict(self, inner: tuple[tuple[Expression | None, Expression], ...], point: Point) -> Value:
        found: list[tuple[Literal, Value]] = []
        is_whole = True
        values = []
        for key, item in inner:
            name = self.evaluate(key, point).single if key is not None else None
            value = self.evaluate(item, point)
            self.keep(value, point)
            values.append(value)
            if isinstance(name, Literal):
                found.append((name, value))
            else:
                is_whole = False
        return pairs(found) if is_whole else some(Kind.DICT).depending_on(*values)

    def _text(self, parts: tuple[str | FormattedValue, ...], point: Point) -> Value:
        found: list[Value] = []
        is_known = True
        for part in parts:
            if isinstance(part, str):
                found.append(literal(part))
                continue
            value = self.evaluate(part.value, point)
            found.append(value)
            if part.format_spec is not None:
                self.evaluate(part.format_spec, point)
            is_known = is_known and part.is_plain and isinstance(value.single, Literal)
        if not is_known:
            return some(Kind.TEXT).depending_on(*found)
        atoms = (value.single for value in found)
        texts = [str(atom.value) for atom in atoms if isinstance(atom, Literal)]
        return literal("".join(texts)).depending_on(*found)

    def _bool_op(self, expression: BoolOp, point: Point) -> Value:
        found: list[Value] = []
        is_and = expression.operator == "and"
        outside = self.task.frame.conditions
        current = point
        for number, operand in enumerate(expression.operands):
            if number:
                self.task.frame.conditions = outside + 1
                current = narrowed(current.copy(), expression.operands[number - 1], is_and)
            value = self.evaluate(operand, current)
            if current is not point:
                self.take_over(current, point)
            known_truth = truth(value)
            if known_truth is not None and known_truth is not is_and:
                found = [*found, value]
                break
            if known_truth is None or number == len(expression.operands) - 1:
                found.append(value)
        self.task.frame.conditions = outside
        return union(found) if found else UNKNOWN

    def _if_else(
        self, test: Expression, body: Expression, orelse: Expression, point: Point
    ) -> Value:
        asked = truth(self.evaluate(test, point))
        found: list[Value] = []
        frame = self.task.frame
        frame.conditions += asked is None
        for branch, holds in ((body, True), (orelse, False)):
            if asked is None or asked is holds:
                inner = narrowed(point.copy(), test, holds)
                found.append(self.evaluate(branch, inner))
                self.take_over(inner, point)
        frame.conditions -= asked is None
        return union(found)

    def inputs_of(self, value: Value) -> str | None:
        """How going through a value chooses inputs of a join, `None` if it holds none."""
        found = value.special("inputs")
        if found is None:
            return None
        return found.mode

    def take_over(self, inner: Point, point: Point) -> None:
        """Notes what may have happened in code that may not have run."""
        joined = point.join(inner)
        point.names, point.state = joined.names, joined.state

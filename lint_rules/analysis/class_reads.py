"""Where the code of a task reads an attribute of the flow's class through the class.

In a task, Metaflow puts a property in the place of each parameter and each value in the class's
body. `self.limit` gives the value, and `ArxivTopics.limit` the property.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.class_attributes import ClassAttribute
from lint_rules.analysis.run_code import run_by_steps
from lint_rules.analysis.shadowing import read_only
from lint_rules.model.code import Attribute, Call, Expression, Function, Name
from lint_rules.model.flow import Flow, Parameter

_WAYS = ("__class__.", "type(", "@classmethod")
"""What stands in a file that reads an attribute through a class without the class's name."""


@dataclass(frozen=True)
class ClassRead:
    """A read of an attribute through the class: `ArxivTopics.limit`, `type(self).limit`.

    Attributes:
        at: the expression.
        name: the attribute.
        function: the function that reads.
        what: where the class has it.
    """

    at: Expression
    name: str
    function: Function
    what: ClassAttribute | Parameter


def class_reads(flow: Flow) -> Iterator[ClassRead]:
    """The reads through the class in the code that a flow's steps run, of what is a property."""
    if not any(way in flow.module.code for way in (f"{flow.name}.", *_WAYS)):
        return
    known: dict[str, ClassAttribute | Parameter] = dict(read_only(flow))
    known.update({parameter.attribute: parameter for parameter in flow.all_parameters})
    if not known:
        return
    for function in run_by_steps(flow):
        for at, name in _reads(function, flow):
            if name in known:
                yield ClassRead(at, name, function, known[name])


def _reads(function: Function, flow: Flow) -> Iterator[tuple[Expression, str]]:
    module, me = flow.module, function.self_name
    is_class_method = function.decorator("builtins.classmethod") is not None
    for reference in function.descendants.names:
        path = reference.name.split(".")
        if path[0] == flow.name and len(path) > 1:
            of_module = reference.scope.owner(flow.name) is module.scope
            if of_module and flow.name not in module.scope.rebound:
                yield reference, path[1]
        elif path[0] == me and len(path) > 2 and path[1] == "__class__":
            yield reference, path[2]
        elif path[0] == me and len(path) > 1 and is_class_method:
            yield reference, path[1]
    for member in function.descendants.attributes:
        made = member.value
        if isinstance(member, Attribute) and isinstance(made, Call):
            given = made.positional
            of_self = len(given) == 1 and isinstance(given[0], Name) and given[0].name == me
            if of_self and made.function.qualified == "builtins.type":
                yield member, member.name

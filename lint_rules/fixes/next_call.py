"""The edits that correct the arguments of `self.next`."""

from __future__ import annotations

from lint_rules.diagnostics.diagnostic import Edit, Replace
from lint_rules.model.code import Call, Constant
from lint_rules.model.flow import Flow


def steps_for_strings(call: Call, flow: Flow) -> list[Edit]:
    """The edits that write `self.end` for `"end"`, where a step of the flow has that name."""
    return [
        Replace(each.location, f"self.{each.text}")
        for each in call.positional
        if isinstance(each, Constant) and each.text in flow.all_steps
    ]


def renamed_keyword(call: Call, keyword: str, wanted: str, flow: Flow) -> list[Edit]:
    """The edit that writes an argument with another keyword; none unless its value is a literal.

    Args:
        call: the call of `self.next`.
        keyword: the keyword that it has.
        wanted: the keyword that it should have.
        flow: the flow that runs it.
    """
    argument = call.named(keyword)
    if argument is None or not isinstance(argument.value, Constant):
        return []
    owners = (owner.module for owner in flow.lineage)
    module = next(one for one in owners if one.resolver.path == call.file)
    return [Replace(argument.location, f"{wanted}={module.code_of(argument.value)}")]

"""Names that belong to Metaflow, as the newest release that is known has them."""

from __future__ import annotations

from functools import cache

from lint_rules.metaflow import facts


@cache
def reserved_names() -> frozenset[str]:
    """The names that `check` refuses for a step.

    Steps called like other things of `FlowSpec`'s own, such as `merge_artifacts`, run.
    """
    return frozenset(facts().reserved_step_names)


@cache
def parallel_decorators() -> frozenset[str]:
    """The step decorators one of which `num_parallel` needs on the step that it leads to."""
    known = facts().step_decorators.values()
    return frozenset({"parallel"} | {d.name for d in known if d.extends == "parallel"})

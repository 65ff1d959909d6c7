"""What packages that Metaflow projects build on bring along, as far as flows inherit it.

Nothing is installed where the linter runs, so a base flow or a mutator of such a package would be
unknown, and with it everything about the flows that use it. Each text declares what a package's
names do to a flow, as a stub file does. `make outerbounds` compares it with the package.
"""

from __future__ import annotations

# `ob-project-utils` 0.2.42: the base flow and the mutators of Outerbounds projects. What they do
# is in its modules `projectbase`, `project_events`, `project_schedule` and `highlight_decorator`.
_OBPROJECT = """
from metaflow import (
    Config, FlowMutator, FlowSpec, StepMutator, card, config_expr, project, pypi_base, schedule,
    trigger, user_step_decorator,
)


class ProjectEvent:
    def __init__(self, name, project=None, branch=None): ...
    def publish(self, payload=None, ignore_errors=False): ...
    def safe_publish(self, payload=None, ignore_errors=False): ...


class project_trigger(FlowMutator):
    def init(self, *args, **kwargs): ...

    def pre_mutate(self, mutable_flow):
        mutable_flow.add_decorator(trigger)


class project_schedule(FlowMutator):
    def init(self, schedule_map): ...

    def pre_mutate(self, mutable_flow):
        mutable_flow.add_decorator(schedule)


@user_step_decorator
def ob_highlighter_api(step_name, flow, inputs=None, attributes=None):
    flow.highlight = None
    flow.highlight_data = None
    yield


class highlight(StepMutator):
    def mutate(self, mutable_step):
        mutable_step.add_decorator(ob_highlighter_api)
        mutable_step.add_decorator(card)


class project_pypi(FlowMutator):
    def pre_mutate(self, mutable_flow):
        mutable_flow.add_decorator(pypi_base)


@project_pypi
@project(name=config_expr("project_config.project"))
class ProjectFlow(FlowSpec):
    project_config = Config("project_config", default="obproject.toml", parser="tomllib.loads")
    project_deps = Config("project_deps", default_value="")
    project_spec = Config("project_spec", default_value="{}")

    @property
    def prj(self): ...
"""

PACKAGES = {"obproject": _OBPROJECT, "highlight_card": _OBPROJECT}
"""What is known of packages, by the names under which they are imported."""

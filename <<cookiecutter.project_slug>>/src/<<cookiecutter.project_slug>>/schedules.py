"""Schedules for production only, so that a colleague's deployment of the same flow does not run on the schedule."""

from metaflow import FlowMutator, schedule
from metaflow.cli_args import cli_args

from << cookiecutter.project_slug >>.project_config import hand_to_project


class production_schedule(FlowMutator):
    """Run the flow on a schedule if it is deployed with `--production`, and never otherwise.

    Args:
        **when: The arguments of `@schedule`: `daily=True`, `weekly=True`, `cron="0 6 * * ? *"`, `timezone=…`.
    """

    def init(self, **when: object) -> None:
        """Take the decorator's arguments."""
        self.when = when

    def pre_mutate(self, mutable_flow) -> None:
        """Add `@schedule` in production."""
        hand_to_project(mutable_flow)
        given = [attributes for *_, attributes in mutable_flow.get_decorator_specs("project")]
        if any(each.get("production") for each in (cli_args.top_kwargs, *given)):
            mutable_flow.add_decorator(schedule, deco_kwargs=self.when)

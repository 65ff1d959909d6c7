"""When a `@schedule` runs a flow: the advice of MF108."""

import pytest
from metaflow.plugins.aws.step_functions.schedule_decorator import ScheduleDecorator


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"cron": None}, "0 0 * * ? *"),
        ({"cron": None, "daily": False}, None),
        ({"cron": "0 6 ? * MON *", "daily": False}, "0 6 ? * MON *"),
    ],
)
def test_without_a_cron_a_flow_runs_daily(given, expected):
    decorator = ScheduleDecorator(attributes=given)
    decorator.external_init()
    decorator.flow_init(*[None] * 8)
    assert decorator.schedule == expected

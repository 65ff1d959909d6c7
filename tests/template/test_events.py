"""Events reach the flows of their own project and branch, and no others."""

import json

import pytest

from .baking import BakedProject
from .stand_ins import Argo, Buckets, Webhook

BRANCHES = {
    ("--production",): "prod",
    ("--production", "--branch", "x"): "prod.x",
    ("--branch", "x"): "test.x",
    (): "user.u",
}

HEAD = """
from metaflow import Config, FlowSpec, Parameter, project, step, trigger
from palmer_penguins.events import namespaced_trigger
"""
BODY = """
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        namespaced_trigger.raise_event("food", payload={"colour": "red"}{safe})


if __name__ == "__main__":
    PenguinFood()
"""


def write_flow(project: BakedProject, decorators: str, config: str = "", safe: str = "") -> str:
    """Add a flow with these decorators to the project, and return its name."""
    flow = project.file("flows/penguin_food/flow.py")
    flow.parent.mkdir(exist_ok=True)
    body = BODY.replace("{safe}", safe)
    flow.write_text(f"{HEAD}\n\n{decorators}\nclass PenguinFood(FlowSpec):\n    {config}\n{body}")
    return "penguin_food"


def compiled(project: BakedProject, flow: str, buckets: Buckets, *options: str) -> dict[str, str]:
    """Compile a flow for Argo Workflows, and return the annotations of the workflow template."""
    command = ("--datastore=s3", *options, "argo-workflows", "create", "--only-json")
    said = project.flow(flow, *command, **buckets.settings, METAFLOW_USER="u", USERNAME="u").stdout
    return json.loads(said)["metadata"]["annotations"]


def events_waited_for(annotations: dict[str, str]) -> list[str]:
    return [event["name"] for event in json.loads(annotations.get("metaflow/triggers", "[]"))]


@pytest.mark.parametrize("options", BRANCHES, ids=BRANCHES.values())
def test_the_event_has_the_same_name_at_both_ends(
    baked: BakedProject, buckets: Buckets, webhook: Webhook, tmp_path, options: tuple[str, ...]
):
    project = BakedProject(
        baked.path, baked.environment | {"METAFLOW_DATASTORE_SYSROOT_LOCAL": str(tmp_path)}, ""
    )
    name = f"palmer_penguins.{BRANCHES[options]}.penguins_measured"
    waiting = compiled(project, "penguin_species_classifier", buckets, *options)
    assert events_waited_for(waiting) == [name]
    assert (
        f"{waiting['metaflow/project_name']}.{waiting['metaflow/branch_name']}.penguins_measured"
        == name
    )
    raising = compiled(project, "penguin_measurements", buckets, *options)
    assert events_waited_for(raising) == []
    assert raising["metaflow/branch_name"] == waiting["metaflow/branch_name"]
    # As in a deployed flow, where `safe_publish` publishes.
    deployed = {
        "ARGO_WORKFLOW_TEMPLATE": "deployed",
        "METAFLOW_ARGO_EVENTS_WEBHOOK_URL": webhook.address,
        "METAFLOW_USER": "u",
        "USERNAME": "u",
    }
    project.flow("penguin_measurements", *options, "run", **deployed)
    assert [event["name"] for event in webhook.events] == [name]


def test_a_real_deployment_waits_with_a_sensor(project: BakedProject, buckets: Buckets, argo: Argo):
    create = ("--datastore=s3", "--production", "argo-workflows", "create")
    project.flow("penguin_species_classifier", *create, **buckets.settings, **argo.settings)
    (sensor,) = argo.kept("sensors")
    (dependency,) = sensor["spec"]["dependencies"]
    (condition,) = dependency["filters"]["exprs"]
    assert condition["expr"] == "name == 'palmer_penguins.prod.penguins_measured'"


def test_a_run_by_hand_raises_nothing(project: BakedProject, webhook: Webhook):
    said = project.flow(
        "penguin_measurements", "run", METAFLOW_ARGO_EVENTS_WEBHOOK_URL=webhook.address
    ).stdout
    assert "palmer_penguins.user.alice.penguins_measured) was not published" in said
    assert webhook.events == []


def test_a_forced_event_arrives_with_its_payload(project: BakedProject, webhook: Webhook):
    flow = write_flow(project, '@project(name="palmer_penguins")')
    project.flow(flow, "--branch", "x", "run", METAFLOW_ARGO_EVENTS_WEBHOOK_URL=webhook.address)
    (event,) = webhook.events
    assert event["name"] == event["payload"]["name"] == "palmer_penguins.test.x.food"
    assert event["payload"]["colour"] == "red"


def test_a_forced_event_that_is_lost_fails_the_step(project: BakedProject):
    flow = write_flow(project, '@project(name="palmer_penguins")')
    lost = {
        "METAFLOW_ARGO_EVENTS_WEBHOOK_URL": "http://127.0.0.1:9",
        "METAFLOW_SERVICE_RETRY_COUNT": "1",
    }
    result = project.flow(flow, "run", **lost, check=False)
    assert result.returncode != 0
    assert "Unable to publish Argo Event (palmer_penguins.user.alice.food)" in result.stdout


def test_an_event_without_a_project_is_refused(project: BakedProject):
    result = project.flow(write_flow(project, ""), "run", check=False)
    assert result.returncode != 0
    assert "the event 'food' belongs to no project: add @project to the flow" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ('event="food"', ["food"]),
        ('event="fo od!/é"', ["food"]),
        ('events=["food", "water"]', ["food", "water"]),
        ('event={"name": "food"}', ["food"]),
        ('events=[{"name": "food"}, "water"]', ["food", "water"]),
    ],
)
def test_every_form_of_the_decorator_names_its_events(
    project: BakedProject, buckets: Buckets, arguments: str, names: list[str]
):
    flow = write_flow(
        project, f'@namespaced_trigger({arguments})\n@project(name="p")', safe=", safe_publish=True"
    )
    annotations = compiled(project, flow, buckets, "--production")
    assert events_waited_for(annotations) == [f"p.prod.{name}" for name in names]


def test_a_payload_fills_parameters(project: BakedProject, buckets: Buckets, argo: Argo):
    event = '{"name": "food", "parameters": {"colour": "shade"}}'
    decorators = f'@namespaced_trigger(event={event})\n@project(name="p")'
    flow = write_flow(project, decorators, 'colour = Parameter("colour", default="red")')
    create = ("--datastore=s3", "argo-workflows", "create")
    project.flow(flow, *create, **buckets.settings, **argo.settings)
    (sensor,) = argo.kept("sensors")
    (trigger,) = sensor["spec"]["triggers"]
    filled = {
        each["dest"]: each["src"]["dataTemplate"]
        for each in trigger["template"]["k8s"]["parameters"]
    }
    assert '"shade"' in filled["spec.arguments.parameters.#(name=colour).value"]


@pytest.mark.parametrize(
    ("decorators", "config", "message"),
    [
        ("@namespaced_trigger()", "", "takes either event= or events=: give one of them"),
        (
            '@namespaced_trigger(event="a", events=["b"])',
            "",
            "takes either event= or events=: give one of them",
        ),
        ("@namespaced_trigger(events=[])", "", "takes either event= or events=: give one of them"),
        (
            '@namespaced_trigger(events=["a", "a!"])',
            "",
            "waits for 'a' twice: give each event once",
        ),
        ("@namespaced_trigger(event=1)", "", "1 is no event: give its name"),
        ('@namespaced_trigger(event={"parameters": {}})', "", "is no event: give its name"),
        ('@namespaced_trigger(event="!")', "", "'!' holds no letter, digit"),
        ('@namespaced_trigger(event="a")\n@trigger(event="b")', "", "are both on this flow"),
        ('@namespaced_trigger(event="a", config_name="c")', "", "the flow has no Config('c')"),
    ],
)
def test_a_decorator_that_makes_no_sense_is_refused(
    project: BakedProject, decorators: str, config: str, message: str
):
    flow = write_flow(project, f'{decorators}\n@project(name="p")', config)
    result = project.flow(flow, "check", check=False)
    assert result.returncode != 0
    assert message in result.stderr


CONFIG = 'project = Config("project", default_value={})'


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ((), "foo.user.u.food"),
        (
            ("--config-value", "project", '{"branch": "bar", "production": true}'),
            "foo.prod.bar.food",
        ),
        (("--config-value", "project", '{"branch": "baaz"}'), "foo.test.baaz.food"),
        (("--config-value", "project", '{"production": true}'), "foo.prod.food"),
        (
            ("--branch", "bar", "--config-value", "project", '{"production": true}'),
            "foo.prod.bar.food",
        ),
        (("--production", "--config-value", "project", '{"branch": "bar"}'), "foo.prod.bar.food"),
        (
            ("--branch", "bar", "--config-value", "project", '{"branch": "bar"}'),
            "foo.test.bar.food",
        ),
    ],
)
def test_a_config_and_the_command_line_add_up(
    project: BakedProject, buckets: Buckets, options: tuple, name: str
):
    flow = write_flow(project, '@namespaced_trigger(event="food")\n@project(name="foo")', CONFIG)
    annotations = compiled(project, flow, buckets, *options)
    assert events_waited_for(annotations) == [name]
    assert (
        f"{annotations['metaflow/project_name']}.{annotations['metaflow/branch_name']}.food" == name
    )


def test_a_config_that_contradicts_the_command_line_is_refused(
    project: BakedProject, buckets: Buckets
):
    flow = write_flow(project, '@namespaced_trigger(event="food")\n@project(name="foo")', CONFIG)
    options = ("--branch", "baaz", "--config-value", "project", '{"branch": "bar"}')
    result = project.flow(flow, *options, "check", check=False)
    assert result.returncode != 0
    assert "branch" in result.stderr


def test_the_name_of_the_project_may_come_from_a_config(project: BakedProject, buckets: Buckets):
    decorator = '@namespaced_trigger(event="food", config_name="settings")'
    flow = write_flow(
        project, decorator, 'settings = Config("settings", default_value={"name": "bar"})'
    )
    options = ("--config-value", "settings", '{"name": "baz", "production": true}')
    assert events_waited_for(compiled(project, flow, buckets)) == ["bar.user.u.food"]
    assert events_waited_for(compiled(project, flow, buckets, *options)) == ["baz.prod.food"]

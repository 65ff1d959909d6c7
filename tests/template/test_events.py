"""Events reach the flows of their own project and branch, and no others."""

import json
import sys

import pytest

from .baking import BakedProject
from .ran import BRANCHES, MEASUREMENTS, Ran
from .stand_ins import Argo, Buckets, Webhook

HEAD = """
from metaflow import Config, FlowSpec, Parameter, config_expr, current, project, step, trigger
from palmer_penguins.events import namespaced_trigger
from palmer_penguins.test_mode import no_test_mode_in_production
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


def compiled(
    project: BakedProject, flow: str, buckets: Buckets, *options: str, user: str = "u"
) -> dict[str, str]:
    """Compile a flow for Argo Workflows, and return the annotations of the workflow template."""
    command = ("--datastore=s3", *options, "argo-workflows", "create", "--only-json")
    who = {"METAFLOW_USER": user, "USERNAME": user}
    output = project.flow(flow, *command, **buckets.settings, **who).stdout
    return json.loads(output)["metadata"]["annotations"]


def events_waited_for(annotations: dict[str, str]) -> list[str]:
    return [event["name"] for event in json.loads(annotations.get("metaflow/triggers", "[]"))]


@pytest.mark.parametrize("branch", BRANCHES)
def test_the_event_has_the_same_name_at_both_ends(
    baked: BakedProject, buckets: Buckets, branch: str
):
    options, _ = BRANCHES[branch]
    name = f"palmer_penguins.{branch}.penguins_measured"
    waiting = compiled(baked, "penguin_species_classifier", buckets, *options, user="alice")
    assert events_waited_for(waiting) == [name]
    assert (
        f"{waiting['metaflow/project_name']}.{waiting['metaflow/branch_name']}.penguins_measured"
        == name
    )
    raising = compiled(baked, "penguin_measurements", buckets, *options, user="alice")
    assert events_waited_for(raising) == []
    assert raising["metaflow/branch_name"] == waiting["metaflow/branch_name"]


def test_a_deployed_run_raises_the_event_of_its_branch(whole: Ran):
    """One of them, on each branch in turn."""
    assert whole.events == [f"palmer_penguins.{branch}.penguins_measured" for branch in BRANCHES]


def test_the_linters_fix_of_bare_events_runs(project: BakedProject, buckets: Buckets):
    """Two flows as Metaflow's documentation has them, which know nothing of the package."""
    names = ("penguin_measurements", "penguin_species_classifier")
    raising, waiting = (project.file(f"flows/{name}/flow.py") for name in names)
    text = raising.read_text()
    own = "from palmer_penguins.events import namespaced_trigger"
    text = text.replace(own, "from metaflow.integrations import ArgoEvent")
    call = 'namespaced_trigger.raise_event("penguins_measured", safe_publish=True)'
    assert call in text
    raising.write_text(text.replace(call, 'ArgoEvent("penguins_measured").safe_publish()'))
    text = waiting.read_text().replace(f"{own}\n", "").replace("@namespaced_trigger(", "@trigger(")
    waiting.write_text(text.replace("project, step", "project, step, trigger"))
    before = raising.read_text(), waiting.read_text()

    select = ("--select", "MF701,MF702")
    python = (sys.executable, "-m", "lint_rules", "check", "--fix", "--unsafe-fixes", *select)
    assert "All checks passed!" in project.run(*python).stdout
    assert before[0] != raising.read_text()
    assert before[1] != waiting.read_text()
    # What is imported in vain then, Ruff removes.
    project.run("ruff", "check", "--fix", "--no-cache")
    project.run("ruff", "format", "--check", "--no-cache")
    project.run(sys.executable, "-m", "lint_rules", "check")
    annotations = compiled(project, "penguin_species_classifier", buckets, "--branch", "x")
    assert events_waited_for(annotations) == ["palmer_penguins.test.x.penguins_measured"]
    output = project.flow("penguin_measurements", "run").stdout
    assert "palmer_penguins.user.alice.penguins_measured) was not published" in output


def test_a_real_deployment_waits_with_a_sensor(project: BakedProject, buckets: Buckets, argo: Argo):
    create = ("--datastore=s3", "--production", "argo-workflows", "create")
    project.flow("penguin_species_classifier", *create, **buckets.settings, **argo.settings)
    (sensor,) = argo.kept("sensors")
    (dependency,) = sensor["spec"]["dependencies"]
    (condition,) = dependency["filters"]["exprs"]
    assert condition["expr"] == "name == 'palmer_penguins.prod.penguins_measured'"


def test_a_run_by_hand_raises_nothing(tested: Ran):
    output = tested.output[MEASUREMENTS]
    assert "palmer_penguins.user.alice.penguins_measured) was not published" in output
    assert tested.events == []


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


@pytest.mark.parametrize(
    "parameters", ['{"colour": "shade"}', '[("colour", "shade")]'], ids=["dictionary", "pairs"]
)
def test_a_payload_fills_parameters(
    project: BakedProject, buckets: Buckets, argo: Argo, parameters: str
):
    event = f'{{"name": "food", "parameters": {parameters}}}'
    decorators = f'@namespaced_trigger(event={event})\n@project(name="p")'
    filled = filled_parameters(project, buckets, argo, decorators)
    assert '"shade"' in filled["colour"]
    assert "size" not in filled


def test_without_a_mapping_the_one_event_fills_the_parameters_of_its_fields(
    project: BakedProject, buckets: Buckets, argo: Argo
):
    decorators = '@namespaced_trigger(event="food")\n@project(name="p")'
    filled = filled_parameters(project, buckets, argo, decorators)
    assert '"colour"' in filled["colour"]
    assert '"size"' in filled["size"]


def test_several_events_fill_only_the_named_parameters(
    project: BakedProject, buckets: Buckets, argo: Argo
):
    """Options are Metaflow's own."""
    events = '["water", {"name": "food", "parameters": ["colour"]}]'
    options = '{"reset_at": {"cron": "0 0 * * *", "timezone": "Etc/UTC"}}'
    decorators = f'@namespaced_trigger(events={events}, options={options})\n@project(name="p")'
    filled = filled_parameters(project, buckets, argo, decorators)
    assert '"colour"' in filled["colour"]
    assert "size" not in filled
    (sensor,) = argo.kept("sensors")
    names = [each["filters"]["exprs"][0]["expr"] for each in sensor["spec"]["dependencies"]]
    assert names == ["name == 'p.user.alice.water'", "name == 'p.user.alice.food'"]
    (trigger,) = sensor["spec"]["triggers"]
    assert "0 0 * * *" in json.dumps(trigger)


def filled_parameters(
    project: BakedProject, buckets: Buckets, argo: Argo, decorators: str
) -> dict[str, str]:
    """Deploy a flow with two parameters; return how its sensor fills them, by their names."""
    parameters = (
        'colour = Parameter("colour", default="red")\n    size = Parameter("size", default=1)'
    )
    flow = write_flow(project, decorators, parameters)
    create = ("--datastore=s3", "argo-workflows", "create")
    project.flow(flow, *create, **buckets.settings, **argo.settings)
    (sensor,) = argo.kept("sensors")
    (trigger,) = sensor["spec"]["triggers"]
    return {
        each["dest"].partition("name=")[2].partition(")")[0]: each["src"].get("dataTemplate", "")
        for each in trigger["template"]["k8s"]["parameters"]
    }


@pytest.mark.parametrize(
    ("decorators", "config", "message"),
    [
        ("@namespaced_trigger()", "", "needs either event= or events=: give one of them"),
        (
            '@namespaced_trigger(event="a", events=["b"])',
            "",
            "needs either event= or events=: give one of them",
        ),
        ("@namespaced_trigger(events=[])", "", "needs either event= or events=: give one of them"),
        (
            '@namespaced_trigger(events=["a", "a!"])',
            "",
            "lists 'a' twice: give each event once",
        ),
        ("@namespaced_trigger(event=1)", "", "1 is not an event: give its name"),
        ('@namespaced_trigger(event={"parameters": {}})', "", "is not an event: give its name"),
        ('@namespaced_trigger(event="!")', "", "'!' contains no letter, digit"),
        ('@namespaced_trigger(event="a")\n@trigger(event="b")', "", "are both on this flow"),
        ('@namespaced_trigger(event="a", config_name="c")', "", "the flow has no Config('c')"),
        (
            '@namespaced_trigger(event="a", config_name="c")',
            'c = Config("c", default_value="text", plain=True)',
            "the flow has no Config('c') with keys",
        ),
        ('@namespaced_trigger(events="a")', "", "events='a' is not a list"),
        (
            '@namespaced_trigger(event="a")',
            'project = Config("project", default_value={"production": "yes"})',
            "the Config has production='yes': change it to true or false",
        ),
        (
            '@namespaced_trigger(event="a")',
            'project = Config("project", default_value={"branch": 7})',
            "the Config has branch=7: change it to text",
        ),
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


@pytest.mark.parametrize(
    ("options", "key"),
    [
        (("--branch", "baaz", "--config-value", "project", '{"branch": "bar"}'), "branch"),
        (("--production", "--config-value", "project", '{"production": false}'), "production"),
    ],
)
def test_a_config_that_contradicts_the_command_line_is_refused(
    project: BakedProject, options: tuple[str, ...], key: str
):
    flow = write_flow(project, '@namespaced_trigger(event="food")\n@project(name="foo")', CONFIG)
    result = project.flow(flow, *options, "check", check=False)
    assert result.returncode != 0
    assert f"You cannot pass {key} as both a command-line argument and" in result.stderr


def test_the_name_of_the_project_may_come_from_a_config(project: BakedProject, buckets: Buckets):
    decorator = '@namespaced_trigger(event="food", config_name="settings")'
    flow = write_flow(
        project, decorator, 'settings = Config("settings", default_value={"name": "bar"})'
    )
    options = ("--config-value", "settings", '{"name": "baz", "production": true}')
    assert events_waited_for(compiled(project, flow, buckets)) == ["bar.user.u.food"]
    assert events_waited_for(compiled(project, flow, buckets, *options)) == ["baz.prod.food"]


def test_a_config_that_is_not_given_says_nothing(project: BakedProject):
    decorators = '@namespaced_trigger(event="food", config_name="c")\n@project(name="foo")'
    flow = write_flow(project, decorators, 'c = Config("c", required=False)')
    assert "Project: foo, Branch: user.alice" in project.flow(flow, "check").stderr


def test_the_name_of_the_project_may_be_an_expression(project: BakedProject, buckets: Buckets):
    decorators = '@namespaced_trigger(event="food")\n@project(name=config_expr("settings.project"))'
    config = 'settings = Config("settings", default_value={"project": "bar"})\n    ' + CONFIG
    flow = write_flow(project, decorators, config)
    options = ("--config-value", "project", '{"branch": "x"}')
    assert events_waited_for(compiled(project, flow, buckets, *options)) == ["bar.test.x.food"]


OVERRULED = '{"name": "other", "branch": "bar", "production": false}'


@pytest.mark.parametrize("shown", [True, False])
def test_what_a_config_overrules_and_argo_refuses_is_a_warning_on_deployment(
    project: BakedProject, buckets: Buckets, shown: bool
):
    """The name of `@project` stays, its branch and production give way."""
    decorators = (
        f'@namespaced_trigger(event="fo od", show_warnings={shown})\n'
        '@project(name="foo", branch="old", production=True)'
    )
    flow = write_flow(project, decorators, CONFIG)
    command = ("--datastore=s3", "--config-value", "project", OVERRULED)
    result = project.flow(
        flow, *command, "argo-workflows", "create", "--only-json", **buckets.settings
    )
    annotations = json.loads(result.stdout)["metadata"]["annotations"]
    assert events_waited_for(annotations) == ["foo.test.bar.food"]
    warnings = [line for line in result.stderr.splitlines() if line.startswith("Warning")]
    output = [
        "name is 'foo': @project has 'foo', Config has 'other'",
        "branch is 'bar': @project has 'old', Config has 'bar'",
        "production is False: @project has True, Config has False",
        "'fo od' becomes 'food': Argo Events refuses the other characters",
    ]
    assert warnings == [f"Warning: @namespaced_trigger: {each}" for each in output if shown]
    # There are no warnings if nothing is deployed.
    assert (
        "Warning" not in project.flow(flow, "--config-value", "project", OVERRULED, "check").stderr
    )


def test_a_user_whose_name_argo_refuses_gets_events_too(
    project: BakedProject, buckets: Buckets, webhook: Webhook
):
    decorators = '@namespaced_trigger(event="food")\n@project(name="foo")'
    flow = write_flow(project, decorators)
    user = {"METAFLOW_USER": "u.v@w", "USERNAME": "u.v@w"}
    command = ("--datastore=s3", "argo-workflows", "create", "--only-json")
    output = project.flow(flow, *command, **buckets.settings | user).stdout
    names = events_waited_for(json.loads(output)["metadata"]["annotations"])
    assert names == ["foo.user.u.vw.food"]
    project.flow(flow, "run", METAFLOW_ARGO_EVENTS_WEBHOOK_URL=webhook.address, **user)
    assert [event["name"] for event in webhook.events] == names


UPSTREAM = '@no_test_mode_in_production\n@project(name="foo")'
WITH_TEST_MODE = (
    CONFIG + '\n    test_mode = Parameter("test-mode", type=bool,'
    " default=lambda _: not current.is_production)"
)
SCENARIOS = {
    "foo.prod.bar.food": (
        ("--branch", "bar", "--production"),
        '{"branch": "bar", "production": true}',
    ),
    "foo.test.baaz.food": (("--branch", "baaz"), '{"branch": "baaz"}'),
    "foo.user.u.food": ((), "{}"),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_one_flow_gets_its_branch_from_options_and_the_other_from_a_config(
    project: BakedProject, buckets: Buckets, webhook: Webhook, argo: Argo, name: str
):
    """The three deployments of namespaced triggers, each flow with either option."""
    options, config = SCENARIOS[name]
    deployed = {
        "ARGO_WORKFLOW_TEMPLATE": "deployed",
        "METAFLOW_ARGO_EVENTS_WEBHOOK_URL": webhook.address,
        "METAFLOW_USER": "u",
        "USERNAME": "u",
    }
    for way in (options, ("--config-value", "project", config)):
        waiting = write_flow(
            project, '@namespaced_trigger(event="food")\n@project(name="foo")', CONFIG
        )
        project.flow(
            waiting,
            *("--datastore=s3", *way, "argo-workflows", "create"),
            **buckets.settings | argo.settings | {"METAFLOW_USER": "u", "USERNAME": "u"},
        )
        (sensor,) = argo.kept("sensors")
        (template,) = argo.kept("workflowtemplates")
        (dependency,) = sensor["spec"]["dependencies"]
        assert dependency["filters"]["exprs"][0]["expr"] == f"name == '{name}'"
        assert events_waited_for(template["metadata"]["annotations"]) == [name]
        # The other flow has no trigger of its own.
        raising = write_flow(project, UPSTREAM, WITH_TEST_MODE, safe=", safe_publish=True")
        project.flow(raising, *way, "run", **deployed)
        code = "import metaflow; print(*metaflow.Flow('PenguinFood').latest_run.tags)"
        tags = project.python("-c", code, **deployed).stdout.split()
        assert f"project_branch:{name.removeprefix('foo.').removesuffix('.food')}" in tags
    assert [event["name"] for event in webhook.events] == [name, name]


def test_production_told_by_a_config_takes_no_test_mode(project: BakedProject):
    flow = write_flow(project, UPSTREAM, WITH_TEST_MODE, safe=", safe_publish=True")
    options = ("--config-value", "project", '{"production": true}')
    project.flow(flow, *options, "run")
    result = project.flow(flow, *options, "run", "--test-mode", "True", check=False)
    assert "PenguinFood was started in test mode and in production" in result.stdout


@pytest.mark.parametrize("config", ['{"branch": "bar"}', '{"production": true}'])
def test_an_event_is_refused_where_its_results_would_not_be(
    project: BakedProject, webhook: Webhook, config: str
):
    """Nobody has handed this flow's Config to its `@project`."""
    flow = write_flow(project, '@project(name="foo")', CONFIG)
    listening = {"METAFLOW_ARGO_EVENTS_WEBHOOK_URL": webhook.address}
    options = ("--config-value", "project", config)
    result = project.flow(flow, *options, "run", check=False, **listening)
    assert "but this run is on the branch user.alice: put @no_test_mode_in_production" in (
        result.stdout
    )
    assert webhook.events == []
    project.flow(flow, "--branch", "bar", *options[:2], '{"branch": "bar"}', "run", **listening)
    assert [event["name"] for event in webhook.events] == ["foo.test.bar.food"]

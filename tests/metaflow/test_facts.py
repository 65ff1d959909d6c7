"""What the rules ask about Metaflow."""

import subprocess
import sys

import pytest

from lint_rules.metaflow import FUNCTION, UNKNOWN, Facts, facts, known_versions

NEW, OLD = facts(), facts("2.12.0")


def test_facts_are_those_of_a_version():
    assert NEW.version == known_versions()[-1]
    assert facts("2.19.0") is facts("2.19.0")
    assert OLD.is_known
    assert not facts("2.11.9").is_known
    assert not facts("3.0").is_known
    assert facts("3.0").next_options == NEW.next_options


def test_between_two_versions_that_differ_nothing_is_certain(monkeypatch):
    read = {"read": {"names": ["2.12.0", "2.12.5", "2.12.9"]}, "gaps": [["2.12.5", "2.12.9"]]}
    monkeypatch.setattr("lint_rules.metaflow.reader.section", {"versions": read}.__getitem__)
    monkeypatch.setattr("lint_rules.metaflow.reader.known_versions", lambda: read["read"]["names"])
    known = {
        version: Facts(version).is_known for version in ("2.12.3", "2.12.5", "2.12.7", "2.12.9")
    }
    assert known == {"2.12.3": True, "2.12.5": True, "2.12.7": False, "2.12.9": True}


def test_versions_differ():
    assert NEW.next_options == {"condition", "foreach", "num_parallel"}
    assert OLD.next_options == {"foreach", "num_parallel"}
    assert "Config" in NEW.parameter_options
    assert "Config" not in OLD.parameter_options
    assert "exit_hook" in NEW.flow_decorators
    assert "exit_hook" not in OLD.flow_decorators


REFUSED = [
    ("retry", "times", 10, "check"),
    ("retry", "times", "10", "check"),
    ("retry", "times", "often", "check"),
    ("timeout", "seconds", "1h", "check"),
    ("kubernetes", "memory", "16GB", "check"),
    ("kubernetes", "cpu", 0, "check"),
    ("kubernetes", "gpu", 1.5, "check"),
    ("kubernetes", "gpu_vendor", "intel", "check"),
    ("kubernetes", "qos", "best", "check"),
    ("resources", "memory", "16GB", "kubernetes"),
    ("environment", "vars", ["A=1"], "run"),
    ("conda", "packages", ["pandas"], "check"),
    ("pypi", "packages", ["pandas"], "environment"),
    ("project", "name", "My-Project", "check"),
    ("project", "name", "p" * 129, "check"),
    ("project", "name", FUNCTION, "check"),
    ("trigger", "event", 1, "check"),
    ("trigger", "events", "done", "check"),
    ("trigger_on_finish", "flow", "My-Flow", "check"),
]


@pytest.mark.parametrize(("decorator", "attribute", "value", "stage"), REFUSED)
def test_values_that_are_refused(decorator, attribute, value, stage):
    problem = NEW.value_problem(decorator, attribute, value)
    assert problem.stage == stage
    assert problem.message


TAKEN = [
    ("retry", "times", 4),
    ("retry", "times", "4"),
    ("timeout", "seconds", 0),
    ("kubernetes", "memory", "4096"),
    ("kubernetes", "memory", "1e3"),
    ("kubernetes", "gpu_vendor", "AMD"),
    ("kubernetes", "tolerations", [{"key": "arch", "operator": "Equal", "value": "amd"}]),
    ("kubernetes", "node_selector", "a=b"),
    ("project", "name", "my_project2"),
    ("trigger", "event", "done"),
    ("trigger", "event", {"name": "done"}),
    ("trigger", "event", FUNCTION),
    ("trigger_on_finish", "flow", "project.prod.Flow"),
    ("card", "type", "made_by_an_extension"),
    ("project", "name", UNKNOWN),
    ("project", "unknown", 1),
    ("not_metaflows", "name", 1),
]


@pytest.mark.parametrize(("decorator", "attribute", "value"), TAKEN)
def test_values_that_are_taken_or_not_checked(decorator, attribute, value):
    assert NEW.value_problem(decorator, attribute, value) is None


PROBLEMS = [
    ("project", {}, [()]),
    ("timeout", {}, [()]),
    ("trigger", {"options": {}}, [()]),
    ("project", {"name": "p"}, []),
    ("retry", {}, []),
    ("retry", {"tries": 3}, [("tries",)]),
    ("retry", {"times": 9, "tries": 3}, [("tries",), ("times",)]),
    ("trigger", {"event": "a", "events": ["b"]}, [("event", "events")]),
    ("trigger", {"event": "a", "events": []}, []),
    ("trigger_on_finish", {"flow": "A", "flows": ["B"]}, [("flow", "flows")]),
]


@pytest.mark.parametrize(("name", "given", "about"), PROBLEMS)
def test_all_that_is_wrong_with_what_is_given(name, given, about):
    assert [names for names, _ in NEW.decorator(name).problems(given)] == about


def test_decorators():
    assert NEW.decorator("card").allow_multiple
    assert NEW.decorator("card").twice is None
    assert "only once" in NEW.decorator("retry").twice.message
    assert {d.name for d in NEW.step_decorators.values() if d.backend} == {"batch", "kubernetes"}
    assert NEW.decorator("pytorch_parallel").extends == "parallel"
    assert NEW.decorator("argo_workflows_internal").internal
    assert not NEW.decorator("retry").internal
    assert NEW.decorator("retry").attributes["times"].default == "3"
    assert "@step" in NEW.decorator("retry").misplaced.message
    assert "FlowSpec" in NEW.decorator("project").positional.message
    assert NEW.decorator("nothing") is None


def test_decorators_that_kinds_of_steps_may_not_have():
    assert set(NEW.decorator("catch").unsupported_on) == {
        "foreach",
        "switch",
        "parallel kubernetes",
    }
    assert "switch" in NEW.decorator("parallel").unsupported_on
    assert not NEW.decorator("retry").unsupported_on


def test_decorators_that_exclude_each_other():
    always = NEW.excludes("kubernetes", "batch")
    assert (always.when, always.unless) == ((), ())
    mixed = NEW.excludes("pypi", "conda")
    assert {"conda": "packages"} in mixed.when
    assert {"pypi": "disabled"} in mixed.unless
    assert mixed.refusal.stage == "environment"
    assert NEW.excludes("retry", "timeout") is None
    assert NEW.excludes("trigger", "trigger_on_finish") is None


def test_names_of_steps_and_artifacts():
    assert set(NEW.reserved_step_names) == {"cmd", "index", "input", "name", "next"}
    assert NEW.step_name_problem("train_2") is None
    for name in ("next", "Train", "_train", "größe"):
        assert NEW.step_name_problem(name).stage == "check"
    assert NEW.flowspec_attributes["next"].kind == "method"
    assert not NEW.flowspec_attributes["input"].settable
    assert not NEW.flowspec_attributes["index"].saved
    assert NEW.flowspec_attributes["name"].settable


def test_current():
    assert NEW.current_properties["run_id"] == frozenset()
    assert NEW.current_properties["card"] == {"card"}
    assert NEW.current_properties["trigger"] == {"trigger", "trigger_on_finish"}
    assert NEW.current_properties["parallel"] == {"parallel", "pytorch_parallel"}
    assert NEW.current_properties["is_production"] == {"project"}
    assert "checkpoint" not in NEW.current_properties


def test_parameters():
    parameter, config = NEW.parameter_options["Parameter"], NEW.parameter_options["Config"]
    assert parameter.positional[:3] == ("name", "default", "type")
    assert {"help", "required", "separator", "multiple"} <= parameter.options
    assert "defualt" not in parameter.options
    assert "unexpected keyword" in parameter.unknown_option.message
    assert frozenset(("default", "default_value")) in config.exclusive
    assert parameter.type.problem("int")
    assert {"with", "run-id", "run_id", "tags"} <= NEW.reserved_parameter_names.keys()
    assert "alpha" not in NEW.reserved_parameter_names
    assert NEW.parameter_types["int"].problem("many")
    assert NEW.parameter_types["int"].problem("7") is None
    assert NEW.parameter_types["bool"].problem("yes") is None
    assert NEW.parameter_types["JSONType"].problem("[1]") is None
    assert "case-insensitive" in NEW.same_parameter.message
    assert "default" in NEW.default_without_argument.message


def test_public_names():
    kinds = {
        "retry": "step decorator",
        "project": "flow decorator",
        "package_sources": "flow mutator",
        "FlowSpec": "class",
        "step": "function",
        "current": "value",
        "cards": "module",
    }
    assert kinds.items() <= NEW.public_names.items()
    assert "package_sources" not in OLD.public_names


def test_cards():
    assert {"default", "blank"} <= NEW.card_types
    assert NEW.card_id_pattern == "^[a-zA-Z0-9_]+$"


SCHEDULED = [
    ("argo-workflows", "switch", "accepted"),
    ("argo-workflows", "schedule timezone", "accepted"),
    ("argo-workflows", "required parameter with schedule", "refused"),
    ("argo-workflows", "event name with space", "refused"),
    ("step-functions", "switch", "refused"),
    ("step-functions", "trigger_on_finish", "refused"),
    ("step-functions", "schedule timezone", "refused"),
    ("step-functions", "resources disk", "dropped"),
    ("airflow", "nested foreach", "refused"),
    ("airflow", "foreach", "accepted"),
]


@pytest.mark.parametrize(("scheduler", "construct", "answer"), SCHEDULED)
def test_schedulers(scheduler, construct, answer):
    found = NEW.schedulers[scheduler][construct]
    assert found.answer == answer
    assert bool(found.message) == (answer == "refused")


@pytest.mark.process
def test_asking_needs_neither_metaflow_nor_the_rest_of_the_linter():
    code = (
        "import sys; from lint_rules.metaflow import facts; facts().decorator('retry').attributes\n"
        "others = [m for m in sys.modules if m.split('.')[0] in ('metaflow', 'libcst')\n"
        "    or m.startswith('lint_rules.') and not m.startswith('lint_rules.metaflow')]\n"
        "assert not others, others"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

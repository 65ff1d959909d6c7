"""A broken flow is drawn as far as it can be read, with its mistakes marked, in every format."""

import json
from xml.etree import ElementTree

import pytest

from lint_rules.diagrams import FORMATS

HEAD = "from metaflow import FlowSpec, step\n\n\nclass Broken(FlowSpec):\n"


def flow(**bodies):
    """A flow with steps; those whose names begin with `no_` lack `@step`."""
    text = HEAD
    for name, body in bodies.items():
        taken = "self, inputs" if name.startswith("join") else "self"
        decorated = "" if name.startswith("no_") else "    @step\n"
        lines = "".join(f"        {line}\n" for line in body.split("\n"))
        text += f"{decorated}    def {name}({taken}):\n{lines}\n"
    return text + '\nif __name__ == "__main__":\n    Broken()\n'


NO_START = flow(begin="self.next(self.end)", other="self.next(self.end)", end="pass")
UNKNOWN = flow(start="self.next(self.fist)", first="self.next(self.end)", end="pass")
CYCLE = flow(start="self.next(self.a)", a="self.next(self.b)", b="self.next(self.a)", end="pass")
UNREACHED = flow(start="self.next(self.end)", lonely="self.next(self.end)", end="pass")
UNJOINED = flow(
    start="self.next(self.a, self.b)", a="self.next(self.end)", b="self.next(self.end)", end="pass"
)
METHOD = flow(start="self.next(self.no_step)", no_step="self.next(self.end)", end="pass")
TEXT = flow(start='self.next("end")', end="pass")
INNER = flow(
    start="if True:\n    self.next(self.a)\nelse:\n    self.next(self.end)",
    a="self.next(self.end)",
    end="pass",
)
GOES_ON = flow(start="self.next(self.end)", end="self.next(self.start)")
COMPUTED = flow(start="self.next(getattr(self, 'end'))", end="pass")
MARKED = {
    "NO_START": (NO_START, {"flow": "MF804"}, {}, {"begin": "linear", "other": "linear"}),
    "UNKNOWN": (UNKNOWN, {"start": "MF802"}, {("start", "fist"): "MF802"}, {"fist": "missing"}),
    "CYCLE": (CYCLE, {"a": "MF811"}, {("a", "b"): "MF811", ("b", "a"): "MF811"}, {}),
    "UNREACHED": (UNREACHED, {"lonely": "MF810"}, {}, {}),
    "UNJOINED": (
        UNJOINED,
        {"a": "MF812"},
        {("start", "a"): "MF812", ("start", "b"): "MF812", ("a", "end"): "MF812"},
        {},
    ),
    "METHOD": (
        METHOD,
        {"no_step": "MF820"},
        {("start", "no_step"): "MF820"},
        {"no_step": "method"},
    ),
    "TEXT": (TEXT, {"start": "MF809"}, {("start", "end"): "MF809"}, {}),
    "INNER": (
        INNER,
        {"start": "MF801"},
        {("start", "a"): "MF801", ("start", "end"): "MF801"},
        {},
    ),
    "GOES_ON": (GOES_ON, {"end": "MF805"}, {("end", "start"): "MF805"}, {}),
    "COMPUTED": (COMPUTED, {"start": "MF809"}, {}, {}),
}
"""A text, the codes at its steps and at the flow, those at its arrows, and kinds of boxes."""


@pytest.fixture(params=MARKED)
def case(folder, request):
    text, steps, arrows, kinds = MARKED[request.param]
    folder.write("metaflow-lint.toml", 'select = ["correctness"]\n')
    folder.write("flow.py", text)
    return folder, steps, arrows, kinds


def drawing(folder, output_format):
    result = folder.lint("graph", "--flow", "Broken", "--output-format", output_format)
    assert (result.status, result.err) == (0, "")
    return result.out


def test_json_has_the_mistakes_with_what_they_are_about(case):
    folder, steps, arrows, kinds = case
    (found,) = json.loads(drawing(folder, "json"))["flows"]
    names = {step["id"]: step["name"] for step in found["steps"]}
    at = {step["name"]: [f["code"] for f in step["findings"]] for step in found["steps"]}
    at["flow"] = [f["code"] for f in found["findings"]]
    assert {name: codes for name, codes in at.items() if codes} == {
        name: [code] for name, code in steps.items()
    }
    assert {
        (names[a["source"]], names[a["target"]]): a["findings"][0]["code"]
        for a in found["arrows"]
        if a["findings"]
    } == arrows
    drawn = {step["name"]: step["kind"] for step in found["steps"]}
    assert {name: drawn[name] for name in kinds} == kinds
    assert {f["group"] for step in found["steps"] for f in step["findings"]} <= {"correctness"}


def test_mermaid_marks_them(case):
    folder, steps, arrows, kinds = case
    lines = drawing(folder, "mermaid").splitlines()
    (marked,) = [line.split()[1].split(",") for line in lines if line.endswith(" fault")]
    missing = {name for name, kind in kinds.items() if kind == "missing"}
    assert {id.rpartition("__")[2] for id in marked} == {
        "flow_Broken" if name == "flow" else name for name in steps.keys() | missing
    }
    drawn = [line for line in lines if "-->" in line]
    faulty = [line.split()[1] for line in lines if line.strip().startswith("linkStyle")]
    numbers = [int(number) for number in ",".join(faulty).split(",") if number]
    assert {
        (drawn[n].split()[0].rpartition("__")[2], drawn[n].split()[-1].rpartition("__")[2])
        for n in numbers
    } == arrows.keys()
    assert all(f"⚠ {next(iter(arrows.values()))}" in drawn[n] for n in numbers)


def test_dot_marks_them(case):
    folder, steps, arrows, _ = case
    lines = drawing(folder, "dot").splitlines()
    red = [line for line in lines if 'color="#d03b3b"' in line]
    assert len([line for line in red if " -> " in line]) == len(arrows)
    for name, code in steps.items():
        id = "flow_Broken" if name == "flow" else f"flow_Broken__{name}"
        assert any(line.strip().startswith(f"{id} [") and f"⚠ {code} " in line for line in red)


def test_svg_marks_them(case):
    folder, steps, arrows, _ = case
    svg = ElementTree.fromstring(drawing(folder, "svg"))
    faults = [e for e in svg.iter() if "fault" in e.get("class", "").split()]
    links = [e for e in faults if "link" in e.get("class").split()]
    assert len(links) == len(arrows)
    boxes = {e.get("data-id"): "".join(e.itertext()) for e in faults if e not in links}
    for name, code in steps.items():
        id = "flow_Broken" if name == "flow" else f"flow_Broken__{name}"
        assert f"{code} " in boxes[id]


def test_the_page_explains_them(case):
    folder, steps, _, _ = case
    page = drawing(folder, "html")
    for code in steps.values():
        assert f'<p class="note fault"><b>{code}</b>' in page


def test_what_is_behind_a_method_is_reached(folder):
    folder.write("flow.py", METHOD)
    (found,) = json.loads(drawing(folder, "json"))["flows"]
    assert {step["name"]: step["is_reached"] for step in found["steps"]} == {
        "start": True,
        "no_step": True,
        "end": True,
    }


def test_a_next_step_that_is_missing_is_no_artifact_that_is_read(folder):
    folder.write("flow.py", UNKNOWN)
    (found,) = json.loads(drawing(folder, "json"))["flows"]
    assert [step["reads"] for step in found["steps"]] == [[]] * len(found["steps"])


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_flow_without_any_step_that_can_be_read_is_drawn(folder, output_format):
    steps = "".join(
        f"    @step\n    def s{n}(self, *more):\n        self.next(*more)\n" for n in "ab"
    )
    folder.write("flow.py", f"{HEAD}{steps}")
    assert "sa" in drawing(folder, output_format)

"""Adds a flow that follows the guide, with its functions, its getter and its test: `make flow name=…`.

The templates are in the folder `new_flow` beside this file. You can change them.
"""

import argparse
import keyword
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from shutil import which
from string import Template

from project_flows import ROOT, FlowFile, Unreadable, in_order, read_flows

TEXTS = Path(__file__).resolve().with_suffix("")
PROJECT = "<< cookiecutter.project_slug >>"
PACKAGE = ROOT / "src" / PROJECT
GETTERS = PACKAGE / "getters.py"
RUNS_IMPORT = f"from {PROJECT}.runs import Which, latest_run"

# With longer names, lines of the new files would be too long. Deployments also refuse very long names.
LONGEST_NAME = 40

# The characters that `events.py` removes from an event's name.
REFUSED_IN_EVENTS = r"[^A-Za-z0-9_.\-]"


class Refused(Exception):
    """A flow that cannot be added. The message says why, and what to do."""


def main() -> None:
    """Add the flow that the command line names, or print why not."""
    parser = argparse.ArgumentParser(description="Add a flow with its functions, its getter and its test.")
    parser.add_argument("name", help="what the flow makes, in lowercase: flower_colours")
    parser.add_argument("--on", default="", metavar="EVENT", help="start it on this event of a flow that it reads")
    parser.add_argument("--reads", default="", metavar="FLOW", help="read the result of flows/FLOW, without an event")
    arguments = parser.parse_args()
    if arguments.on and arguments.reads:
        parser.error("argument --on: not allowed with argument --reads")
    try:
        for path in add_flow(arguments.name, arguments.on, arguments.reads):
            print(path.relative_to(ROOT))
    except (Refused, Unreadable) as reason:
        print(reason, file=sys.stderr)
        sys.exit(2)


def add_flow(name: str, event: str = "", reads: str = "") -> list[Path]:
    """Write the files of a new flow.

    Args:
        name: What the flow makes: the name of the folder, the module, the getter and, in CamelCase, the class.
        event: The event that starts the deployed flow. The flow then reads the result of the flow that raises it.
        reads: The folder of a flow whose result it reads, without an event.

    Returns:
        The files that were written. All of them are new, except the getters.

    Raises:
        Refused: If the name or the event is not valid. Then nothing has been written.
        Unreadable: If the file of another flow cannot be read. Then nothing has been written.
    """
    class_name = _class_name(name)
    if re.search(REFUSED_IN_EVENTS, event):
        raise Refused(f"{event!r} is not a valid name for an event: use letters, digits, underscores, hyphens and dots")
    flows = read_flows()
<%- if cookiecutter.scheduler == "step-functions" %>
    if event:
        raise Refused(_no_event(event, flows))
<%- endif %>
    new = {
        "flow.py": ROOT / "flows" / name / "flow.py",
        "functions.py": PACKAGE / f"{name}.py",
        "test.py": ROOT / "tests" / f"test_{name}.py",
    }
    getters = GETTERS.read_text(encoding="utf-8")
    _refuse_what_exists(name, class_name, new, getters, flows)
    values = {"name": name, "class_name": class_name, "project": PROJECT, "words": name.replace("_", " ")}
    kind = "first"
    if event or reads:
        kind = "following"
        source = _raiser(event, flows) if event else _read(reads, flows)
        if f"def get_{source.folder}(" not in getters:
            raise Refused(f"{source.class_name} has no getter: write get_{source.folder}")
        chain = "".join(f'    run_in_test_mode("{folder}")\n' for folder in in_order([source], flows))
        values["trigger"] = f'@namespaced_trigger(event="{event}")\n' if event else ""
        values["trigger_import"] = f"from {PROJECT}.events import namespaced_trigger\n" if event else ""
        values |= {"source": source.folder, "source_class": source.class_name, "chain": chain}
    texts = {path: _text(f"{kind}/{text}", values) for text, path in new.items()}
    _refuse_what_the_linter_finds(new["flow.py"], texts[new["flow.py"]])
    if RUNS_IMPORT not in getters:  # There is no getter yet.
        getters += f"\nfrom typing import Unpack\n\n{RUNS_IMPORT}\n"
    texts[GETTERS] = getters.rstrip("\n") + "\n\n\n" + _text("getter.py", values)
    _write(texts)
    return list(texts)


def _class_name(name: str) -> str:
    """Return the name in CamelCase.

    Raises:
        Refused: If a folder, module or class cannot have this name.
    """
    example = "which says what the flow makes, such as flower_colours"
    if not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", name, re.ASCII):
        raise Refused(f"{name!r} is not a valid name for a flow, {example}: use lowercase, digits and single _")
    if len(name) > LONGEST_NAME:
        raise Refused(f"{name!r} is too long: give a name of at most {LONGEST_NAME} characters")
    if keyword.iskeyword(name):
        raise Refused(f"{name!r} is a Python keyword: give a name {example}")
    if name.endswith(("_flow", "_pipeline")):
        raise Refused(f"{name!r} must not end in _flow or _pipeline: give a name {example}")
    return "".join(word.capitalize() for word in name.split("_"))


def _refuse_what_exists(name: str, class_name: str, new: dict[str, Path], getters: str, flows: list[FlowFile]) -> None:
    in_the_way = [path for path in (new["flow.py"].parent, *new.values()) if path.exists()]
    if in_the_way:
        raise Refused(f"{in_the_way[0].relative_to(ROOT)} exists already: give the flow another name")
    if any(flow.class_name == class_name for flow in flows):
        raise Refused(f"a flow {class_name} exists already: give the new one another name")
    if f"def get_{name}(" in getters:
        raise Refused(f"get_{name} exists already in {GETTERS.relative_to(ROOT)}: give the flow another name")


<% if cookiecutter.scheduler == "step-functions" -%>
def _no_event(event: str, flows: list[FlowFile]) -> str:
    """Explain why no flow can wait for an event here, and what to do instead."""
    others = [flow.folder for flow in flows if event in flow.raises] or [flow.folder for flow in flows] or ["FLOW"]
    instead = " or ".join(f"reads={folder}" for folder in others)
    return (
        f"AWS Step Functions cannot start a flow on an event: `python -m deploy` refuses one that waits for {event!r}. "
        f"Use {instead} instead of on={event}, and run the new flow on a schedule with @production_schedule."
    )


<% endif -%>
def _raiser(event: str, flows: list[FlowFile]) -> FlowFile:
    for flow in flows:
        if event in flow.raises:
            return flow
    raised = ", ".join(sorted({each for flow in flows for each in flow.raises})) or "none so far"
    example = f'namespaced_trigger.raise_event("{event}", safe_publish=True)'
    way_out = f"First add `{example}` to the step `end` of the flow that should start the new one."
    raise Refused(f"no flow raises the event {event!r} (raised: {raised}). {way_out}")


def _read(folder: str, flows: list[FlowFile]) -> FlowFile:
    for flow in flows:
        if flow.folder == folder:
            return flow
    there_are = ", ".join(flow.folder for flow in flows) or "none so far"
    raise Refused(f"{folder!r} is not a flow's folder (folders: {there_are}): use one of them")


def _text(name: str, values: dict[str, str]) -> str:
    return Template((TEXTS / f"{name}.txt").read_text(encoding="utf-8")).substitute(values)


def _refuse_what_the_linter_finds(path: Path, text: str) -> None:
    """Check the flow's name with metaflow-lint, if it is installed."""
    # Use the command beside Python: `python -m lint_rules` would run a module of this name in the project.
    linter = which("metaflow-lint", path=str(Path(sys.executable).parent))
    if not linter:
        return
    command = [linter, "check", "--select", "MF0", "--stdin-filename", str(path), "-"]
    result = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, encoding="utf-8", check=False)
    if result.returncode:
        raise Refused(result.stdout + result.stderr)


def _write(texts: dict[Path, str]) -> None:
    """Write all files or none. The existing file comes last."""
    drafts = {path: path.with_name(f".{path.name}.new") for path in texts}
    folders = [path.parent for path in texts if not path.parent.exists()]
    written: list[Path] = []
    try:
        for folder in folders:
            folder.mkdir()
        for path, draft in drafts.items():
            written.append(draft)
            draft.write_text(texts[path], encoding="utf-8", newline="\n")
        for path, draft in drafts.items():
            os.replace(draft, path)
            written.append(path)
    except OSError as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        for folder in folders:
            with suppress(OSError):
                folder.rmdir()
        raise Refused(f"nothing was added: {error}") from error


if __name__ == "__main__":
    main()

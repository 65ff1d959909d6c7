"""The flows of the project, as Metaflow would deploy them."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy import Refusal
from deploy.branches import Release
from deploy.tokens import masked


@dataclass(frozen=True)
class Flow:
    """One flow, as it would be deployed."""

    file: Path
    flow: str
    project: str | None
    branch: str | None
    deployed_name: str
    token_prefix: str
    waits_for: list[str]
    raises: list[str]
    schedule: str | None
    test_mode: bool | None

    def starts(self, other: Self) -> bool:
        """Whether the other flow waits for an event of this one, or for its end."""
        end = f"metaflow.{self.project}.{self.branch}.{self.flow}.end"
        return not {*self.raises, end}.isdisjoint(other.waits_for)


def read_flows(release: Release) -> list[Flow]:
    """Describe all flows below `flows`, each after the flows that start it.

    Raises:
        Refusal: If there are no flows, or Metaflow refuses one.
    """
    files = sorted(release.root.glob("flows/*/flow.py"))
    if not files:
        raise Refusal("there is no flow: add flows/NAME/flow.py.")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        flows = list(pool.map(lambda file: read_flow(file, release), files))
    ordered: list[Flow] = []
    for flow in flows:
        put_in_order(flow, flows, ordered, ())
    return ordered


def put_in_order(flow: Flow, flows: list[Flow], ordered: list[Flow], before: tuple[Flow, ...]) -> None:
    """Append a flow after the flows that start it. Flows that start each other in a cycle are in any order."""
    if flow in ordered or flow in before:
        return
    for other in flows:
        if other.starts(flow):
            put_in_order(other, flows, ordered, (*before, flow))
    ordered.append(flow)


def read_flow(file: Path, release: Release) -> Flow:
    """Describe one flow, in a separate process."""
    script = str(Path(__file__).with_name("describe.py"))
    # -P prevents the flow from importing this package's modules by mistake.
    command = [sys.executable, "-P", script, str(file), *release.branch.arguments]
    result = subprocess.run(command, cwd=release.root, capture_output=True, text=True, check=False)
    if result.returncode:
        reason = masked("\n".join(result.stderr.strip().splitlines()[-8:]))
        raise Refusal(f"Metaflow refuses {file.relative_to(release.root)}:\n{reason}")
    flow = Flow(file=file, **json.loads(result.stdout.splitlines()[-1]))
    if flow.project != (project := release.settings.project):
        raise Refusal(f'{flow.flow} is not in this project: decorate it with @project(name="{project}").')
    return flow

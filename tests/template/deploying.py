"""Deploys generated projects to the stand-ins, and reads there what came of it.

It reads what Metaflow left, without the project's own code.
"""

import base64
import io
import json
import re
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from .baking import BakedProject, commit_all, isolated_environment
from .stand_ins import Argo, Buckets

FLOWS = ["PenguinMeasurements", "PenguinSpeciesClassifier"]

# The record of runs is a service that no deployment asks for anything.
SERVICE = {
    "METAFLOW_SERVICE_URL": "http://127.0.0.1:9",
    "METAFLOW_SERVICE_VERSION_CHECK": "0",
}


@dataclass(frozen=True)
class Machine:
    """One flow as it stands on a scheduler."""

    name: str
    flow: str
    owner: str
    token: str
    test_mode: bool
    schedule: str | None
    code_url: str
    first_command: str
    environment: dict[str, str | None]
    image: str
    memory: str
    waits_for: list[str] = field(default_factory=list)


@dataclass
class Stage:
    """A project under git, its people, and one of the schedulers that it is deployed to."""

    project: BakedProject
    buckets: Buckets
    argo: Argo | None
    settings: dict[str, str]

    def deploy(self, *arguments: str, user: str = "alice", **how):
        """Run `python -m deploy` as somebody, who has a home folder of their own.

        `how` is as `BakedProject.python` takes it.
        """
        home = isolated_environment(self.project.path.parent / user) | {"METAFLOW_USER": user}
        names = ("HOME", "METAFLOW_HOME", "METAFLOW_USER")
        who = {name: home[name] for name in names} | {"USERNAME": user}
        return self.project.python("-m", "deploy", *arguments, **(self.settings | who | how))

    def refused(self, *arguments: str, **how: str) -> str:
        """Check that a command is refused and changes nothing, and return what it says."""
        before = self.machines()
        result = self.deploy(*arguments, check=False, **how)
        assert result.returncode == 2, result.stdout + result.stderr
        assert result.stderr.startswith("Nothing was done: ")
        assert "Traceback" not in result.stderr
        assert self.machines() == before
        return result.stderr

    def commit(self) -> str:
        return commit_all(self.project.path)

    def machines(self) -> dict[str, Machine]:
        """Return what is deployed, by name."""
        found = self._on_argo() if self.argo else self._on_step_functions()
        return {each.name: each for each in found}

    def on_branch(self, branch: str) -> dict[str, Machine]:
        """Return what is deployed on a branch, by flow."""
        # Argo's names have no underscores, and are cut short in the middle.
        return {
            each.flow: each
            for each in self.machines().values()
            if branch_of(each.first_command, each.owner) == branch
        }

    def tokens(self, branch: str) -> list[str]:
        """Return the tokens of the flows on a branch, each once."""
        return sorted({each.token for each in self.on_branch(branch).values()})

    def _on_argo(self):
        schedules = {
            each["metadata"]["name"]: each["spec"] for each in self.argo.kept("cronworkflows")
        }
        sensors = {
            each["metadata"]["annotations"]["metaflow/flow_name"]
            + each["metadata"]["annotations"]["metaflow/branch_name"]: each
            for each in self.argo.kept("sensors")
        }
        for template in self.argo.kept("workflowtemplates"):
            notes = template["metadata"]["annotations"]
            name = template["metadata"]["name"]
            start = next(each for each in template["spec"]["templates"] if each["name"] == "start")
            environment = {each["name"]: each.get("value") for each in start["container"]["env"]}
            (test_mode,) = [
                each["value"]
                for each in template["spec"]["arguments"]["parameters"]
                if each["name"] == "test-mode"
            ]
            sensor = sensors.get(notes["metaflow/flow_name"] + notes["metaflow/branch_name"])
            schedule = schedules.get(name, {"suspend": True})
            yield Machine(
                name=name,
                flow=notes["metaflow/flow_name"],
                owner=notes["metaflow/owner"],
                token=environment["METAFLOW_PRODUCTION_TOKEN"],
                test_mode=json.loads(json.loads(test_mode).lower()),
                schedule=None if schedule["suspend"] else schedule["schedule"],
                code_url=environment["METAFLOW_CODE_URL"],
                first_command=start["container"]["command"][-1],
                environment=environment,
                image=start["container"]["image"],
                memory=start["container"]["resources"]["requests"]["memory"],
                waits_for=conditions(sensor) if sensor else [],
            )

    def _on_step_functions(self):
        client, batch = self.buckets.client("stepfunctions"), self.buckets.client("batch")
        rules = self.buckets.client("events").list_rules()["Rules"]
        schedules = {rule["Name"]: rule["ScheduleExpression"] for rule in rules}
        for machine in client.list_state_machines()["stateMachines"]:
            arn = machine["stateMachineArn"]
            found = client.describe_state_machine(stateMachineArn=arn)
            start = json.loads(found["definition"])["States"]["start"]["Parameters"]
            overrides = start["ContainerOverrides"]
            environment = {each["Name"]: each.get("Value") for each in overrides["Environment"]}
            (job,) = batch.describe_job_definitions(jobDefinitions=[start["JobDefinition"]])[
                "jobDefinitions"
            ]
            needs = {each["Type"]: each["Value"] for each in overrides["ResourceRequirements"]}
            yield Machine(
                name=machine["name"],
                flow=environment["METAFLOW_FLOW_NAME"],
                owner=environment["METAFLOW_OWNER"],
                token=environment["METAFLOW_PRODUCTION_TOKEN"],
                test_mode=json.loads(environment["METAFLOW_DEFAULT_PARAMETERS"])["test-mode"]
                == "True",
                schedule=schedules.get(machine["name"]),
                code_url=environment["METAFLOW_CODE_URL"],
                first_command=overrides["Command"][-1],
                environment=environment,
                image=job["containerProperties"]["image"],
                memory=needs["MEMORY"],
            )

    def code(self, machine: Machine) -> tarfile.TarFile:
        """Download the code package that a deployed flow runs on."""
        bucket, _, key = machine.code_url.removeprefix("s3://").partition("/")
        body = self.buckets.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return tarfile.open(fileobj=io.BytesIO(body))


def branch_of(command: str, owner: str) -> str:
    given = re.search(r" --branch (\w+)", command)
    if " --production" in command:
        return f"prod.{given[1]}" if given else "prod"
    return f"test.{given[1]}" if given else f"user.{owner}"


def conditions(sensor: dict) -> list[str]:
    return [
        expression["expr"]
        for dependency in sensor["spec"]["dependencies"]
        for expression in dependency["filters"]["exprs"]
    ]


def run_first_step(stage: Stage, machine: Machine, folder: Path):
    """Run a deployed flow's first container in an empty folder, on its code package."""
    folder.mkdir()
    script = machine.first_command
    for parameter in re.findall(r"\{\{=toBase64\(workflow.parameters\['(.*?)'\]\)\}\}", script):
        value = base64.b64encode(json.dumps(str(machine.test_mode)).encode()).decode()
        script = script.replace(f"{{{{=toBase64(workflow.parameters['{parameter}'])}}}}", value)
    script = re.sub(r"\{\{workflow\.[^}]*\}\}", "first", script)
    script = script.replace("/tmp/mf-input-paths", str(folder / "input-paths"))
    # Argo mounts a folder there, in which it finds what the step hands on.
    mounted = f"sed -i s,/mnt/out,{folder}, .mf_code/metaflow/plugins/argo/*.py"
    script = script.replace("tar -xzf job.tar -C .", f"tar -xzf job.tar -C . && {mounted}")
    # Where runs are recorded is a service elsewhere, and what it needs is installed.
    script = script.replace("--metadata=service", "--metadata=local")
    # What has no value here, the cluster fills in.
    environment = {
        name: re.sub(r"\{\{workflow\.[^}]*\}\}", "first", value or "first")
        for name, value in machine.environment.items()
    }
    environment |= stage.settings | {
        "METAFLOW_SKIP_INSTALL_DEPENDENCIES": "1",
        "METAFLOW_DEFAULT_METADATA": "local",
        "METAFLOW_DATASTORE_SYSROOT_LOCAL": str(folder),
        "METAFLOW_PARAMETERS": "{}",
        "AWS_BATCH_JOB_ID": "job",
        "AWS_BATCH_JOB_ATTEMPT": "1",
        "AWS_BATCH_CE_NAME": "metaflow",
        "AWS_BATCH_JQ_NAME": "metaflow",
        "AWS_EXECUTION_ENV": "metaflow",
        "PYTHONPATH": "",
        "PWD": str(folder),
    }
    elsewhere = BakedProject(folder, stage.project.environment, "")
    return elsewhere.run("bash", "-c", script, check=False, **environment)

"""A repository that has flows takes the guide over, by the commands of docs/adopting.md."""

import json
import re
from pathlib import Path

import pytest
import tomllib
import yaml

from lint_rules import __version__

from .baking import REPOSITORY, BakedProject, commit_all, copy_template, isolated_environment

PAGE = (REPOSITORY / "docs" / "adopting.md").read_text(encoding="utf-8")

LEGACY = {
    "pyproject.toml": '[project]\nname = "taxi"\nversion = "0.1.0"\n',
    "taxi/__init__.py": "",
    "taxi/fares.py": """
def mean_fare(rides):
    return sum(ride["fare"] for ride in rides) / len(rides)
""",
    "flows/rides.py": """
import yaml
from metaflow import FlowSpec, Parameter, step
from metaflow.integrations import ArgoEvent


class CityRidesFlow(FlowSpec):
    limit = Parameter("limit", default=3)

    @step
    def start(self):
        self.rides = yaml.safe_load("[{fare: 10}, {fare: 14}, {fare: 12}]")[: self.limit]
        self.next(self.end)

    @step
    def end(self):
        ArgoEvent("rides_read").publish()


if __name__ == "__main__":
    CityRidesFlow()
""",
    "flows/fares.py": """
import json

from metaflow import Flow, FlowSpec, step, trigger


@trigger(event="rides_read")
class CityFaresFlow(FlowSpec):
    @step
    def start(self):
        rides = Flow("CityRidesFlow").latest_successful_run.data.rides
        from taxi.fares import mean_fare

        self.fare = mean_fare(rides)
        self.next(self.end)

    @step
    def end(self):
        print(json.dumps({"fare": self.fare}))


if __name__ == "__main__":
    CityFaresFlow()
""",
    "flows/old/tips.py": """
from metaflow import FlowSpec, step


class CityTips(FlowSpec):
    @step
    def start(self):
        self.tips = [1, 3, 0]
        self.next(self.end)

    @step
    def end(self):
        print(sum(self.tips))


CityTips()
""",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def legacy(tmp_path: Path) -> BakedProject:
    """A repository from before the guide; the template is found where it is published."""
    template = copy_template(tmp_path / "org" / "template.git")
    commit_all(template)
    folder = tmp_path / "taxi"
    for name, text in LEGACY.items():
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_text(text.lstrip("\n"))
    commit_all(folder)
    environment = isolated_environment(tmp_path / "alice")
    config = Path(environment["GIT_CONFIG_GLOBAL"])
    address = "https://github.com/org/"
    config.write_text(
        f'{config.read_text()}[url "file://{template.parent}/"]\ninsteadOf = "{address}"\n'
    )
    return BakedProject(folder, environment, "")


def known(repository: BakedProject) -> set[str]:
    """Return the codes in the baseline."""
    findings = json.loads(repository.read("metaflow-baseline.json"))["findings"]
    return {each["code"] for file in findings.values() for each in file}


def test_a_repository_takes_the_guide_over(legacy: BakedProject):
    def sh(command: str, check: bool = True) -> str:
        return legacy.run("/bin/sh", "-c", command, check=check, PYTHONPATH=str(legacy.path)).stdout

    def replace(name: str, *changes: tuple[str, str]) -> None:
        text = legacy.read(name)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        legacy.file(name).write_text(text)

    look, freeze, ci, imports, modules, projects, events, done = blocks("sh")
    install, statistics = look.splitlines()
    assert install == "pip install git+https://github.com/org/template"
    assert re.search(r"3 +MF201 +\[ \] +missing-test-mode", sh(statistics))

    settings = legacy.file("pyproject.toml")
    settings.write_text(settings.read_text() + "\n" + blocks("toml")[0])
    sh(freeze)
    assert sh("git status --porcelain") == ""
    assert {"MF001", "MF101", "MF201", "MF302", "MF304", "MF305", "MF401"} <= known(legacy)
    # New code is held to the rules.
    legacy.file("flows/new.py").write_text(
        legacy.read("flows/old/tips.py").replace("Tips", "Tolls")
    )
    assert "::warning" in sh(ci, check=False)
    assert legacy.run("sh", "-c", ci, check=False).returncode == 1
    legacy.file("flows/new.py").unlink()
    sh(ci)

    sh(imports)
    assert not known(legacy) & {"MF005", "MF304"}
    assert "MF001" in known(legacy)

    sh(modules)
    package, flow = blocks("python")
    legacy.file("taxi/__init__.py").write_text(package)
    sh(projects)
    for name in ("rides", "fares"):
        text = legacy.read(f"flows/{name}.py")
        assert '@project(name="taxi")' in text
        assert '"test-mode"' in text
    assert "@project" not in legacy.read("flows/old/tips.py")  # per-file-ignores
    sh(events)
    for name in ("rides", "fares"):
        assert "from taxi.events import namespaced_trigger\n" in legacy.read(f"flows/{name}.py")
    assert '@namespaced_trigger(event="rides_read")' in legacy.read("flows/fares.py")
    assert 'namespaced_trigger.raise_event("rides_read", safe_publish=True)' in legacy.read(
        "flows/rides.py"
    )

    # What is left for people to do.
    legacy.file("flows/fares.py").write_text(flow)
    replace(
        "flows/rides.py",
        ("CityRidesFlow", "CityRides"),
        (
            "from metaflow.integrations import ArgoEvent\n",
            "from taxi.test_mode import no_test_mode_in_production\n",
        ),
        ("@project", "@no_test_mode_in_production\n@project"),
        (
            "    @step\n    def start(self):\n",
            '    rides: list[dict]\n\n    @step\n    def start(self):\n        """Read."""\n',
        ),
        ("[: self.limit]", "[: 2 if self.test_mode else self.limit]"),
        ("def end(self):\n", 'def end(self):\n        """Tell."""\n'),
    )
    replace(
        "flows/old/tips.py",
        ("def start(self):\n", 'def start(self):\n        """Read."""\n'),
        ("def end(self):\n", 'def end(self):\n        """Show."""\n'),
    )
    legacy.file("metaflow-baseline.json").unlink()
    settings.write_text(re.sub("baseline = .*\n", "", settings.read_text()))
    assert "All checks passed!" in sh(done)

    sh("python flows/rides.py run")
    assert "mean fare: 12.0" in sh("python flows/fares.py run")
    output = sh("python flows/fares.py --production run --test-mode True", check=False)
    assert "was started in test mode and in production" in output


def test_the_settings_and_the_hook_shown_are_the_ones_there_are():
    settings = tomllib.loads(blocks("toml")[0])
    assert settings["tool"]["ruff"]["lint"]["external"] == ["MF"]
    (repository,) = yaml.safe_load(blocks("yaml")[0])["repos"]
    assert repository["rev"] == f"v{__version__}"
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    assert repository["hooks"] == [{"id": "metaflow-lint"}]
    assert "metaflow-lint" in {hook["id"] for hook in hooks}

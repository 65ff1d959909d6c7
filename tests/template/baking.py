"""Bakes projects with the real Cookiecutter, away from the developer's own settings."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from .copies import REPOSITORY, run_in_copy

# What a project is generated from, and what pre-commit builds the linter from.
TEMPLATE_PARTS = (
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "cookiecutter.json",
    "hooks",
    "lint_rules",
    "pyproject.toml",
    "<<cookiecutter.project_slug>>",
    "{{cookiecutter.project_slug}}",
)

# Settings of the developer's that would reach into a test.
PRIVATE = (
    "AWS_",
    "COOKIECUTTER_",
    "GIT_",
    "KUBE",
    "MAKE",
    "METAFLOW",
    "MFLAGS",
    "PRE_COMMIT",
    "PYTEST",
    "PYTHON",
    "VIRTUAL_ENV",
)


def isolated_environment(home: Path) -> dict[str, str]:
    """Return the environment of somebody called alice who has never used any of the tools."""
    home.mkdir(parents=True, exist_ok=True)
    git_config = home / ".gitconfig"
    git_config.write_text(
        '[user]\nname = "Alice"\nemail = "alice@localhost"\n[init]\ndefaultBranch = "main"\n'
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(PRIVATE)
    }
    # pip alone keeps its settings: they say where the package registry is.
    pip_config = Path.home() / ".config" / "pip" / "pip.conf"
    if pip_config.exists():
        environment.setdefault("PIP_CONFIG_FILE", str(pip_config))
    # Nothing is left in the machine's own folder, whatever a tool forgets there.
    home.joinpath("tmp").mkdir(exist_ok=True)
    return environment | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": str(git_config),
        "METAFLOW_HOME": str(home / ".metaflowconfig"),
        "METAFLOW_DEFAULT_DATASTORE": "local",
        "METAFLOW_DEFAULT_METADATA": "local",
        "METAFLOW_DATASTORE_SYSROOT_LOCAL": str(home),
        "METAFLOW_USER": "alice",
        "USERNAME": "alice",
        "TMPDIR": str(home / "tmp"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # Most of what is installed is never imported.
        "PIP_NO_COMPILE": "1",
    }


def run(
    *command: str | Path,
    cwd: Path,
    env: dict[str, str],
    check: bool = True,
    stdin: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command, and show its output if it fails and must not."""
    stdin_from = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    result = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        capture_output=True,
        check=False,
        encoding="utf-8",
        **stdin_from,
    )
    if check:
        assert_done(result)
    return result


def assert_done(result: subprocess.CompletedProcess[str]) -> None:
    """Check that a command did not fail, and show its output if it did."""
    command_line = " ".join(map(str, result.args))
    shown = f"{command_line} ended with {result.returncode}\n{result.stdout}\n{result.stderr}"
    assert result.returncode == 0, shown


def run_python(
    *arguments: str, cwd: Path, env: dict[str, str], check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run `python ARGUMENTS` without importing the libraries of this environment anew."""
    result = run_in_copy("pythons", list(arguments), cwd, env)
    if check:
        assert_done(result)
    return result


def make_environment(folder: Path, *requirements: str, env: dict[str, str]) -> Path:
    """Make an environment with these packages and no other, not even pip; return its Python."""
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent, env=env)
    install = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet")
    run(*install, *requirements, cwd=folder.parent, env=env)
    return python


@dataclass(frozen=True)
class BakedProject:
    """A generated project, and the environment variables that its commands run with."""

    path: Path
    environment: dict[str, str]
    output: str

    @property
    def slug(self) -> str:
        return self.path.name

    def file(self, name: str) -> Path:
        """Return the path of a file of the project, whose name may use SLUG for the project's."""
        return self.path / name.replace("SLUG", self.slug)

    def read(self, name: str) -> str:
        return self.file(name).read_text(encoding="utf-8")

    def files(self, pattern: str = "*") -> list[Path]:
        return [path for path in sorted(self.path.rglob(pattern)) if path.is_file()]

    def run(
        self, *command: str, check: bool = True, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's folder."""
        return run(*command, cwd=self.path, env=self.environment | environment, check=check)

    def python(
        self, *arguments: str, check: bool = True, anew: bool = False, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python with the project's package, without installing it.

        `anew` starts it as people do, for tests that look at the process itself.
        """
        env = self.environment | {"PYTHONPATH": str(self.path / "src")} | environment
        if anew:
            return run(sys.executable, *arguments, cwd=self.path, env=env, check=check)
        return run_python(*arguments, cwd=self.path, env=env, check=check)

    def flow(self, name: str, *arguments: str, check: bool = True, **environment: str):
        """Run a command of the flow in flows/NAME."""
        return self.python(f"flows/{name}/flow.py", *arguments, check=check, **environment)


def cookiecut(
    folder: Path,
    *,
    template: str | Path = REPOSITORY,
    options: tuple[str, ...] = (),
    typed: list[str] | None = None,
    no_input: bool = True,
    python: str | Path = sys.executable,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    **answers: str,
) -> subprocess.CompletedProcess[str]:
    """Run Cookiecutter, which may fail, with answers as arguments or typed at its questions.

    Questions beyond those that are typed an answer to get the default one.
    """
    arguments = [str(template), "-o", str(folder), *options]
    arguments += ["--no-input"] if no_input and not typed else []
    arguments += [f"{question}={answer}" for question, answer in answers.items()]
    folder.mkdir(parents=True, exist_ok=True)
    env = env or isolated_environment(folder.parent / "home")
    stdin = "".join(f"{answer}\n" for answer in typed or []) + "\n" * 20 * bool(typed)
    if python == sys.executable:
        return run_in_copy("cookiecutters", arguments, cwd or folder, env, stdin)
    command = [python, "-m", "cookiecutter", *arguments]
    return run(*command, cwd=cwd or folder, env=env, check=False, stdin=stdin)


def bake_into(folder: Path, **how) -> BakedProject:
    """Run Cookiecutter as `cookiecut` does, and return the project it made in the folder."""
    before = set(folder.iterdir()) if folder.exists() else set()
    result = cookiecut(folder, **how)
    assert result.returncode == 0, result.stdout + result.stderr
    (made,) = set(folder.iterdir()) - before
    return BakedProject(
        made,
        isolated_environment(folder.parent / "home"),
        result.stdout + result.stderr,
    )


def bake_once(folder: Path, baked: Path, **how) -> BakedProject:
    """Return a copy of the project that `bake_into` makes, which is made once for all tests.

    Args:
        folder: Where the copy goes.
        baked: The folder, shared by all processes of the tests, where projects are kept.
        how: As `cookiecut` takes it.
    """
    key = hashlib.sha256(json.dumps(how, sort_keys=True, default=str).encode()).hexdigest()[:16]
    kept = baked / key
    if not kept.exists():
        draft = Path(mkdtemp(dir=baked))
        project = bake_into(draft / "projects", **how)
        draft.joinpath("output").write_text(project.output, encoding="utf-8")
        with suppress(OSError):  # Another process may have been faster.
            draft.rename(kept)
    (path,) = kept.joinpath("projects").iterdir()
    copy = shutil.copytree(path, folder / path.name, symlinks=True)
    environment = isolated_environment(folder.parent / "home")
    return BakedProject(copy, environment, kept.joinpath("output").read_text(encoding="utf-8"))


def git(*arguments: str, cwd: Path) -> str:
    """Run git as alice, and return what it says."""
    return run(
        "git", *arguments, cwd=cwd, env=isolated_environment(cwd.parent / "home")
    ).stdout.strip()


def copy_template(folder: Path) -> Path:
    """Copy the template, as it is in the work tree now, to a folder without git."""
    folder.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for part in TEMPLATE_PARTS:
        source = REPOSITORY / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=ignored)
        elif source.exists():
            shutil.copy2(source, folder / part)
    return folder


def commit_all(folder: Path, message: str = "Something") -> str:
    """Commit all of a folder, which becomes a repository if it is none; return the commit."""
    if not (folder / ".git").exists():
        git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", message, cwd=folder)
    return git("rev-parse", "HEAD", cwd=folder)

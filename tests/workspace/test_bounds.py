"""Small repositories whose files import each other in ways that took hours to follow."""

import time
from contextlib import contextmanager

import pytest

from tests.folder import FLOW


@contextmanager
def soon():
    """A time that is long enough on any machine, and far from enough for what grows too fast."""
    start = time.process_time()
    yield
    assert time.process_time() - start < 15


def among(count, template):
    """Modules of which each imports from all others."""
    for number in range(count):
        others = (other for other in range(count) if other != number)
        yield f"m{number}.py", "".join(template.format(other) for other in others)


@pytest.mark.parametrize("template", ["from .m{} import *\n", "from pkg.m{} import missing\n"])
def test_modules_that_import_from_each_other(repository, template):
    for name, text in among(30, template):
        repository.write(f"pkg/{name}", text)
    repository.write("pkg/__init__.py", "from .m0 import *\n")
    flow = FLOW.replace("ArxivTopics(FlowSpec)", "ArxivTopics(Base)")
    repository.write(
        "flow.py", f"from pkg.m0 import missing as Base\nfrom pkg import other\n{flow}"
    )
    with soon():
        repository.check("--select", "ALL")


def test_a_name_that_grows_as_it_is_followed(repository):
    repository.write("a.py", "import a.x.y as x\nimport a.x.x.y as y\nfrom a import x as z\n")
    repository.write(
        "flow.py", f"from a import x, y, z\nimport a\n{FLOW}".replace("(FlowSpec)", "(x)")
    )
    with soon():
        repository.check("--select", "ALL")


def test_files_without_metaflow_whose_classes_derive_from_each_other(repository):
    for name, text in among(100, "from m{} import *\n"):
        repository.write(name, f"{text}class A(B):\n    pass\n")
    with soon():
        repository.check()


def test_a_long_chain_of_files_without_metaflow(repository):
    for number in range(200):
        text = f"from m{number + 1} import A as B\n\n\nclass A(B):\n    pass\n"
        repository.write(f"m{number}.py", text)
    repository.write("m200.py", "import metaflow\n\n\nclass A(metaflow.FlowSpec):\n    pass\n")
    with soon():
        assert "uses Metaflow" not in repository.check("m0.py").out


def test_many_packages_and_many_imports(repository):
    packages = ", ".join(f'"p{number}/x"' for number in range(7000))
    repository.write(
        "pyproject.toml", f"[tool.hatch.build.targets.wheel]\npackages = [{packages}]\n"
    )
    imports = "".join(f"import n{number}\n" for number in range(1000))
    repository.write("flow.py", imports + FLOW)
    with soon():
        repository.check("--select", "MF3,MF1")


def test_a_workspace_of_many_members(repository):
    members = ", ".join(f'"p{number}"' for number in range(9000))
    repository.write(
        "pyproject.toml",
        "[tool.uv.sources]\nx = { workspace = true }\n"
        f"[tool.uv.workspace]\nmembers = [{members}]\n",
    )
    repository.write("flow.py", f"import unknown\n{FLOW}")
    with soon():
        repository.check()

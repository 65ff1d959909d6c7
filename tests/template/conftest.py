"""What the template's tests share: projects, and stand-ins for the servers of a deployment."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .baking import BakedProject, bake_once, isolated_environment
from .copies import end_servers
from .ran import Ran, ran_once, run_in_test_mode, run_on_all_branches
from .stand_ins import Argo, Buckets, Webhook

# What tests that share the default project leave in it.
CACHES = shutil.ignore_patterns("__pycache__", ".metaflow*", ".pytest_cache", ".mypy_cache")


@pytest.fixture(scope="session", autouse=True)
def _servers() -> Iterator[None]:
    yield
    end_servers()


@pytest.fixture(scope="session")
def all_baked(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder where projects are kept that several tests ask for."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "baked"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def bake(tmp_path: Path, all_baked: Path) -> Callable[..., BakedProject]:
    """Bake a project from the answers that are given, and the default ones."""
    return lambda **how: bake_once(tmp_path / "projects", all_baked, **how)


@pytest.fixture(scope="session")
def baked(tmp_path_factory: pytest.TempPathFactory, all_baked: Path) -> BakedProject:
    """The default project, for tests that leave it as it is."""
    return bake_once(tmp_path_factory.mktemp("default") / "projects", all_baked)


@pytest.fixture
def project(baked: BakedProject, tmp_path: Path) -> BakedProject:
    """A copy of the default project with runs and results of its own."""
    path = shutil.copytree(baked.path, tmp_path / baked.path.name, ignore=CACHES)
    return BakedProject(path, isolated_environment(tmp_path / "home"), baked.output)


@pytest.fixture(scope="session")
def tested(all_baked: Path) -> Ran:
    """The default project, after both flows ran in test mode."""
    return ran_once(all_baked / "tested", all_baked, run_in_test_mode)


@pytest.fixture(scope="session")
def whole(all_baked: Path) -> Ran:
    """The default project, after its flows ran on whole data, on a branch of each kind."""
    return ran_once(all_baked / "whole", all_baked, run_on_all_branches)


@pytest.fixture(scope="session")
def buckets() -> Iterator[Buckets]:
    """S3 on this machine."""
    with Buckets() as server:
        yield server


@pytest.fixture(scope="session")
def step_functions(buckets: Buckets) -> dict[str, str]:
    """AWS Step Functions and AWS Batch on this machine, as settings of Metaflow's."""
    return buckets.step_functions()


@pytest.fixture
def argo(tmp_path: Path) -> Iterator[Argo]:
    """What Metaflow sees of a cluster with Argo Workflows, on this machine."""
    with Argo(tmp_path / "kubeconfig") as server:
        yield server


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """What receives events, on this machine."""
    with Webhook() as server:
        yield server

"""Metaflow's tutorials, as `metaflow tutorials pull` copies them for somebody."""

import shutil
from pathlib import Path

import metaflow
import pytest

FOLDER = Path(metaflow.__file__).parent / "tutorials"
TUTORIALS = [path.relative_to(FOLDER) for path in sorted(FOLDER.rglob("*.py"))]


@pytest.fixture(scope="session")
def tutorials(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tutorials. In this repository's `.venv`, they would belong to its project,
    all of which each test would read."""
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(FOLDER, tmp_path_factory.mktemp("tutorials") / "all", ignore=ignored)


@pytest.fixture(params=TUTORIALS, ids=lambda path: path.name)
def tutorial(request: pytest.FixtureRequest, tutorials: Path) -> Path:
    """Each file of the tutorials."""
    return tutorials / request.param

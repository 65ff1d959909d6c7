"""The settings, and what each of them takes."""

from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from lint_rules.errors import CannotRun
from lint_rules.settings.forms import (
    CODE,
    DOTTED_NAME,
    NAME,
    PATH,
    PROJECT,
    RELEASE,
    SCHEDULER,
    TEXT,
    VERSION,
    AtLeast,
    Form,
)
from lint_rules.workspace.file_system import LARGEST

OWN_FILE = "metaflow-lint.toml"
PYPROJECT = "pyproject.toml"
TABLE = "metaflow-lint"

_MOST_WORDS, _LONGEST_WORD = 1000, 100
"""What `nearest` looks at: the time that it takes grows with both."""


class SettingsError(CannotRun):
    """A setting that cannot be used; the message says where it is and what to write."""


class Settings(NamedTuple):
    """The settings that hold for a file. Their names in TOML have hyphens for underscores.

    Each is annotated with the explanation that the documentation shows, and with what its texts
    or its number must be.
    """

    extend: Annotated[
        str | None,
        "Another configuration file. Its settings hold unless this file sets them.",
        PATH,
    ] = None
    required_version: Annotated[
        str | None,
        "The versions of metaflow-lint that may run: `0.1.0`, or bounds such as `>=0.1,<1`.",
        VERSION,
    ] = None
    select: Annotated[
        tuple[str, ...],
        "Rules to check instead of the default ones: codes, prefixes such as `MF3`, or `ALL`.",
        CODE,
    ] = ()
    extend_select: Annotated[
        tuple[str, ...], "Rules to check in addition to the selected ones.", CODE
    ] = ()
    ignore: Annotated[
        tuple[str, ...], "Rules to leave out. The longer of two prefixes wins.", CODE
    ] = ()
    exclude: Annotated[
        tuple[str, ...],
        "Files and folders to leave out: patterns as in `.gitignore`, relative to the folder of "
        "the configuration file that was found, or to the current folder with `--config`.",
        TEXT,
    ] = ()
    extend_exclude: Annotated[
        tuple[str, ...], "Files and folders to leave out in addition to `exclude`.", TEXT
    ] = ()
    per_file_ignores: Annotated[
        dict[str, tuple[str, ...]],
        "Rules to leave out in some files: patterns as in `exclude`, with codes.",
        CODE,
    ] = {}
    baseline: Annotated[
        str | None,
        "The file with known findings, which are not reported. `--write-baseline` writes it.",
        PATH,
    ] = None
    local_rules: Annotated[
        tuple[str, ...],
        "Files or folders with rules of your own. The linter runs them, so trust them.",
        PATH,
    ] = ()
    project_root: Annotated[
        str | None,
        "The folder that rules on the whole project look at, instead of the folder of the nearest "
        "`pyproject.toml`.",
        PATH,
    ] = None
    project: Annotated[
        str | None, "The project's name, which `@project` should be given.", PROJECT
    ] = None
    own_packages: Annotated[
        tuple[str, ...],
        "Packages that are the repository's own although they are not in it.",
        DOTTED_NAME,
    ] = ()
    generic_names: Annotated[
        tuple[str, ...],
        "Further words that say nothing about a flow's data, for `generic-flow-name`.",
        NAME,
    ] = ()
    conda_decorators: Annotated[
        tuple[str, ...],
        "Metaflow's decorators that need a reason, such as `pypi` and `pypi_base`.",
        NAME,
    ] = ("conda", "conda_base")
    event_decorators: Annotated[
        tuple[str, ...],
        "The project's own decorators that wait for events by namespaced names.",
        NAME,
    ] = ("namespaced_trigger",)
    external_events: Annotated[
        tuple[str, ...],
        "Events that come from outside the project, whose names nobody here can change.",
        TEXT,
    ] = ()
    metaflow_version: Annotated[
        str | None,
        "The version of Metaflow that the flows run with, such as `2.19.39`, instead of what lock "
        "files and requirements state.",
        RELEASE,
    ] = None
    scheduler: Annotated[
        str | None,
        "Where the flows are deployed, for `undeployable`: `argo-workflows`, `step-functions` or "
        "`airflow`.",
        SCHEDULER,
    ] = None
    max_step_statements: Annotated[
        int, "How many statements of work a step may have.", AtLeast(1)
    ] = 7
    docstring_step_statements: Annotated[
        int, "How many statements a step may have before it needs a docstring.", AtLeast(0)
    ] = 5
    max_file_size: Annotated[
        int, "The largest file that is read, in bytes; a larger one is reported.", AtLeast(1)
    ] = LARGEST
    library_types: Annotated[
        tuple[str, ...],
        "Classes and functions besides the known ones that make library objects: dotted names.",
        DOTTED_NAME,
    ] = ()
    origin: Path | None = None
    """The file that the settings were read from."""
    root: Path | None = None
    """The folder that patterns start from."""
    excluded_here: tuple[str, ...] = ()
    """Patterns of the command line, which start from the current folder."""
    given: frozenset[str] = frozenset()
    """The settings that the command line gives."""

    def blame(self, name: str) -> str:
        """Where a setting was given, for messages: `--select: ` or the configuration file."""
        if name in self.given:
            return f"--{name.replace('_', '-')}: "
        return f"{self.origin}: " if self.origin else ""

    def path(self, name: str) -> Path:
        """A path of a setting; those of configuration files are absolute already."""
        return (self.root or Path()) / name


class Option(NamedTuple):
    """What can be set.

    Attributes:
        name: its name in `Settings`.
        type: what it takes.
        default: its value where nothing is set.
        doc: what it is for.
        form: what its texts, or its number, must be.
    """

    name: str
    type: Any
    default: Any
    doc: str
    form: Form | AtLeast


@cache
def options() -> dict[str, Option]:
    """All that can be set, by its names in TOML."""
    hints = get_type_hints(Settings, include_extras=True)
    given = {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Annotated}
    return {
        name.replace("_", "-"): Option(name, kind, Settings._field_defaults[name], doc, form)
        for name, (kind, doc, form) in given.items()
    }


def nearest(word: str, words: Iterable[str]) -> str:
    """A sentence that offers the word that was probably meant, or nothing."""
    import difflib

    known = (known for known in words if len(known) <= _LONGEST_WORD)
    word = word[:_LONGEST_WORD]
    close = difflib.get_close_matches(word, list(islice(known, _MOST_WORDS)), 5)
    if not close:
        return ""

    def likeness(other: str) -> tuple[float, int]:
        # Of words that are equally close, the one with more letters in their places was meant.
        ratio = difflib.SequenceMatcher(None, other, word).ratio()
        return ratio, sum(a == b for a, b in zip(word, other, strict=False))

    return f" Did you mean `{max(close, key=likeness)}`?"

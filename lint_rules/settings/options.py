"""The settings, with their types, defaults and explanations."""

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
    SETTING,
    SEVERITY,
    TEXT,
    VERSION,
    AtLeast,
    Form,
)
from lint_rules.workspace.file_descriptors import LARGEST

OWN_FILE = "metaflow-lint.toml"
PYPROJECT = "pyproject.toml"
TABLE = "metaflow-lint"
PACKAGE = "pkg:"

_MOST_WORDS, _LONGEST_WORD = 1000, 100
"""Limits of `nearest`, because its time grows with both."""


class SettingsError(CannotRun):
    """A wrong setting. The message tells where it is and what to write."""


class Selection(NamedTuple):
    """What one configuration file, or the command line, says of which rules hold.

    Attributes:
        select: the rules to begin with; if there are none, those of the file that is extended.
        extend_select: rules to add.
        ignore: rules to leave out.
        origin: the file, `None` for the command line.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    origin: Path | None = None


class Settings(NamedTuple):
    """The settings that apply to a file. Their names in TOML have hyphens instead of underscores.

    The annotation of each setting has its explanation for the documentation, and the form of its
    texts or its number.
    """

    extend: Annotated[
        str | None,
        "Another configuration file, or one in an installed package, such as "
        "`pkg:acme_lint/strict.toml`. Its settings apply, and this file adds to them.",
        PATH,
    ] = None
    required_version: Annotated[
        str | None,
        "The versions of metaflow-lint that may run: `0.1.0`, or bounds such as `>=0.1,<1`.",
        VERSION,
    ] = None
    select: Annotated[
        tuple[str, ...],
        "Rules to check instead of the default rules: codes, prefixes such as `MF3`, groups such "
        "as `correctness`, or `ALL`.",
        CODE,
    ] = ()
    extend_select: Annotated[
        tuple[str, ...], "Rules to check in addition to the selected ones.", CODE
    ] = ()
    ignore: Annotated[
        tuple[str, ...],
        "Rules to turn off. If `select` and `ignore` disagree, the longer prefix wins. A prefix "
        "wins over a group.",
        CODE,
    ] = ()
    preview: Annotated[
        bool,
        "Whether to check rules that are in preview, too, and none that are deprecated.",
        None,
    ] = False
    exclude: Annotated[
        tuple[str, ...],
        "Files and folders to skip: patterns as in `.gitignore`, relative to the folder of the "
        "configuration file, or to the current folder with `--config`.",
        TEXT,
    ] = ()
    extend_exclude: Annotated[
        tuple[str, ...], "Files and folders to skip in addition to `exclude`.", TEXT
    ] = ()
    per_file_ignores: Annotated[
        dict[str, tuple[str, ...]],
        "Rules to turn off in some files: a pattern as in `exclude`, and a list as in `ignore`.",
        CODE,
    ] = {}
    severity: Annotated[
        dict[str, str],
        'How bad the findings of rules are, as in `{ MF301 = "info", MF8 = "error" }`: a '
        "selector as in `select`, and `error`, `warning` or `info`.",
        SEVERITY,
    ] = {}
    fail_on: Annotated[
        str,
        "How bad a finding must be for exit status 1: `error`, `warning` or `info`. The report "
        "shows the others, too.",
        SEVERITY,
    ] = "info"
    baseline: Annotated[
        str | None,
        "A file with known diagnostics, which the linter does not report. `--write-baseline` "
        "writes it.",
        PATH,
    ] = None
    local_rules: Annotated[
        tuple[str, ...],
        "Files or folders with your own rules. The linter runs their code, so use only code that "
        "you trust.",
        PATH,
    ] = ()
    project_root: Annotated[
        str | None,
        "The folder of the project, for rules that check a whole project. The default is the "
        "folder of the nearest `pyproject.toml`.",
        PATH,
    ] = None
    project: Annotated[
        str | None, "The name of the project, which `@project` must have.", PROJECT
    ] = None
    own_packages: Annotated[
        tuple[str, ...],
        "Packages that belong to your repository, although they are not in it.",
        DOTTED_NAME,
    ] = ()
    generic_names: Annotated[
        tuple[str, ...],
        "More words that do not tell which data a flow uses, for `generic-flow-name`.",
        NAME,
    ] = ()
    conda_decorators: Annotated[
        tuple[str, ...],
        "Decorators of Metaflow that need a reason, for `conda-decorator`. You can add `pypi` and "
        "`pypi_base`.",
        NAME,
    ] = ("conda", "conda_base")
    event_decorators: Annotated[
        tuple[str, ...],
        "Your own decorators that wait for events with namespaced names.",
        NAME,
    ] = ("namespaced_trigger",)
    test_mode_guards: Annotated[
        tuple[str, ...],
        "Decorators that refuse to run a flow in test mode and in production, for "
        "`unguarded-test-mode`. Without this setting, it is what the project's other flows have.",
        NAME,
    ] = ()
    external_events: Annotated[
        tuple[str, ...],
        "Events from outside the project, or for programs outside it. Their names cannot change.",
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
        int,
        "The most operations that a step may do itself. A statement is at least one.",
        AtLeast(1),
    ] = 6
    docstring_step_statements: Annotated[
        int, "The most statements that a step may have without a docstring.", AtLeast(0)
    ] = 5
    max_file_size: Annotated[
        int,
        "The largest file that the linter reads, in bytes. It reports larger files.",
        AtLeast(1),
    ] = LARGEST
    library_types: Annotated[
        tuple[str, ...],
        "More classes and functions that create objects of a library, as dotted names, for "
        "`library-artifact`.",
        DOTTED_NAME,
    ] = ()
    repository_settings: Annotated[
        tuple[str, ...],
        "Settings that the repository's own configuration may add if this file is given with "
        "`--config`, such as `project` and `baseline`. Without this setting, it adds none.",
        SETTING,
    ] = ()
    origin: Path | None = None
    """The file that the settings were read from."""
    selections: tuple[Selection, ...] = ()
    """What selects rules, of each file that extends another and of the command line, in order."""
    root: Path | None = None
    """The folder that patterns are relative to."""
    excluded_here: tuple[str, ...] = ()
    """Patterns from the command line, relative to the current folder."""
    given: frozenset[str] = frozenset()
    """The settings from the command line."""

    def blame(self, name: str) -> str:
        """The source of a setting, for messages: `--select: ` or the configuration file."""
        if name in self.given:
            return f"--{name.replace('_', '-')}: "
        return f"{self.origin}: " if self.origin else ""

    @property
    def selecting(self) -> tuple[Selection, ...]:
        """What selects rules, each on top of the one before."""
        own = Selection(self.select, self.extend_select, self.ignore)
        return self.selections or (own,)

    def path(self, name: str) -> Path:
        """A path from a setting. Paths from configuration files are already absolute."""
        return (self.root or Path()) / name


class Option(NamedTuple):
    """A setting.

    Attributes:
        name: its name in `Settings`.
        type: its type.
        default: its default value.
        doc: its explanation.
        form: the form of its texts or its number, `None` for a switch.
    """

    name: str
    type: Any
    default: Any
    doc: str
    form: Form | AtLeast | None


@cache
def options() -> dict[str, Option]:
    """All settings, by their names in TOML."""
    hints = get_type_hints(Settings, include_extras=True)
    given = {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Annotated}
    return {
        name.replace("_", "-"): Option(name, kind, Settings._field_defaults[name], doc, form)
        for name, (kind, doc, form) in given.items()
    }


def nearest(word: str, words: Iterable[str]) -> str:
    """A sentence with the word that the user probably meant, or an empty text."""
    import difflib

    known = (known for known in words if len(known) <= _LONGEST_WORD)
    word = word[:_LONGEST_WORD]
    close = difflib.get_close_matches(word, list(islice(known, _MOST_WORDS)), 5)
    if not close:
        return ""

    def likeness(other: str) -> tuple[float, int]:
        # Among equally close words, prefer the one with more letters at the same position.
        ratio = difflib.SequenceMatcher(None, other, word).ratio()
        return ratio, sum(a == b for a, b in zip(word, other, strict=False))

    return f" Did you mean `{max(close, key=likeness)}`?"

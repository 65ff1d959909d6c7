"""What the values of settings must look like, beside their types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Form:
    """What a text must look like.

    Attributes:
        pattern: a regular expression that all of it must match, which JSON schemas read too.
        description: what it must be, for messages.
    """

    pattern: str
    description: str

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def allows(self, text: str) -> bool:
        """Whether a text has the form."""
        return self._compiled.fullmatch(text) is not None


@dataclass(frozen=True)
class AtLeast:
    """The smallest number that a setting takes."""

    minimum: int


_WORD = r"[^\W\d]\w*"

PATH = Form(r"[^\x00-\x1f]+", "a path")
"""A path, which `Configuration` takes from the folder of the file that names it."""

TEXT = Form(r"[^\x00-\x1f]*[^\x00-\x20][^\x00-\x1f]*", "a line of text that is not empty")
PROJECT = Form(
    r"[a-z0-9_]{1,128}",
    "at most 128 lowercase letters, digits and underscores, as Metaflow wants a project's name",
)
NAME = Form(_WORD, "a Python name")
DOTTED_NAME = Form(rf"{_WORD}(\.{_WORD})*", "a Python name, with dots if need be")
CODE = Form(
    r"[A-Za-z][A-Za-z0-9]*",
    "a rule's code such as `MF101`, a prefix of codes, a group such as `correctness`, or `ALL`",
)
_BOUND = r"((==|!=|<=|>=|<|>) ?)?[0-9]{1,9}(\.[0-9]{1,9})*"
VERSION = Form(
    rf"{_BOUND}(, ?{_BOUND})*", "a version such as `0.1.0`, or bounds such as `>=0.1,<1`"
)
RELEASE = Form(r"[0-9]{1,9}(\.[0-9]{1,9})*", "a version such as `2.19.39`")
SETTING = Form(r"[a-z]+(-[a-z]+)*", "the name of a setting")
SEVERITY = Form("error|warning|info", "`error`, `warning` or `info`")
SCHEDULER = Form(
    r"argo-workflows|step-functions|airflow", "`argo-workflows`, `step-functions` or `airflow`"
)

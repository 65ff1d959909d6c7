"""What rules of other packages, and of a repository's own, import: this stays as it is."""

from lint_rules.diagnostics.diagnostic import (
    AddItem,
    Append,
    DeleteStatement,
    Edit,
    Finding,
    InsertLines,
    Replace,
    Safety,
)
from lint_rules.fixes.edits import import_line, spelled
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.module import Module
from lint_rules.model.project import Project
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Artifact, Step, Transition
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group
from lint_rules.settings.status import Status
from lint_rules.testing import check_rule

__all__ = [
    "AddItem",
    "Append",
    "Artifact",
    "Bad",
    "DeleteStatement",
    "Edit",
    "Finding",
    "Flow",
    "Good",
    "Group",
    "InsertLines",
    "Module",
    "Parameter",
    "Project",
    "Replace",
    "Rule",
    "Safety",
    "Status",
    "Step",
    "Transition",
    "check_rule",
    "import_line",
    "metaflow_name",
    "spelled",
]

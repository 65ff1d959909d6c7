"""What Metaflow is, as data that a script generates from Metaflow itself.

    from lint_rules.metaflow import FUNCTION, UNKNOWN, facts

    metaflow = facts("2.19.39")                # or facts(): the newest version that was read
    retry = metaflow.step_decorators["retry"]
    retry.attributes["times"].problem(10)      # Refusal(stage="check", message="The maximum …")
    metaflow.value_problem("retry", "times", 10)
    retry.problems({"time": 3})                # all that is wrong with what is given
    metaflow.decorator("project").needs        # one_of={"name"}, and what Metaflow says
    metaflow.decorator("trigger").excludes("event", "events")
    metaflow.excludes("batch", "kubernetes")   # Exclusion(refusal, when=(), unless=())
    metaflow.step_decorators["catch"].unsupported_on["foreach"]
    metaflow.reserved_step_names, metaflow.step_name_problem("Train")
    metaflow.flowspec_attributes["next"]       # OwnName(kind="method", settable=True, saved=True)
    metaflow.next_options                      # {"foreach", "condition", "num_parallel"}
    metaflow.parameter_options["Parameter"].options, metaflow.reserved_parameter_names
    metaflow.current_properties["card"]        # {"card"}: the decorators that add it, if any must
    metaflow.pathspecs["Run"]                  # Pathspec(parts=2, message="Expects Run(…)")
    metaflow.current_parts["pathspec"]         # 4, of a pathspec; metaflow.current_objects
    metaflow.s3_methods["get"]                 # S3Method(takes="one", parameters=("key", …), …)
    metaflow.parameter_types["int"].problem("many")
    metaflow.public_names["retry"]             # "step decorator"
    metaflow.shadowing_modules                 # {"random", "logging", …}: names of files to avoid
    metaflow.schedulers["step-functions"]["switch"]  # Answer(answer="refused", message=…)

Importing this reads nothing; each question reads the file it needs, once. This package imports
nothing else of the linter, and does not need Metaflow. docs/metaflow-facts.md says how the data are
made.
"""

from lint_rules.metaflow.decorators import Decorator, Needs
from lint_rules.metaflow.reader import (
    Exclusion,
    Facts,
    OwnName,
    ParameterKind,
    Pathspec,
    S3Method,
    facts,
    known_versions,
)
from lint_rules.metaflow.schedulers import Answer
from lint_rules.metaflow.values import FUNCTION, UNKNOWN, Attribute, Refusal

__all__ = [
    "FUNCTION",
    "UNKNOWN",
    "Answer",
    "Attribute",
    "Decorator",
    "Exclusion",
    "Facts",
    "Needs",
    "OwnName",
    "ParameterKind",
    "Pathspec",
    "Refusal",
    "S3Method",
    "facts",
    "known_versions",
]

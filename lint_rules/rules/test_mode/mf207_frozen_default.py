"""MF207."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.early_names import eager
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Attribute, Call, Expression, Name, Subscript
from lint_rules.model.constants import known
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_CLOCK = "the time"
_CHANCE = "a random value"
_ENVIRONMENT = "the environment"
_FILE = "a file"
_MACHINE = "the machine"
_READS = {
    **dict.fromkeys(
        [
            "datetime.datetime.now",
            "datetime.datetime.today",
            "datetime.datetime.utcnow",
            "datetime.date.today",
            *(f"time.{name}" for name in ("time", "time_ns", "gmtime", "localtime", "strftime")),
            "pandas.Timestamp.now",
            "pandas.Timestamp.today",
            "pendulum.now",
            "pendulum.today",
            "arrow.now",
            "arrow.utcnow",
        ],
        _CLOCK,
    ),
    **dict.fromkeys(["uuid.uuid1", "uuid.uuid4", "os.urandom"], _CHANCE),
    **dict.fromkeys(["os.getenv", "os.environ.get", "os.environ.setdefault"], _ENVIRONMENT),
    **dict.fromkeys(["builtins.open", "json.load", "yaml.safe_load", "tomllib.load"], _FILE),
    **dict.fromkeys(
        ["os.getcwd", "os.getlogin", "getpass.getuser", "socket.gethostname", "platform.node"],
        _MACHINE,
    ),
}
_MODULES = {"random": _CHANCE, "secrets": _CHANCE, "subprocess": _MACHINE}
_OF_FILES = ("read_text", "read_bytes")
_MOST_NAMES = 50


class FrozenDefault(Rule):
    """
    ## What it does
    Checks for parameters whose default Python computes when it loads the file, from the time, a
    random value, a file or the environment: `default=date.today().isoformat()`.

    ## Why is this bad?
    A deployment loads the file once, so all its scheduled runs get the same value: the day of the
    deployment, or the environment of the machine that deployed. Nothing fails, but the results
    become wrong. On your own machine, each run gets a new value, so the flow seems to work.

    Compute the value in the first step. A function as the default does not help, because a
    deployment calls it only once.

    ## References
    Metaflow, "Passing parameters to flows": deploy-time parameters.
    """

    code, name, default = "MF207", "frozen-default", False
    group = Group.SUSPICIOUS
    base_flows = True
    bad = [
        Bad(
            """
            import os
            from datetime import date

            from metaflow import FlowSpec, Parameter, step

            TODAY = date.today()


            class ArxivTopics(FlowSpec):
                day = Parameter("day", default=f"{TODAY:%Y-%m-%d}")
                table = Parameter("table", default=os.environ["TABLE"])

                @step
                def start(self):
                    pass
            """,
            at=('f"{TODAY:%Y-%m-%d}"', 'os.environ["TABLE"]'),
        ),
    ]
    good = [
        """
        from datetime import date

        from metaflow import FlowSpec, Parameter, current, step


        class ArxivTopics(FlowSpec):
            day = Parameter("day", default="")
            year = Parameter("year", default=date(2024, 1, 1).year)
            table = Parameter(
                "table", default=lambda _: "papers" if current.is_production else "papers_test"
            )

            @step
            def start(self):
                self.date = self.day or date.today().isoformat()
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, step

            from settings import TABLE


            class ArxivTopics(FlowSpec):
                table = Parameter("table", default=TABLE)

                @step
                def start(self):
                    pass
            """,
            why="The linter does not know where the value comes from.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for parameter in flow.parameters:
            default = parameter.default
            if parameter.kind != "Parameter" or default is None:
                continue
            found = _read(default, parameter.module)
            if found is not None:
                read, what = found
                related = [] if read is default else [(read, f"it reads {what}")]
                yield self.finding(
                    default if default.file == flow.location.file else parameter,
                    f"The default of `{parameter.attribute}` comes from {what} when Python "
                    "loads the file, and a deployment keeps that value",
                    "remove the default, and compute the value in the first step if "
                    f"`self.{parameter.attribute}` is `None`",
                    related=related,
                )


def _read(default: Expression, module: Module) -> tuple[Expression, str] | None:
    """What a default reads when it is evaluated, itself or in the constants that it names."""
    waiting = [(default, module)]
    for _ in range(_MOST_NAMES):
        if not waiting:
            break
        expression, where = waiting.pop()
        for part in eager(expression):
            what = _source(part)
            if what is not None:
                return part, what
            if isinstance(part, Name) and part.context == "load":
                behind, there = known(part, where)
                if behind is not part and not isinstance(behind, Name):
                    waiting.append((behind, there))
    return None


def _source(part: Expression) -> str | None:
    """What an expression reads of the world around the program."""
    if isinstance(part, Subscript):
        return _ENVIRONMENT if part.value.qualified == "os.environ" else None
    if not isinstance(part, Call):
        return None
    function = part.function
    qualified = function.qualified or ""
    if qualified in _READS:
        return _READS[qualified]
    if isinstance(function, Attribute | Name) and function.name.rpartition(".")[2] in _OF_FILES:
        return _FILE
    return _MODULES.get(qualified.partition(".")[0])

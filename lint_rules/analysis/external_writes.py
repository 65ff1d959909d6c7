"""Where a function writes to something outside Metaflow: a table, a bucket, a service."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.call_graph import Code
from lint_rules.analysis.writing_names import (
    BUCKET,
    CHANGING_SQL,
    CLIENT_METHODS,
    RUNS_SQL,
    SAVING_METHODS,
    SERVICE,
    STATEMENT_ARGUMENTS,
    TABLE,
    TRACKING_METHODS,
    URL,
    WRITING_FUNCTIONS,
    WRITING_METHODS,
    copies_to_bucket,
    named_target,
)
from lint_rules.model.code import (
    Assignment,
    Attribute,
    BinOp,
    Call,
    Collection,
    Constant,
    Dict,
    Expression,
    FormattedValue,
    JoinedStr,
    Name,
    With,
)
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

DEEPEST = 100
"""Operators and names on the way to the beginning of a text."""

_S3_WRITES = frozenset({"put", "put_many", "put_files"})
_OF_THE_RUN = ("run_id", "pathspec", "task_id", "tempdir", "project_flow_name")
_HOSTED_INDEXES = frozenset({"pinecone", "qdrant_client", "pymilvus", "weaviate", "turbopuffer"})
_LOCAL_DATABASES = frozenset({"duckdb", "sqlite3", "ibis", "polars"})
_SQL_BUILDERS = frozenset({"sqlalchemy", "sqlmodel"})
_CHANGES = frozenset({"insert", "update", "delete"})


class Writes:
    """Looks at the calls of one function, with what its names hold.

    Args:
        code: the function. If its flow is known, `self` is the flow.
    """

    def __init__(self, code: Code) -> None:
        function, flow = code.function, code.flow
        self._module, self._name = code.module, function.name
        self._self = function.self_name if flow else ""
        self._defaults = {p.attribute: p.default for p in flow.all_parameters} if flow else {}
        self._values: dict[str, list[Expression]] = {}
        for statement in function.statements:
            if isinstance(statement, Assignment) and statement.value is not None:
                for target in statement.targets:
                    self._hold(target, statement.value)
            elif isinstance(statement, With):
                for item in statement.items:
                    if item.target is not None:
                        self._hold(item.target, item.context)

    def target(self, call: Call) -> str | None:
        """What a call writes to, `None` if it does not, or may not."""
        function = call.function
        if not isinstance(function, Name | Attribute):
            return None
        qualified = function.qualified or ""
        name = function.name.rpartition(".")[2]
        if self._self and isinstance(function, Name) and function.name == f"{self._self}.{name}":
            return None
        if qualified in WRITING_FUNCTIONS:
            return WRITING_FUNCTIONS[qualified]
        if name in _S3_WRITES:
            return BUCKET if self._is_shared_s3(function) else None
        if RUNS_SQL.fullmatch(name):
            return TABLE if self._changes_a_table(call) else None
        if name in ("system", "run", "check_call", "check_output", "call", "Popen"):
            return BUCKET if self._copies_to_a_bucket(call, qualified) else None
        if name == "deploy" and (
            call.named("initial_instance_count") or call.named("instance_type")
        ):
            return SERVICE
        if qualified.startswith("awswrangler.") and name.startswith(("to_", "upload", "put_")):
            return BUCKET if qualified.startswith("awswrangler.s3.") else TABLE
        if name == "open" and self._opens_for_writing(call):
            return BUCKET
        if name in SAVING_METHODS:
            return BUCKET if any(self._is_url(a.value) for a in call.arguments) else None
        if name == "log_model" and qualified.startswith("mlflow."):
            return SERVICE if call.named("registered_model_name") else None
        if name == "index" and call.named("index"):
            # `index` of Elasticsearch and OpenSearch; a list's takes no such argument.
            return SERVICE if call.named("document") or call.named("body") else None
        if name == "upsert":
            return SERVICE if self._imports(_HOSTED_INDEXES) else None
        if name in WRITING_METHODS:
            is_local = name == "to_sql" and self._imports(_LOCAL_DATABASES)
            return None if is_local else WRITING_METHODS[name]
        if name in TRACKING_METHODS and self._is_of_wandb(call):
            return SERVICE
        if name in CLIENT_METHODS and any(map(self._is_for_bucket, self._clients(function))):
            return BUCKET
        return named_target(name)

    def is_of_the_run(self, call: Call, target: str) -> bool:
        """Whether a write is named for the run, so that it is nobody else's.

        A row with the run's id is still in everybody's table.
        """
        contents = Dict if target == TABLE else ()
        return any(
            part in _OF_THE_RUN
            for name in self._behind(call, contents)
            for part in name.name.split(".")
        ) or any(self._is_given_the_run(client) for client in self._clients(call.function))

    def _hold(self, target: Expression, value: Expression) -> None:
        if isinstance(target, Name):
            self._values.setdefault(target.name, []).append(value)

    def _held(self, name: str) -> list[Expression]:
        return self._values.get(name, [])

    def _known(self, value: Expression | None) -> Expression | None:
        """A value, or what a name holds: a local one, a constant, a parameter's default."""
        if isinstance(value, Name):
            held = self._held(value.name)
            if held:
                return held[0] if len(held) == 1 else None
            owner, _, name = value.name.rpartition(".")
            if owner and owner == self._self:
                return self._defaults.get(name)
        return self._module.known(value)

    def _text(self, value: Expression | None) -> str:
        """The text that a string begins with, as far as it is to be seen."""
        for _ in range(DEEPEST):
            value = self._known(value)
            match value:
                case Constant():
                    return value.text or ""
                case JoinedStr(values=(str() as first, *_)):
                    return first
                case JoinedStr(values=(FormattedValue(is_plain=True) as first, *_)):
                    value = first.value
                case BinOp(operator="+" | "%" | "/"):
                    value = value.left
                case Call(function=Attribute(name="format") as format_):
                    value = format_.value
                case Call(function=Attribute()):
                    return ""
                case Call() if value.positional:
                    # `os.path.join("s3://…", …)`, `text("INSERT …")`
                    value = value.positional[0]
                case _:
                    return ""
        return ""

    def _is_url(self, value: Expression) -> bool:
        return bool(URL.match(self._text(value)))

    def _is_shared_s3(self, function: Name | Attribute) -> bool:
        """Whether something is Metaflow's `S3`, and not that of the run."""
        return any(
            isinstance(client, Call)
            and _is_s3(client)
            and not client.named("run")
            and not client.has_unpacking
            for client in self._clients(function)
        )

    def _clients(self, function: Expression) -> list[Expression]:
        """What a method is called on, where it is to be seen."""
        if isinstance(function, Attribute):
            return [function.value]
        if isinstance(function, Name):
            return self._held(function.name.rpartition(".")[0])
        return []

    def _is_given_the_run(self, client: Expression) -> bool:
        """Whether something was made for the run, as `S3(run=self)` is."""
        run = client.named("run") if isinstance(client, Call) else None
        return run is not None and isinstance(run.value, Name) and run.value.name == self._self

    def _behind(self, value: Expression, apart: type[Expression] | tuple[()]) -> Iterator[Name]:
        """The names in an expression, and those in what its names hold.

        Args:
            value: the expression.
            apart: a kind of expressions that are not looked into.
        """
        seen: set[Expression] = set()
        waiting = [value]
        while waiting:
            expression = waiting.pop()
            self._module.budget.require(on=self._name)
            if isinstance(expression, apart) or expression in seen:
                continue
            seen.add(expression)
            waiting += expression.parts
            if isinstance(expression, Name):
                yield expression
                waiting += self._held(expression.name)
                if expression.name != expression.head != self._self:
                    waiting += self._held(expression.head)

    def _changes_a_table(self, call: Call) -> bool:
        if self._imports(_LOCAL_DATABASES):
            return False
        named = [argument.value for name in STATEMENT_ARGUMENTS if (argument := call.named(name))]
        return any(
            CHANGING_SQL.match(self._text(statement)) or self._is_change(statement)
            for statement in (*call.positional[:1], *named)
        )

    def _is_change(self, statement: Expression) -> bool:
        """Whether something is a statement that SQLAlchemy builds: `table.delete().where(…)`."""
        known = self._known(statement)
        while isinstance(known, Call):
            function = known.function
            if not isinstance(function, Name | Attribute):
                return False
            if function.name.rpartition(".")[2] in _CHANGES:
                return self._imports(_SQL_BUILDERS)
            known = function.value if isinstance(function, Attribute) else None
        return False

    def _is_for_bucket(self, client: Expression) -> bool:
        """Whether something is a client that was made with the name of a bucket."""
        return isinstance(client, Call) and any(
            argument.name is not None and "bucket" in argument.name for argument in client.arguments
        )

    def _is_of_wandb(self, call: Call) -> bool:
        """Whether a method is that of a run of Weights & Biases, or of its module."""
        if (call.function.qualified or "").startswith(("wandb.log_", "wandb.link_", "wandb.run.")):
            return True
        return any(
            isinstance(client, Call) and client.function.qualified == "wandb.init"
            for client in self._clients(call.function)
        )

    def _imports(self, packages: frozenset[str]) -> bool:
        return not packages.isdisjoint(_packages(self._module))

    def _copies_to_a_bucket(self, call: Call, qualified: str) -> bool:
        if not qualified.startswith(("os.", "subprocess.")) or not call.positional:
            return False
        given = self._known(call.positional[0])
        words = given.items if isinstance(given, Collection) else (call.positional[0],)
        return copies_to_bucket(" ".join(self._whole_text(word) for word in words))

    def _whole_text(self, value: Expression) -> str:
        """A string's text with something in the place of what is not to be seen."""
        known = self._known(value)
        if isinstance(known, JoinedStr):
            return "".join(piece if isinstance(piece, str) else "…" for piece in known.values)
        return self._text(known) or "…"

    def _opens_for_writing(self, call: Call) -> bool:
        mode = self._text(call.argument("mode", 1))
        path = call.positional[:1]
        return mode[:1] in ("w", "a", "x") and bool(mode) and any(self._is_url(p) for p in path)


@remembered
def _packages(module: Module) -> frozenset[str]:
    """The packages that a file imports."""
    return frozenset(name for found in module.descendants.imports for name in found.packages())


def _is_s3(value: Expression) -> bool:
    return isinstance(value, Call) and metaflow_name(value.function.qualified) == "S3"

"""Where code writes to something outside Metaflow: a table, a bucket, a service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.writing_names import (
    BUCKET,
    CHANGING_SQL,
    SAVING_METHODS,
    SERVICE,
    TABLE,
    URL,
    WRITING_FUNCTIONS,
    WRITING_METHODS,
    copies_to_bucket,
    is_named_for_writing,
)
from lint_rules.model.code import (
    Assignment,
    Attribute,
    BinOp,
    Call,
    Collection,
    Constant,
    Expression,
    FormattedValue,
    Function,
    JoinedStr,
    Location,
    Name,
    With,
)
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

DEEPEST = 100
"""Operators and names on the way to the beginning of a text."""

_S3_WRITES = frozenset({"put", "put_many", "put_files"})
_OF_THE_RUN = ("run_id", "pathspec", "task_id", "tempdir", "project_flow_name")
_HOSTED_INDEXES = frozenset({"pinecone", "qdrant_client", "pymilvus", "weaviate", "turbopuffer"})
_LOCAL_DATABASES = frozenset({"duckdb", "sqlite3", "ibis", "polars"})


@dataclass(frozen=True, eq=False)
class Write:
    """A call that writes. `location` is that of the call; `target` says what it writes to."""

    call: Call
    target: str

    @property
    def location(self) -> Location:
        """Where the call stands."""
        return self.call.location


def writes(function: Function, flow: Flow) -> Iterator[Write]:
    """The calls in a step or helper method that write outside Metaflow.

    What is written under the run's own name is left out: no other run can overwrite it.
    """
    looker = _Looker(function, flow)
    for call in function.descendants.calls:
        target = looker.target(call)
        if target and not looker.is_of_the_run(call):
            yield Write(call, target)


class _Looker:
    """Looks at the calls of one function, with what its names hold."""

    def __init__(self, function: Function, flow: Flow) -> None:
        self._flow = flow
        owners = (o.module for o in flow.lineage if function in o.definition.functions)
        self._module = next(owners, flow.module)
        self._self, self._name = function.self_name, function.name
        self._defaults = {p.attribute: p.default for p in flow.all_parameters}
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
        """What a call writes to, `None` where it does not, or may not."""
        function = call.function
        if not isinstance(function, Name | Attribute):
            return None
        qualified = function.qualified or ""
        name = function.name.rpartition(".")[2]
        if isinstance(function, Name) and function.name == f"{self._self}.{name}":
            return None
        if qualified in WRITING_FUNCTIONS:
            return WRITING_FUNCTIONS[qualified]
        if name in _S3_WRITES:
            return BUCKET if self._is_shared_s3(function) else None
        if name in ("execute", "executemany", "run_query", "query"):
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
        if is_named_for_writing(name):
            return BUCKET if "upload" in name or name.endswith("s3") else TABLE
        return None

    def is_of_the_run(self, call: Call) -> bool:
        """Whether a write is named for the run, so that it is nobody else's."""
        return any(
            part in _OF_THE_RUN for name in self._behind(call) for part in name.name.split(".")
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

    def _behind(self, value: Expression) -> Iterator[Name]:
        """The names in an expression, and those in what its names hold."""
        seen: set[Expression] = set()
        waiting = [value]
        while waiting:
            for expression in waiting.pop().walk():
                self._module.budget.require(on=self._name)
                if isinstance(expression, Name) and expression not in seen:
                    seen.add(expression)
                    yield expression
                    waiting += self._held(expression.name)
                    if expression.name != expression.head != self._self:
                        waiting += self._held(expression.head)

    def _changes_a_table(self, call: Call) -> bool:
        if not CHANGING_SQL.match(self._text(call.positional[0] if call.positional else None)):
            return False
        return not self._imports(_LOCAL_DATABASES)

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

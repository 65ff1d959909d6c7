"""A repository that nobody wrote: modules that import each other, and flows in chains of base
classes and events. The same seed gives the same repository."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "warehouse"
MODULES_A_FOLDER = 50
FLOWS_A_BASE = 10

_NOUNS = "order invoice parcel basket refund ledger payment voucher tariff region".split()
_VERBS = "load clean join rank count merge split price audit store".split()


@dataclass(frozen=True)
class Size:
    """How large a repository is.

    Attributes:
        modules: files that are no flows.
        flows: files that hold a flow each.
    """

    modules: int
    flows: int

    def __str__(self) -> str:
        return f"{self.modules + self.flows:,} files, {self.flows:,} of them flows"


def write_repository(folder: Path, size: Size, seed: int = 0) -> Path:
    """Writes a repository, and returns its folder.

    Every tenth flow brings a base flow of its own, which derives from that of the ten before; every
    flow waits for an event that the flow before it raises. Flows and bases have what projects have:
    a parameter, artifacts, a foreach and a join, functions of the package, some findings.
    """
    chance = random.Random(seed)
    package = folder / "src" / PACKAGE
    _write(folder / "pyproject.toml", f'[project]\nname = "{PACKAGE}"\nversion = "1"\n')
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    _write(package / "__init__.py", 'METAFLOW_PACKAGE_POLICY = "include"\n')
    _write(package / "bases" / "__init__.py", "")
    names = [_module_name(number) for number in range(max(1, size.modules))]
    for number, name in enumerate(names):
        file = package / Path(*name.split("."))
        _write(file.with_suffix(".py"), _module(names[:number], chance))
    for part in {name.split(".")[0] for name in names}:
        _write(package / part / "__init__.py", "")
    for number in range(-(-size.flows // FLOWS_A_BASE)):
        _write(package / "bases" / f"base_{number}.py", _base(number))
    for number in range(size.flows):
        _write(folder / "flows" / f"flow_{number}" / "flow.py", _flow(number, names, chance))
    return folder


def write_flow(file: Path, lines: int) -> Path:
    """Writes one flow that stands alone and has about so many lines."""
    steps = [_plain_step(number) for number in range(max(1, (lines - 20) // 9))]
    _write(file, _ALONE.format(steps="\n".join(steps), last=len(steps)))
    return file


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _module_name(number: int) -> str:
    return f"part_{number // MODULES_A_FOLDER}.{_NOUNS[number % 10]}_{number}"


def _module(others: list[str], chance: random.Random) -> str:
    """A module of functions and a class, which imports up to three others."""
    known = chance.sample(others, min(len(others), 3))
    imports = "".join(f"import {PACKAGE}.{name}\n" for name in known)
    functions = (_function(chance) for _ in range(chance.randint(3, 7)))
    head = f'"""Part of a warehouse."""\n\nimport json\nimport math\n{imports}\n'
    # Used, so that nobody has a finding to print for each of them.
    parts = ", ".join(f"{PACKAGE}.{name}" for name in known)
    return f"{head}{''.join(functions)}\nPARTS = [{parts}]\n"


def _function(chance: random.Random) -> str:
    verb, noun = chance.choice(_VERBS), chance.choice(_NOUNS)
    number = chance.randrange(10**6)
    return f'''
def {verb}_{noun}_{number}(items, limit={chance.randrange(100)}, *, strict=False):
    """Takes {noun}s and gives back what is left of them."""
    kept = {{}}
    for position, item in enumerate(items):
        if strict and item["{noun}"] is None:
            raise ValueError(f"no {noun} at {{position}}: {{json.dumps(item)}}")
        value = math.floor(item.get("{noun}", 0) * {chance.random():.3f})
        kept.setdefault(value % {chance.randrange(2, 9)}, []).append((value, item["key"]))
    ranked = sorted(kept.items(), key=lambda pair: (len(pair[1]), pair[0]), reverse=True)
    return [row for _, rows in ranked[:limit] for row in rows if row[0] >= {chance.randrange(9)}]

'''


def _base(number: int) -> str:
    first = number == 0
    imports = "" if first else f"from {PACKAGE}.bases.base_{number - 1} import Base{number - 1}\n"
    return f'''"""What ten flows have in common."""

from metaflow import {"FlowSpec, " if first else ""}Parameter{", current" if first else ""}
{imports}

class Base{number}({"FlowSpec" if first else f"Base{number - 1}"}):
    """What flows from {number * FLOWS_A_BASE} on have in common."""

    {"test_mode" if first else f"limit_{number}"} = Parameter(
        "{"test-mode" if first else f"limit-{number}"}",
        help="Take a few rows only",
        type={"bool" if first else "int"},
        default={"lambda _: not current.is_production" if first else number},
    )

    def rows_{number}(self):
        """The rows of the region."""
        return [{{"key": index, "value": index * {number}}} for index in range(10)]

'''


def _flow(number: int, modules: list[str], chance: random.Random) -> str:
    base = number // FLOWS_A_BASE
    # Flows share the few modules that are about them.
    used = modules[number % max(1, len(modules) // 100)]
    waits = f'@trigger(event="rows_{number - 1}")\n' if number else ""
    bare = chance.random() < 0.3  # what nobody documented, for findings
    docstring = "" if bare else '        """Reads the rows."""\n'
    names = ["current", "project", "step", *(["trigger"] if number else [])]
    pandas = "import pandas as pd\n" if bare else ""
    return f'''"""Flow {number} of a warehouse."""

{pandas}from metaflow import {", ".join(names)}
from metaflow.integrations import ArgoEvent

import {PACKAGE}
from {PACKAGE}.bases.base_{base} import Base{base}


{waits}@project(name="{PACKAGE}")
class Rows{number}(Base{base}):
    """Sums up the rows of region {number}."""

    @step
    def start(self):
{docstring}        import {PACKAGE}.{used} as part

        self.rows = self.rows_{base}() if self.test_mode else part.__name__
        self.shards = [1, 2, 3]
        self.total = {number}
        self.next(self.work, foreach="shards")

    @step
    def work(self):
        """Works on one shard."""
        shard = [row for row in self.rows if row["key"] % 3 == self.input]
        self.sums = {{"shard": self.input, "sum": sum(row["value"] for row in shard)}}
        {"self.frame = pd.DataFrame(shard)" if bare else 'print(f"shard {self.input}")'}
        self.next(self.join)

    @step
    def join(self, inputs):
        """Puts the shards together."""
        self.sums = [one.sums for one in inputs]
        self.merge_artifacts(inputs, include=["total", "rows"])
        self.next(self.check)

    @step
    def check(self):
        """Looks whether nothing is missing."""
        self.complete = len(self.sums) == len({{one["shard"] for one in self.sums}})
        if not self.complete:
            raise ValueError(f"shards of {{{PACKAGE}.__name__}} are missing in {{current.run_id}}")
        self.next(self.end)

    @step
    def end(self):
        """Tells the next flow."""
        ArgoEvent(name="rows_{number}").safe_publish()


if __name__ == "__main__":
    Rows{number}()
'''


def _plain_step(number: int) -> str:
    return f'''    @step
    def work_{number}(self):
        """Adds {number} to the total."""
        self.total = self.total + {number}
        if self.total > {number * 100}:
            print(f"{{self.total}} is much for step {number}")
        self.next(self.{{}})
'''.replace("{}", f"work_{number + 1}")


_ALONE = '''"""A flow that stands alone."""

from metaflow import FlowSpec, step


class Totals(FlowSpec):
    """Adds numbers up."""

    @step
    def start(self):
        """Begins with nothing."""
        self.total = 0
        self.next(self.work_0)

{steps}
    @step
    def work_{last}(self):
        """Goes on to the end."""
        self.next(self.end)

    @step
    def end(self):
        """Shows the total."""
        print(self.total)


if __name__ == "__main__":
    Totals()
'''

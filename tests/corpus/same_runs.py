"""`python -m tests.corpus.same_runs FIRST LAST`: flows made at random print the same before and
after all safe fixes, in Metaflow's own runs.

A flow is put together from fragments: imports in all places, decorators and mutators of its own,
`match`, nested functions, names that are taken, parameters in blocks. One that does not run as it
is counts for nothing.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

from tests.in_process import run

HELPER = """\
import os

MODE = os.environ.get("MODE", "none")
X = 3
"""

SUBCLASS = """\
from flow import RandomTopics


class MoreTopics(RandomTopics):
    {attribute} = 4
"""

TAKES = "from flow import {name}\n\nVALUE = {name}\n"

TOP = [
    "import decimal",
    "import math as m",
    "import os.path",
    "import json",
    "from collections import Counter",
    "from collections import OrderedDict as Ordered, deque",
    "import concurrent\nimport concurrent.futures",
    "import xml.etree.ElementTree as ET\nimport xml",
    "import http",
    "import helper",
    "try:\n    import ujson as json\nexcept ImportError:\n    import json",
    "if True:\n    import statistics",
    "# For the numbers.\nimport fractions",
    "import string  # letters",
    "from helper import X as current",
    "current = 3",
    "import typing",
    "import datetime, calendar",
]
SETUP = [
    "import os\nos.environ['MODE'] = 'a'",
    "import os\nos.environ['MODE'] = 'b'",
    "import sys\nsys.path.insert(0, 'lib')",
    "LIMIT = 3",
    "import random\nrandom.seed(1)",
    "def own(function):\n    return function",
    "__all__ = ['RandomTopics', 'decimal', 'm']",
    "def read(path):\n    return path",
    "import logging\nlogger = logging.getLogger(__name__)",
    "class Row(dict):\n    pass",
]
USES = {
    "decimal": ["str(decimal.Decimal(1))", "eval('str(decimal.Decimal(2))')"],
    "math as m": ["m.pi", "[m.floor(x) for x in (1.5, 2.5)]", "(lambda: m.e)()"],
    "os.path": ["os.path.basename('a/b')"],
    "json": ["json.dumps(1)", "json.loads('[1]')"],
    "Counter": ["dict(Counter('aab'))"],
    "deque": ["list(deque([1, 2]))", "list(Ordered(a=1))"],
    "concurrent": ["concurrent.futures.ALL_COMPLETED"],
    "ElementTree": ["ET.Element('a').tag", "xml.etree.ElementTree.Element('b').tag"],
    "http": ["http.HTTPStatus.OK.value"],
    "helper": ["helper.X", "helper.MODE"],
    "statistics": ["statistics.mean([1, 2])"],
    "fractions": ["str(fractions.Fraction(1, 2))"],
    "string": ["string.digits"],
    "calendar": ["datetime.date(2024, 1, 1).year + calendar.MONDAY"],
    "current": ["current"],
    "LIMIT": ["LIMIT"],
}
WORK = [
    "self.texts = ['a', 'b']",
    "self.count = 3",
    "self.scores = {'a': 1, 'b': 2}\nself.best = max(self.scores, key=self.scores.get)",
    "numbers = [1]\nself.numbers = numbers\nnumbers.append('two')",
    "print('working')",
    "self.prepare()\nimport helper\nprint('OUT', helper.MODE)",
    "import os\nos.environ['MODE'] = 'step'\nimport helper\nprint('OUT', helper.MODE)",
    "from contextlib import suppress\nwith suppress(ImportError):\n    import missing_module_x",
    "import warnings\nwith warnings.catch_warnings():\n    import csv\n"
    "    self.columns = csv.QUOTE_ALL",
    "if (json := 3):\n    print('OUT', json)\nimport json\nprint('OUT', json.dumps(3))",
    "for json in (1, 2):\n    print('OUT', json)\nimport json\nprint('OUT', json.dumps(4))",
    "self.x = 1\nimport textwrap  # for texts\nprint('OUT', textwrap.dedent(' a'))",
    "# A comment of its own.\nprint('OUT now')\nimport bisect\nself.place = bisect.bisect([1], 1)",
    "match self.__class__.__name__:\n    case 'A' | 'B':\n        print('OUT no')\n"
    "    case other:\n        print('OUT', other)",
    "def inner():\n    import hashlib\n"
    "    return hashlib.md5(b'a').hexdigest()\nprint('OUT', inner())",
    "def inner(x: 'decimal.Decimal'):\n    return x\nprint('OUT', inner(1))",
    "global SHARED\nSHARED = 1\nprint('OUT', SHARED)",
    "try:\n    undefined_name\nexcept NameError:\n    print('OUT not there')",
    "import sys\nsys.path.insert(0, 'lib')\nimport in_lib\nprint('OUT', in_lib.X)",
    "if not self.count_of():\n    import missing_module_y\nimport queue\n"
    "print('OUT', queue.Empty.__name__)",
    "import time\nstarted = time.time()\nimport wave\n"
    "print('OUT', time.time() >= started, wave.__name__)",
]
LAST = [
    "if self.count_of():\n    print('OUT early')\n    return\n"
    "import missing_module_z\nprint(missing_module_z)",
    "print('OUT', globals().get('decimal') is None)",
    "import typing\nprint('OUT', sorted(typing.get_type_hints(type(self))))",
    "print('OUT', sorted(n for n in ('json', 'm', 'decimal', 'helper') if n in globals()))",
    "print('OUT', getattr(self, 'test_mode', 'none'))",
]
BODY = [
    "year = Parameter('year', default=2024)",
    "if True:\n    year = Parameter('year', default=2024)",
    "limit = 3",
    "# What it makes.\ntexts: list",
    "price: 'decimal.Decimal'",
    "test_mode = 3",
    "def test_mode(self):\n    return 'taken'",
    "@property\ndef test_mode(self):\n    return 'taken'",
    "size = Parameter('size', default=lambda _: 3)",
    "parts = Config('parts', default_value={'a': 1})",
]
STEP_DECORATORS = [
    "@own_step",
    "@retry(times=0)",
    "@catch(var='failed')",
    "@timeout(minutes=5)",
    "@own_step\n@retry(times=0)",
]
FLOW_DECORATORS = [
    "@project(name='random_topics')",
    "@project(name='random_topics')",
    "@Mutates",
    "",
]
OWN = """\
def own_step(function):
    from functools import wraps

    @wraps(function)
    def wrapped(self, *args):
        return function(self, *args)

    return wrapped


class Mutates(FlowMutator):
    def pre_mutate(self, mutable_flow):
        pass
"""
NAMES = "FlowSpec, FlowMutator, Config, Parameter, catch, project, retry, step, timeout"


@dataclass(frozen=True)
class Run:
    """What a run of a flow came to: its exit status, and what its steps printed after `OUT`."""

    status: int
    said: tuple[str, ...]


def files_of(seed: int) -> dict[str, str]:
    """The files of a random flow, by their names."""
    chance = random.Random(seed)
    tops = chance.sample(TOP, chance.randint(2, 6))
    above = tops + chance.sample(SETUP, chance.randint(0, 2))
    chance.shuffle(above)
    imports = [f"from metaflow import {NAMES}"]
    above.insert(chance.randint(0, len(above)), imports[0])
    if chance.random() < 0.2:
        above.insert(0, '"""A flow made at random."""')
    uses = [u for key, given in USES.items() if any(key in text for text in above) for u in given]
    steps = ["start", "work", "end"][: chance.randint(2, 3)]
    steps = [steps[0], *steps[1:-1], "end"] if len(steps) > 2 else ["start", "end"]
    body = chance.sample(BODY, chance.randint(0, 2))
    for number, name in enumerate(steps):
        lines = chance.sample(WORK, chance.randint(0, 3))
        lines += [f"print('OUT', {use})" for use in chance.sample(uses, min(len(uses), 2))]
        if chance.random() < 0.3:
            lines.append(f"self.value_{name} = {chance.choice(uses or ['1'])}")
        chance.shuffle(lines)
        if name == "end":
            lines += chance.sample(LAST, chance.randint(0, 1))
        else:
            lines.append(f"self.next(self.{steps[number + 1]})")
        above_step = chance.choice(STEP_DECORATORS) + "\n" if chance.random() < 0.3 else ""
        work = textwrap.indent("\n".join(lines) or "pass", "    ")
        body.append(f"{above_step}@step\ndef {name}(self):\n{work}")
    body.append(
        "def prepare(self):\n    import os\n    os.environ['MODE'] = 'prepared'\n\n"
        "def count_of(self):\n    return 1"
    )
    inside = textwrap.indent("\n\n".join(body), "    ")
    decorator = chance.choice(FLOW_DECORATORS)
    text = "\n".join([*above, "", OWN, "", f"{decorator}\nclass RandomTopics(FlowSpec):".lstrip()])
    text = f"{text}\n{inside}\n\n\nif __name__ == '__main__':\n    RandomTopics()\n"
    found = {"flow.py": text, "helper.py": HELPER, "lib/in_lib.py": "X = 1\n"}
    if chance.random() < 0.2:
        name = chance.choice(["json", "decimal", "m", "RandomTopics"])
        found["takes.py"] = TAKES.format(name=name)
    if chance.random() < 0.2:
        found["more.py"] = SUBCLASS.format(attribute=chance.choice(["test_mode", "count", "other"]))
    return found


def written(files: dict[str, str], folder: Path) -> None:
    """Write files into a folder, which becomes a repository."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def fix(folder: Path) -> dict[str, str]:
    """Make all safe fixes in a folder, and read what its Python files are then."""
    words = ("--isolated", "--no-cache", "--select", "ALL", "--fix", "--exit-zero", ".")
    done = run(folder, "check", *words)
    assert done.status == 0, done.err
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*.py"))}


def metaflow_run(folder: Path) -> Run:
    """Run the flow of a folder with Metaflow."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("METAFLOW")}
    home = {name: str(folder) for name in ("HOME", "METAFLOW_HOME")}
    more = {"METAFLOW_USER": "somebody", "METAFLOW_DATASTORE_SYSROOT_LOCAL": str(folder)}
    words = [sys.executable, "flow.py", "--no-pylint", "run"]
    done = subprocess.run(
        words, cwd=folder, env={**kept, **home, **more}, capture_output=True, text=True, timeout=300
    )
    said = re.findall(r"OUT.*", done.stdout) if done.returncode == 0 else []
    return Run(done.returncode, tuple(sorted(said)))


def compare(seed: int) -> str | None:
    """What is wrong with the fixes of a flow, empty if nothing is; `None` if it says nothing:
    nothing was fixed, or the flow does not run as it is."""
    files = files_of(seed)
    with tempfile.TemporaryDirectory() as scratch:
        before, after = Path(scratch) / "before" / "flow", Path(scratch) / "after" / "flow"
        written(files, before)
        written(files, after)
        fixed = fix(after)
        if fixed == dict(sorted(files.items())):
            return None
        if fix(after) != fixed:
            return "a second fix changes something"
        said = metaflow_run(before)
        if said.status:
            return None
        says = metaflow_run(after)
        return "" if says == said else f"said {said}, says {says}"


def main(first: int, last: int) -> int:
    """Compare the flows of some seeds, print what is wrong, and count."""
    counts = {"same": 0, "different": 0, "nothing to compare": 0}
    for seed in range(first, last):
        found = compare(seed)
        if found:
            print(f"seed {seed}: {found}", flush=True)
        counts["nothing to compare" if found is None else "different" if found else "same"] += 1
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return min(counts["different"], 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))

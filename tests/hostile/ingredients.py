"""What a stranger can commit to a repository to harm those who lint it.

Each ingredient is a function that adds something to a repository; its name says what.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

SECRET = "S3CRET-OF-ANOTHER-REPOSITORY"
"""The text of every file outside of the repository; no report may show it."""

MARK_OF_CODE = "CODE-WAS-RUN"
"""The file that code of the repository would make if it was run."""

Ingredient: TypeAlias = Callable[[Path, random.Random], None]

FLOW = """\
from metaflow import {imports}FlowSpec, Parameter, current, project, step, trigger


{decorators}class {name}({bases}):
{body}
    @step
    def start(self):
        self.x = 1
        self.next(self.end)

    @step
    def end(self):
        print(self.x)


if __name__ == "__main__":
    {name}()
"""

CONTROL = "\x1b[31m\x9b2J\u202e"
LINES = ("\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029")
COMMANDS = ("::error::x", "::stop-commands::x", "::set-output name=x::y", "::add-mask::x")


def flow(
    name: str = "Topics",
    *,
    bases: str = "FlowSpec",
    imports: str = "",
    decorators: str = "",
    body: str = "",
) -> str:
    """The text of a flow file."""
    return FLOW.format(name=name, bases=bases, imports=imports, decorators=decorators, body=body)


def _with_work(body: str) -> str:
    """The text of a flow file whose first step does something first."""
    work = "        self.x = 1\n"
    return flow().replace(work, body + work)


def write(path: Path, text: str | bytes) -> None:
    """Writes a file with the folders above it, in place of what stood there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or path.exists():
        return
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))


def outside(root: Path, draw: random.Random) -> str:
    """A path that leads out of the repository, relative or absolute."""
    secret = root.parent / "private"
    inside = draw.choice(["secret.json", "secretpkg/__init__.py", "flow.py", "lint.toml", ""])
    target = secret / inside
    return draw.choice([str(target), os.path.relpath(target, root)])


_READ_BY_NAME = (
    "pyproject.toml metaflow-lint.toml requirements.txt .gitignore README.md flow.py config.json "
    "baseline.json pkg/__init__.py sub/pyproject.toml notebook.ipynb results.sarif report.html "
    ".metaflow_lint_cache .metaflow_lint_cache/0.1.0 .metaflow_lint_cache/.gitignore setup.cfg "
    ".git/index lint.py"
).split()


def link_that_leads_out(root: Path, draw: random.Random) -> None:
    """A file that is read or written by its name, as a link to something outside."""
    path = root / draw.choice(_READ_BY_NAME)
    _link(path, outside(root, draw))


def link_to_a_device(root: Path, draw: random.Random) -> None:
    """The same, as a link to a file that never ends, or never begins."""
    path = root / draw.choice(_READ_BY_NAME)
    _link(path, draw.choice(["/dev/zero", "/dev/urandom", "/dev/stdin", "/proc/self/environ"]))


def link_in_a_circle(root: Path, draw: random.Random) -> None:
    """A link to itself, or two to each other."""
    name = draw.choice(_READ_BY_NAME)
    _link(root / name, Path(name).name)


def link_to_nothing(root: Path, draw: random.Random) -> None:
    """A link to a file outside that does not exist, which writing through it would make."""
    _link(root / draw.choice(_READ_BY_NAME), str(root.parent / "private" / "new-file"))


def link_to_a_folder(root: Path, draw: random.Random) -> None:
    """A folder that is a link to one outside, or to the repository itself."""
    _link(
        root / draw.choice(["pkg", "src", "flows", "sub", "build"]),
        draw.choice([outside(root, draw), ".", "..", str(root.parent / "private")]),
    )


def pipe(root: Path, draw: random.Random) -> None:
    """A named pipe, which hangs whoever opens it."""
    path = root / draw.choice([*_READ_BY_NAME, "pipe.py"])
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_symlink() and not path.exists():
        os.mkfifo(path)


def odd_name(root: Path, draw: random.Random) -> None:
    """A file name that ends a line, commands a runner or a terminal, or is long."""
    piece = draw.choice([*LINES, CONTROL, "'\"`$(touch x)", "-rf", " ", "[x](https://x.example)"])
    name = f"a{piece}{draw.choice(COMMANDS)}{piece}.py".replace("/", "")
    name = draw.choice([name, "a" * 200 + ".py", "\udcff.py", "-.py", "--fix.py"])
    text = draw.choice([flow("OddFlow"), "import metaflow\nx = (\n", "x = 1\n"])
    write(root / os.fsdecode(name.encode("utf-8", "surrogateescape")), text)


def file_that_ends_in_itself(root: Path, draw: random.Random) -> None:
    """A link to itself whose name ends a line: its error quotes the name."""
    name = f"x{draw.choice(LINES)}{draw.choice(COMMANDS)}{draw.choice(LINES)}.py"
    _link(root / name, name)


def patterns(root: Path, draw: random.Random) -> None:
    """Patterns that take long to match, or are none."""
    pattern = draw.choice(
        ["*a" * 40 + "b", "**/a/" * 12 + "b", "[z-a]", "[" * 50, "\\", "!" * 9, "*" * 5000, "*"]
    )
    if draw.random() < 0.5:
        write(root / ".gitignore", pattern + "\n")
    else:
        write(root / "metaflow-lint.toml", f"exclude = [{json.dumps(pattern)}]\n")
    write(root / ("a" * 240), "x\n")
    write(root / ("a" * 200 + ".py"), flow())


def settings(root: Path, draw: random.Random) -> None:
    """Settings that run code, silence everything, lead out, or are hard to read."""
    text = draw.choice(
        [
            'local-rules = ["lint.py"]\n',
            'local-rules = ["../private"]\nbaseline = "../private/secret.json"\n',
            'extend = "~nosuchuser/x"\n',
            f"extend = {json.dumps(outside(root, draw))}\n",
            f"project-root = {json.dumps(outside(root, draw))}\n",
            'extend = "metaflow-lint.toml"\n',
            f"extend = {json.dumps('pkg:metaflow/' + outside(root, draw))}\n",
            'extend = "pkg:lint/private.toml"\n',
            'repository-settings = ["local-rules"]\nlocal-rules = ["../private"]\n',
            ".".join("a" * 20_000) + " = 1\n",
            "x = " + "[" * 9_000 + "\n",
            f"{json.dumps('k' + draw.choice(LINES) + draw.choice(COMMANDS))} = 1\n",
            'project = "Rag \\u2028 Demo"\nmax-step-statements = -1\n',
            'select = ["' + "M" * 50_000 + '"]\n',
            'own-packages = ["../private", "/"]\n',
            "\x00",
            "x" * 200_000,
        ]
    )
    name = draw.choice(["metaflow-lint.toml", "pyproject.toml"])
    write(root / name, text if name.startswith("m") else f"[tool.metaflow-lint]\n{text}")


def distribution(root: Path, draw: random.Random) -> None:
    """A distribution whose packages come from outside, or from everywhere."""
    path = json.dumps(outside(root, draw))
    text = draw.choice(
        [
            f"[tool.uv.sources]\nsecretpkg = {{path = {path}}}\n",
            f"[tool.poetry.dependencies]\nsecretpkg = {{path = {path}}}\n",
            '[project]\ndependencies = ["secretpkg @ file:../private"]\n',
            f'[tool.setuptools.package-dir]\n"" = {path}\n',
            f"[tool.setuptools.package-dir]\nsecretpkg = {path}\n",
            f"[tool.hatch.build.targets.wheel]\npackages = [{path}]\n",
            '[tool.uv.workspace]\nmembers = ["../../../../../**"]\n'
            "[tool.uv.sources]\nx = {workspace = true}\n",
            '[tool.uv.workspace]\nmembers = ["**/**/**/**/**/**/**/**"]\n'
            "[tool.uv.sources]\nx = {workspace = true}\n",
            f'[tool.uv.sources]\na = {{path = "{"a" * 5000}"}}\n',
            f"[tool.uv.workspace]\nmembers = {json.dumps([f'm{i}' for i in range(4000)])}\n"
            "[tool.uv.sources]\nx = {workspace = true}\n",
        ]
    )
    write(root / "pyproject.toml", text)
    write(root / "requirements.txt", draw.choice(["-e ../private\n", "\n" * 90_000]))
    write(
        root / "from_outside.py",
        "from secretpkg import SecretBase\nfrom metaflow import step\n\n\n"
        "class Papers(SecretBase):\n    @step\n    def start(self):\n        self.next(self.end)\n",
    )


def config_with_a_default(root: Path, draw: random.Random) -> None:
    """A `Config` whose default is a file outside, and something that shows its values."""
    path = draw.choice([outside(root, draw), "/dev/zero", "/dev/stdin", "config.json", "\x00"])
    use = draw.choice(
        [
            '@trigger(event=config_expr("cfg.token"))\n',
            '@project(name=config_expr("cfg.token"))\n',
            '@project(name=config_expr("cfg")["token"])\n',
        ]
    )
    body = f"    cfg = Config('cfg', default={path!r})\n"
    text = flow("Configured", imports="Config, config_expr, ", decorators=use, body=body)
    write(root / "configured.py", text)


def document(root: Path, draw: random.Random) -> None:
    """A README that asks for drawings of what is outside."""
    marker = draw.choice([outside(root, draw), "../private", "/", ".", " " * 90_000])
    lines = [f"<!-- metaflow-lint graph {marker} -->", "<!-- metaflow-lint end -->", ""]
    write(root / "README.md", "\n".join(lines))


def deep(root: Path, draw: random.Random) -> None:
    """Code that nests, or goes on, for longer than parsers and walks can bear."""
    count = draw.choice([300, 3_000, 10_000])
    text = draw.choice(
        [
            "x = (" + "-\n" * count + "b)",
            "x = (" + "not\n" * count + "b)",
            "x = " + "lambda:" * count + "1",
            "x = (" + "a if b else\n" * count + "c)",
            "x = (" + "a **\n" * count + "c)",
            "x = " + "(" * count + "1" + ")" * count,
            "x = f" + "(1)\n" * count,
            "x = (" + "a +\n" * count + "c)",
            "x = (" + "a and\n" * count + "c)",
            "x = a" + ".b" * count,
            "x = a" + "[0]" * count,
            "x = [a " + "for a in b " * min(count, 900) + "]",
            "\n".join(f"{' ' * i}if x:" for i in range(min(count, 3_000))),
            "x = " + "[" * count,
            "x = '" + "a" * count * 50 + "'",
            "x = (" + '"a"\n' * count + ")",
        ]
    )
    write(root / "deep.py", f"import metaflow\n{text}\n")


def values(root: Path, draw: random.Random) -> None:
    """Values that double at each line, or that have to be followed round and round."""
    count = draw.choice([20, 60, 300])
    body = draw.choice(
        [
            "\n".join(f"        x{i + 1} = (x{i}, x{i})" for i in range(count)),
            "\n".join(f"        x{i + 1} = [x{i}]" for i in range(count)),
            "\n".join(f"        x{i + 1} = x{i}.strip()" for i in range(count)),
            "\n".join(f"        x{i + 1} = f'{{x{i}}}{{x{i}}}'" for i in range(count)),
            "\n".join(f"        self.x{i} = self.x{i + 1}" for i in range(count)),
            "\n".join(f"        x{i + 1} = x{i} if x{i} else x0" for i in range(count)),
            "\n".join(f"        x{i + 1} = x{i} + x{i}" for i in range(count)),
            "        x0 = x0 " + "+ x0 " * count,
            "\n".join(f"        x{i + 1} = x{i}.join(x{i})" for i in range(count)),
            "\n".join(f"        x{i + 1} = x{i} * {10**i}" for i in range(count)),
            f"        x{count} = 0x{'f' * 100 * count}",
            f"        x{count} = f'{{0x{'f' * 100 * count}:>{10**count}}}'",
        ]
    )
    text = _with_work(f"        x0 = 'a'\n{body}\n        self.y = x{count}\n")
    constants = "A0 = 'x'\n" + "\n".join(
        draw.choice([f"A{i + 1} = A{i} + A{i}", f"A{i + 1} = f'{{A{i}}}{{A{i}}}'"])
        for i in range(count)
    )
    write(root / "values.py", text)
    last = f"@project(name=A{count})\n"
    head, _, rest = flow("Named", decorators=last).partition("\n")
    write(root / "named.py", f"{head}\n{constants}\n{rest}")


def functions(root: Path, draw: random.Random) -> None:
    """Functions that call the next one many times each."""
    width, depth = draw.choice([(60, 5), (10, 9), (3, 30)])
    lines = [
        f"def f{i}(a):\n    return [{', '.join([f'f{i + 1}(a)'] * width)}]" for i in range(depth)
    ]
    lines.append(f"def f{depth}(a):\n    return a")
    text = flow().replace("self.x = 1", "self.x = f0(1)")
    head, _, rest = text.partition("\n")
    write(root / "functions.py", head + "\n" + "\n\n".join(lines) + "\n" + rest)


def modules(root: Path, draw: random.Random) -> None:
    """Modules that all import from all others, and classes in long chains across them."""
    count = draw.choice([4, 30])
    for i in range(count):
        stars = "".join(f"from .m{j} import *\n" for j in range(count) if j != i)
        write(root / "pkg" / f"m{i}.py", f"{stars}class A{i}(A{(i + 1) % count}): pass\n")
    write(root / "pkg" / "__init__.py", "")
    imports = "from pkg.m0 import missing, A0\nfrom pkg.m1 import *\n"
    write(root / "modules.py", imports + flow("Chained", bases="A0, FlowSpec"))


def classes(root: Path, draw: random.Random) -> None:
    """Classes in a long chain, with many bases, or that derive from themselves."""
    count = draw.choice([100, 900])
    chain = "class A0(FlowSpec): pass\n" + "".join(
        draw.choice([f"class A{i}(A{i - 1}): pass\n", f"class A{i}(A{i - 1}, A0): pass\n"])
        for i in range(1, count)
    )
    head, _, rest = flow("Derived", bases=f"A{count - 1}").partition("\n")
    write(root / "classes.py", head + "\n" + chain + rest)


def many_of_one_kind(root: Path, draw: random.Random) -> None:
    """Hundreds of steps, parameters, artifacts, events, imports or flows."""
    count = draw.choice([200, 1_500])
    kind = draw.choice("steps parameters artifacts imports events names".split())
    if kind == "steps":
        steps = "".join(
            f"    @step\n    def s{i}(self):\n        self.next(self.s{i + 1}, self.t{i})\n\n"
            for i in range(count)
        )
        write(root / "steps.py", flow("Steps", body=steps))
    elif kind == "parameters":
        body = "".join(f"    p{i} = Parameter('p{i}', default={i})\n" for i in range(count))
        write(root / "parameters.py", flow("Parameters", body=body))
    elif kind == "artifacts":
        body = "".join(f"        self.a{i} = b{i}\n" for i in range(count))
        write(
            root / "artifacts.py",
            _with_work(body),
        )
    elif kind == "imports":
        body = "".join(f"        import a{i}\n        a{i}.b()\n" for i in range(count))
        write(
            root / "imports.py",
            _with_work(body),
        )
    elif kind == "events":
        for i in range(min(count, 60)):
            names = ", ".join(f"'e{j}'" for j in range(60))
            write(root / f"e{i}.py", flow(f"E{i}", decorators=f"@trigger(events=[{names}])\n"))
    else:
        for i in range(min(count, 150)):
            write(root / f"flows/n{i}.py", flow("Same"))


def odd_bytes(root: Path, draw: random.Random) -> None:
    """Bytes that are no text, or are one in an encoding that few expect."""
    content = draw.choice(
        [
            b"\x00" * 1000,
            b"\xff\xfe" + flow().encode("utf-16-le"),
            b"# coding: nosuch\nimport metaflow\n",
            b"# coding: rot13\nimport metaflow\n",
            b"# coding: utf-7\nimport metaflow\n",
            b"\xef\xbb\xbf" + flow().encode(),
            flow().replace("\n", "\r").encode(),
            flow().encode() + b"\x1a",
            b"import metaflow\n" + b"#" * 11_000_000,
            b"import metaflow # " + bytes(range(128, 256)),
        ]
    )
    write(root / "odd.py", content)


def notebook(root: Path, draw: random.Random) -> None:
    """A notebook that is hard to read, or none."""
    line = " " * 33_000 + "x?" + " " * 60_000 + "y"
    source = draw.choice(
        [line, "%%bash\nrm -rf x", "!" * 5000, "x = !ls", "%" * 9, "namespace(None)"]
    )
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    text = json.dumps({"cells": [cell] * draw.choice([1, 500]), "nbformat": 4, "metadata": {}})
    text = draw.choice([text, "[" * 50_000, "{}", "null", '{"cells": [' + "[" * 9_000])
    write(root / "notebook.ipynb", text.replace("metadata", "metaflow metadata", 1))


def baseline(root: Path, draw: random.Random) -> None:
    """A baseline that is odd, or silences everything."""
    entry = {"code": "MF101", "path": "flow.py", "line": 1, "message": "x"}
    broken = draw.choice([None, [], "a", {"a": []}, 1.5, True])
    findings = [entry, {**entry, draw.choice(list(entry)): broken}]
    texts = [json.dumps({"version": 1, "findings": findings}), "[" * 90_000, "null", "{", "\x00"]
    known = {"code": "MF101", "scope": "PlainFlow", "symbol": "", "count": 1}
    odd = draw.choice([float("nan"), 10**12, -1, "1", None, [[]] * 9, {}])
    known = {**known, draw.choice(list(known)): odd}
    texts += [json.dumps({"version": 2, "findings": {draw.choice(["flow.py", "../x"]): [known]}})]
    write(root / "baseline.json", draw.choice(texts))
    write(root / "metaflow-lint.toml", 'baseline = "baseline.json"\n')


def one_baseline_of_many_settings(root: Path, draw: random.Random) -> None:
    """A large baseline that many folders name, as it is or by links."""
    entry = {"code": "MF101", "scope": "x", "symbol": "y", "count": 1}
    findings = {f"f{number}.py": [entry] for number in range(20_000)}
    write(root / "large.json", json.dumps({"version": 2, "findings": findings}))
    name = draw.choice(["../large.json", "own.json"])
    for number in range(60):
        _link(root / f"p{number}/own.json", "../large.json")
        write(root / f"p{number}/metaflow-lint.toml", f'baseline = "{name}"\n')
        write(root / f"p{number}/flow.py", flow(f"Part{number}"))


def outerbounds_project(root: Path, draw: random.Random) -> None:
    """A project of Outerbounds whose file is odd, or is no file."""
    path = root / draw.choice(["obproject.toml", "sub/obproject.toml"])
    kind = draw.choice(["pipe", "device", "text", "text"])
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        if not path.exists():
            os.mkfifo(path)
    elif kind == "device":
        _link(path, draw.choice(["/dev/zero", outside(root, draw), "obproject.toml"]))
    else:
        texts = ["project = []", "a." * 20_000 + "b = 1", "x = " + "[" * 9_000, "project = nan"]
        texts += [f"project = {json.dumps('a' + CONTROL + draw.choice(COMMANDS))}", "\x00"]
        write(path, draw.choice(texts))
    text = flow("Outer", bases="ProjectFlow", decorators="@project_trigger(event='x')\n")
    write(path.parent / "outer.py", f"from obproject import ProjectFlow, project_trigger\n{text}")


def index_of_git(root: Path, draw: random.Random) -> None:
    """An index that is small, and whose names or numbers are without end."""
    shared = b"link" + (20).to_bytes(4, "big") + b"\xcd" * 20 + bytes(20)
    long = bytes(60) + b"\x0f\xff\0"
    contents = [
        b"DIRC\0\0\0\2\0\0\0\0" + shared,
        b"DIRC\0\0\0\4\0\0\0\1" + bytes(62) + b"\xff" * 2_000_000,
        b"DIRC\0\0\0\4\0\0\xff\xff" + long + b"a" * 900_000 + b"\0" + (long + b"\0") * 9_000,
    ]
    content = draw.choice(contents)
    write(root / ".git/index", content)
    write(root / f".git/sharedindex.{'cd' * 20}", content)


def code_that_marks(root: Path, draw: random.Random) -> None:
    """Modules of the names that tools import or run; each leaves a mark if it is run."""
    mark = root.parent / MARK_OF_CODE
    for name in draw.sample(
        "lint.py sitecustomize.py conftest.py setup.py libcst.py json.py argparse.py types.py "
        "metaflow.py lint_rules/__init__.py usercustomize.py tomllib.py".split(),
        4,
    ):
        write(root / name, f"open({str(mark)!r}, 'w').close()\nimport metaflow\n")


def suppressions(root: Path, draw: random.Random) -> None:
    """Comments that look like directives, and text that looks like commands."""
    comment = draw.choice(
        ["# noqa: " + "MF101, " * 3_000, "# noqa" + ":" * 5_000, "#" + " noqa:" * 5_000]
        + [f"# noqa: MF101 {command}" for command in COMMANDS]
    )
    text = flow("SuppressedFlow", decorators=f"@project(name='{CONTROL}')  {comment}\n")
    write(root / "suppressed.py", text)


def _link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_symlink() and not path.exists() and "\x00" not in target:
        path.symlink_to(target)


INGREDIENTS: tuple[Ingredient, ...] = (
    link_that_leads_out,
    link_to_a_device,
    link_in_a_circle,
    link_to_nothing,
    link_to_a_folder,
    pipe,
    odd_name,
    file_that_ends_in_itself,
    patterns,
    settings,
    distribution,
    config_with_a_default,
    document,
    deep,
    values,
    functions,
    modules,
    classes,
    many_of_one_kind,
    odd_bytes,
    notebook,
    baseline,
    one_baseline_of_many_settings,
    outerbounds_project,
    index_of_git,
    code_that_marks,
    suppressions,
)


def make_repository(root: Path, draw: random.Random) -> list[str]:
    """Makes a hostile repository, and a private one beside it.

    Args:
        root: the folder of the repository; the private one is `private` beside it.
        draw: where the choices come from.

    Returns:
        The names of the ingredients.
    """
    private = root.parent / "private"
    write(private / "secret.json", json.dumps({"token": SECRET, "auths": {SECRET: SECRET}}))
    write(
        private / "secretpkg" / "__init__.py",
        f"from metaflow import FlowSpec, step\n\nTOKEN = {SECRET!r}\n\n\n"
        f'class SecretBase(FlowSpec):\n    """{SECRET}"""\n\n    @step\n    def end(self):\n'
        f'        """{SECRET}"""\n        self.SECRET = TOKEN\n',
    )
    write(private / "flow.py", flow(SECRET.replace("-", "_")))
    write(private / "lint.toml", f"# {SECRET}\nselect = []\n")
    write(private / "pyproject.toml", '[project]\nname = "secretpkg"\n')
    write(root / ".git" / "HEAD", "ref: refs/heads/main\n")
    chosen = draw.sample(INGREDIENTS, draw.randint(1, 4))
    for ingredient in chosen:
        ingredient(root, draw)
    write(root / "flow.py", flow("PlainFlow"))
    return [ingredient.__name__ for ingredient in chosen]

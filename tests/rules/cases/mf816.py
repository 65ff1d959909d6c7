from tests.rules.cases import Case, flow

TOP = "from metaflow import batch, card, conda, kubernetes, pypi, pypi_base, retry, schedule"

BASE = "from metaflow import FlowSpec, schedule, step\n\n\n@schedule\nclass A(FlowSpec): pass\n\n\n"

CASES = [
    Case(
        "a decorator of steps on a method",
        flow(top=TOP, body="@retry\ndef fetch(self):\n    pass\n"),
        at=("@retry",),
        says=("`fetch` is not a step",),
    ),
    Case(
        "a method that lacks @step is reported for that",
        flow(top=TOP, body="@retry\ndef fetch(self):\n    self.next(self.end)\n"),
    ),
    Case("a decorator that may stand twice", flow(top=TOP, body="@card\n@card")),
    Case("a flow's decorator on a step", flow(top=TOP, body="@schedule"), at=("@schedule",)),
    Case(
        "an environment with packages",
        flow(top=TOP, body='@conda(packages={"a": "1"})\n@pypi(packages={"a": "1"})'),
        at=('@pypi(packages={"a": "1"})',),
    ),
    Case("environments without packages", flow(top=TOP, body="@conda\n@pypi")),
    Case(
        "one that is disabled",
        flow(top=TOP, body='@conda(packages={"a": "1"})\n@pypi(disabled=True)'),
    ),
    Case(
        "the environment of the flow",
        flow(top=TOP, above="@pypi_base", body='@conda(packages={"a": "1"})'),
        at=('@conda(packages={"a": "1"})',),
        says=("on the flow of `start`",),
    ),
    Case("a decorator that may remove others", flow(top=TOP, body="@own\n@batch\n@kubernetes")),
    Case(
        "a decorator of a base, and of a base of that",
        BASE + "@schedule(daily=True)\nclass B(A): pass\n\n\nclass C(B):\n    @step\n"
        "    def start(self): pass\n",
        at=("@schedule(daily=True)",),
        says=("is on `B` and on its base `A`",),
    ),
    Case(
        "a decorator of two bases",
        BASE + "@schedule\nclass B(FlowSpec): pass\n\n\nclass C(A, B):\n    @step\n"
        "    def start(self): pass\n",
        at=("C",),
        says=("`C` inherits `@schedule` from `A` and from `B`",),
    ),
    Case(
        "a base that is inherited on two ways",
        BASE + "class B(A): pass\n\n\nclass C(A): pass\n\n\nclass D(B, C):\n    @step\n"
        "    def start(self): pass\n",
    ),
    Case(
        "other decorators of a flow and its base",
        "from metaflow import FlowSpec, project, schedule, step\n\n\n@schedule\n"
        'class A(FlowSpec): pass\n\n\n@project(name="a")\nclass B(A):\n    @step\n'
        "    def start(self): pass\n",
    ),
    Case(
        "a mutator may take the base's decorator away",
        "from metaflow import FlowSpec, schedule, step\nfrom own import plain\n\n\n@schedule\n"
        "class A(FlowSpec): pass\n\n\n@plain\n@schedule\nclass B(A):\n    @step\n"
        "    def start(self): pass\n",
    ),
]

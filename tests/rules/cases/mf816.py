from tests.rules.cases import Case, flow

TOP = "from metaflow import batch, card, conda, kubernetes, pypi, pypi_base, retry, schedule"

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
]

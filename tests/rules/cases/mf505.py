from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, conda, conda_base, pypi, pypi_base, step
{top}

{base}
class ArxivTopics(FlowSpec):
    {above}
    @step
    def start(self):
        {body}
        self.next(self.end)

    @step
    def end(self):
        pass
"""
NUMPY = '@pypi(packages={"numpy": "2.1.1"})'


def case(shows, body="import pandas", at=(), *, above=NUMPY, base="", top="", packages=()):
    code = FLOW.format(body=body, above=above, base=base, top=top)
    return Case(shows, code, at=at, packages=dict(packages))


CASES = [
    case("that is missing", at=("import pandas",)),
    case("of a submodule", "from PIL.Image import open", ("from PIL.Image import open",)),
    case("at the top", "pass", ("import yaml",), top="import yaml"),
    case("in a condition", "if self.index: import pandas"),
    case("in a function that may run", "self.f = lambda: __import__('pandas')"),
    case("of the standard library", "import json"),
    case("that is not known", "import umap"),
    case("of the repository", "import yaml", packages={"yaml.py": ""}),
    case("of an environment with one that is not known", above='@pypi(packages={"x": "1"})'),
    case("of an environment with an extra", above='@pypi(packages={"numpy[all]": "1"})'),
    case(
        "of an environment of names", above="@pypi(packages=PACKAGES)", top="from a import PACKAGES"
    ),
    case(
        "of an environment of a constant",
        at=("import pandas",),
        above="@pypi(packages=PACKAGES)",
        top='PACKAGES = {"numpy": "2.1.1"}',
    ),
    case("brought along", "import pandas, numpy, scipy", above='@pypi(packages={"seaborn": "1"})'),
    case("of the flow's environment", base='@pypi_base(packages={"pandas": "2.2.2"})'),
    case(
        "of the flow's alone",
        at=("import pandas",),
        above="",
        base=NUMPY.replace("pypi", "pypi_base"),
    ),
    case("by Conda", at=("import pandas",), above='@conda(libraries={"numpy": "2.1.1"})'),
    case("without packages", above="@pypi"),
    case("in one that is off", above='@pypi(packages={"numpy": "2.1.1"}, disabled=True)'),
    case("under another name", "import sklearn", above='@pypi(packages={"Scikit_Learn": "1.5.1"})'),
    case("of the machine itself", above=""),
    case("with a decorator of others", above=f"{NUMPY}\n    @own", top="from own import own"),
]

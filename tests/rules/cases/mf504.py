from tests.rules.cases import Case, flow


def pypi(arguments):
    """A flow whose first step has this environment."""
    lines = f"    @pypi({arguments})\n    @step\n"
    return flow(top="from metaflow import pypi").replace("    @step\n", lines, 1)


CASES = [
    Case(
        "versions in all forms",
        pypi(
            """python="3.11", packages={"a": "1.*", "b": None, "c": "~=1", "d": "==1", "e": "1"}"""
        ),
        at=('"1.*"', "None", '"~=1"'),
    ),
    Case(
        "packages by their source, disabled environments, no packages",
        pypi("""python="3.11", packages={"a": "git+https://github.com/a/a@1234", "b": VERSION}"""),
    ),
    Case("a disabled environment", pypi("""packages={"a": ""}, disabled=True""")),
    Case("no packages", pypi('python="3.11"')),
]

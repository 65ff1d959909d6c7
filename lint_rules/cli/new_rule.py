"""`metaflow-lint new-rule`."""

from __future__ import annotations

import re
from pathlib import Path

from lint_rules.cli.exit_status import EXIT_CLEAN, fail
from lint_rules.workspace.atomic_write import write

RULE = '''\
"""{code}."""

from collections.abc import Iterator

from lint_rules.api import Bad, Finding, Flow, Rule


class {cls}(Rule):
    """
    ## What it does
    Checks that a flow says in its docstring what it makes. (Say here what your rule checks.)

    ## Why is this bad?
    Nobody should have to read the steps to find out. (Say here why.)

    ## References
    Our own way of working.
    """

    code, name = "{code}", "{name}"
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="ArxivTopics",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            \\"\\"\\"The topics of last year's papers.\\"\\"\\"

            @step
            def start(self):
                pass
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        """Looks at one flow; annotate the argument with `Step` or `Module` to look at those."""
        if flow.definition.docstring is None:
            yield self.finding(
                flow,
                f"The flow `{{flow.name}}` does not say what it makes",
                "write a docstring for it",
            )
'''

TEST = '''\
"""The examples of {code} hold."""

from pathlib import Path

from lint_rules.api import check_rule
from lint_rules.engine.registry import local_rules


def test_examples_hold():
    for rule in local_rules((Path(__file__).parent / "{module}.py",)):
        check_rule(rule)
'''


def new_rule(code: str, name: str, folder: Path) -> int:
    """Writes a rule and its test into a folder, and prints what to do next."""
    if not re.fullmatch("[A-Z]+[0-9]+", code) or re.fullmatch("MF[0-9]+", code):
        return fail(f"`{code}` cannot be a rule's code. Use capitals other than MF, then digits.")
    if not re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        return fail(f"`{name}` cannot be a rule's name. Use lowercase letters, digits and hyphens.")
    module = f"{code.lower()}_{name.replace('-', '_')}"
    words = {
        "code": code,
        "name": name,
        "module": module,
        "cls": "".join(word.capitalize() for word in name.split("-")),
    }
    rule, test = folder / f"{module}.py", folder / f"test_{module}.py"
    for file in (rule, test):
        if file.exists():
            return fail(f"{file} already exists; nothing was written.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write(rule, RULE.format(**words).encode())
        write(test, TEST.format(**words).encode())
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}.")
    print(f"Wrote {rule} and {test}.")
    print(f'Turn it on with `local-rules = ["{folder}"]` and `extend-select = ["{code}"]`,')
    print(f"and test it with `pytest {folder}`.")
    return EXIT_CLEAN

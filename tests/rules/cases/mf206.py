from tests.rules.cases import Case, flow

PROJECT = '@project(name="arxiv_topics")'
MODE = 'test_mode = Parameter("test-mode", type=bool, default=True)\n'


def mode(start="print(self.test_mode)", above=PROJECT, more="", top=""):
    return flow(start, above=above, body=f"{MODE}{more}\n", top=top)


READ = ("self.test_mode",)

CASES = [
    Case("it is read", mode(), at=READ),
    Case("it is not read", mode("pass")),
    Case("a branch is asked for", mode("print(self.test_mode, current.branch_name)")),
    Case("production is asked for", mode("print(self.test_mode, current.is_production)")),
    Case("something else is asked for", mode("print(self.test_mode, current.run_id)"), at=READ),
    *(
        Case(f"there is a parameter {name}", mode(more=f'{name} = Parameter("p", default=1)\n'))
        for name in ("prod", "production")
    ),
    Case("there is another one", mode(more='product = Parameter("p", default=1)\n'), at=READ),
    Case("there is no project", mode(above="")),
    Case("there is none", flow("print(self.test_mode)", above=PROJECT)),
    Case(
        "a base flow is unknown",
        mode(top="from own import OwnFlow").replace("(FlowSpec)", "(OwnFlow)"),
    ),
    Case(
        "if a base flow in another file reads it too, it is reported here",
        mode("print(1, self.test_mode)", top="from own import Base").replace(
            "(FlowSpec)", "(Base)"
        ),
        at=READ,
        packages={
            "own.py": "from metaflow import FlowSpec\n\n\nclass Base(FlowSpec):\n"
            "    def limit(self): return self.test_mode\n"
        },
    ),
]

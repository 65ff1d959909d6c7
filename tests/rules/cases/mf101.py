from tests.rules.cases import Case, flow

MUTATOR = """
from metaflow import FlowMutator, schedule, {imported}

from topics.steps import asked


class ours(FlowMutator):
    def pre_mutate(self, mutable_flow):
        {work}


def own_step_decorator(function):
    return function
"""


def mutated(work, imported="retry"):
    return flow(top=MUTATOR.format(work=work, imported=imported), above="@ours")


OTHERS = {
    "a decorator of Metaflow's": "mutable_flow.add_decorator(schedule, deco_kwargs={})",
    "one that is given by name": "mutable_flow.add_decorator('schedule')",
    "one of its own": "[s.add_decorator(own_step_decorator) for _, s in mutable_flow.steps]",
}
PROJECTS = {
    "the class": ("mutable_flow.add_decorator(project, deco_kwargs={'name': 'x'})", "project as p"),
    "another name of it": (
        "mutable_flow.add_decorator(p, deco_kwargs={'name': 'x'})",
        "project as p",
    ),
    "its name": ("mutable_flow.add_decorator('project', deco_kwargs={'name': 'x'})", "retry"),
    "what is imported": ("mutable_flow.add_decorator(asked)", "retry"),
    "what is not known": ("[mutable_flow.add_decorator(d) for d in asked()]", "retry"),
    "the method itself": ("asked(mutable_flow.add_decorator)", "retry"),
}

CASES = [
    *(
        Case(f"a mutator that adds {what} adds no project", mutated(work), at=("ArxivTopics",))
        for what, work in OTHERS.items()
    ),
    *(
        Case(f"a mutator may add the project by {what}", mutated(*given))
        for what, given in PROJECTS.items()
    ),
]

from tests.rules.cases import Case, flow

CASES = [
    Case(
        "in a helper method, and on the way to something else",
        flow(
            "self.show()\nprint(current.parallel.node_index)",
            body="def show(self):\n    current.card.clear()\n\n",
        ),
        at=("current.card", "current.parallel"),
        says=("because the step has no `@card`", "because the step has no `@parallel`"),
    ),
    Case(
        "names that are nearly right",
        flow("print(current.step, current.user, current.flow, current.runid, current.retry)"),
        at=("current.step", "current.user", "current.flow", "current.runid", "current.retry"),
        says=(
            "write `current.step_name`",
            "write `current.username`",
            "write `current.flow_name`",
            "write `current.run_id`",
            "write `current.retry_count`",
        ),
    ),
    Case(
        "names of extensions, of projects, and of which nothing is known",
        flow("print(current.model, current.branch_name, current.get('step'), current.checkpoint)"),
    ),
    Case(
        "asked in other ways",
        flow(
            """
            if self.shows:
                current.card.clear()
            try:
                current.card.clear()
            except AttributeError:
                pass
            rank = current.parallel.node_index if current.get("parallel") else 0
            rows = "trigger" in current and current.trigger.run
            """,
        ),
    ),
    Case(
        "a step decorator of the repository may add it, one of a library may do anything",
        flow("current.card.clear()", "current.card.clear()")
        .replace("    @step", "    @shown\n    @step")
        .replace("\n\n", "\nfrom own import shown\n\n", 1),
        packages={
            "own.py": "from metaflow import StepMutator, card\n\n\n"
            "class shown(StepMutator):\n    def mutate(self, step):\n"
            "        step.add_decorator(card)\n"
        },
    ),
    Case(
        "`current` of something else",
        flow("current = self.page()\nprint(current.card)"),
    ),
]

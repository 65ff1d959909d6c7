from tests.rules.cases import Case, flow


def going(on, **around):
    return flow(**around).replace("self.next(self.end)", f"self.next({on})")


STARTING = flow().replace("self.next(self.end)", "self.next(self.extra)")
EXTRA_STEP = "    @step\n    def extra(self): self.next(self.end)\n"
EXTRA = f"\n\nclass More(ArxivTopics):\n{EXTRA_STEP}"
MORE = EXTRA.replace("def extra", "def more")
ENDING = "\n\nclass ArxivTopics(Base):\n    @step\n    def end(self): pass\n"
BASE = {
    "base.py": "from metaflow import FlowSpec, step\n\n\nclass Base(FlowSpec):\n    @step\n"
    "    def start(self): self.next(self.extra)\n"
}

CASES = [
    *(
        Case(f"{on} may be a step", going(on))
        for on in ("self.end", "self.steps.end", "end", "other.end", "find()")
    ),
    *(
        Case(f"{on} is none", going(on), at=(at,), says=(says,))
        for on, at, says in (
            ("self.ending", "self.ending", "Did you mean `end`?"),
            ("self.papers", "self.papers", "name a step of the flow, or add it"),
            ("other.end, self.papers", "self.papers", "which the flow does not have"),
            ("self.end, self.papers", "self.papers", "which the flow does not have"),
        )
    ),
    Case(
        "a method is no step",
        going("self.fetch", body="def fetch(self): pass\n\n"),
        at=("self.fetch",),
        says=("which is a method without `@step`",),
    ),
    Case("a subclass beside it may have the step", STARTING + EXTRA),
    Case("a subclass beside it may not", STARTING + MORE, at=("self.extra",)),
    Case(
        "a subclass that has steps of its own instead reports nothing about those of its base",
        STARTING + MORE.replace("def more", "def start"),
        at=("self.extra",),
    ),
    *(
        Case(
            shows,
            f"from metaflow import step\n\nfrom base import Base\n{text}",
            at=at,
            packages=BASE,
        )
        for shows, text, at in (
            ("a subclass in another file may have the step", f"{ENDING}\n{EXTRA_STEP}", ()),
            ("a subclass in another file may not", ENDING, ("Base",)),
            ("a subclass of a subclass may have it", ENDING + EXTRA, ()),
            ("a subclass of a subclass may not", ENDING + MORE, ("ArxivTopics",)),
        )
    ),
]

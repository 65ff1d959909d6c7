from tests.rules.cases import Case

BRANCHES = """\
from metaflow import FlowSpec, step
{top}

{above}class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.next(self.papers, self.authors)

    @step
    def papers(self):
        self.found = 1
        self.next(self.join)

    @step
    def authors(self):
        self.found = 2
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        print(self.found)
        {end}
"""


def branches(join="pass", end="pass", top="", above=""):
    return BRANCHES.format(join=join, end=end, top=top, above=above)


TWO_JOINS = "from metaflow import FlowSpec, step\n\n\nclass ArxivTopics(FlowSpec):\n" + "\n\n".join(
    f"    @step\n    def {name}(self{inputs}):\n        {work}\n        {on}"
    for name, inputs, work, on in (
        ("start", "", "pass", "self.next(self.one, self.other)"),
        ("one", "", "pass", "self.next(self.a, self.b)"),
        ("other", "", "pass", "self.next(self.c, self.d)"),
        *((name, "", "self.found = 1", "self.next(self.left)") for name in "ab"),
        *((name, "", "self.found = 1", "self.next(self.right)") for name in "cd"),
        ("left", ", inputs", "pass", "self.next(self.last)"),
        ("right", ", inputs", "pass", "self.next(self.last)"),
        ("last", ", inputs", "self.merge_artifacts(inputs)", "self.next(self.end)"),
        ("end", "", "print(self.found)", ""),
    )
)
LOST = ("self.found",)

CASES = [
    Case(
        "all that set it are named",
        branches(),
        at=LOST,
        says=("`end` reads `found`, which `papers` and `authors` set but the join `join` drops",),
    ),
    Case(
        "it is reported once",
        branches(end="self.next(self.more)")
        .replace("def end", "def late")
        .replace("self.next(self.end)", "self.next(self.late)")
        + "\n    @step\n    def more(self):\n        print(self.found)\n"
        "        self.next(self.end)\n"
        "\n    @step\n    def end(self): pass\n",
        at=LOST,
    ),
    Case(
        "what no join drops is not this rule's",
        branches("self.found = 1", "print(self.other)"),
    ),
    Case(
        "a decorator of events sets no artifacts",
        branches(
            top="from arxiv_topics.events import namespaced_trigger\n",
            above='@namespaced_trigger(event="papers")\n',
        ),
        at=LOST,
    ),
    Case(
        "one of which nothing is known may",
        branches(top="from own import own\n", above="@own\n"),
    ),
    *(
        Case(
            f"@card is not imported, {why}",
            branches(top=f"{top}\n").replace(
                "    @step\n    def end", "    @card\n    @step\n    def end"
            ),
            at=at,
        )
        for why, top, at in (
            ("so that it does nothing", "", LOST),
            ("and asking for variables does not bind it", "print(locals())", LOST),
            ("but a star may bind it", "from own import *", ()),
            ("but code may bind it", "exec(open('own.py').read())", ()),
            ("but is defined under a condition", "if FlowSpec: card = own()", ()),
        )
    ),
    Case(
        "all joins that drop it are named",
        TWO_JOINS,
        at=LOST,
        says=("`a` and `b` and `c` and `d` set but the joins `left` and `right` drop\n",),
    ),
    Case(
        "each task of a foreach has its own value",
        branches().replace("self.papers, self.authors", "self.papers, foreach='found'"),
        at=LOST,
        says=("collect it in `join`: `self.found = [one.found for one in inputs]`",),
    ),
    Case(
        "the branches of a split may have the same",
        branches(),
        at=LOST,
        says=("assign `self.found` in `join`, or, if all inputs have the same value, merge it",),
    ),
]

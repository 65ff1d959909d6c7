from textwrap import dedent

from tests.rules.cases import Case, flow

CASES = [
    *(
        Case(
            f"four statements are too many for {loop}",
            flow(f"{loop}:\n    a()\n    b()\n    c()\n    d()"),
            at=("start",),
            says=("a loop in it has 4 statements",),
        )
        for loop in ("for one in all", "while more()")
    ),
    *(
        Case(f"three are not for {loop}", flow(f"{loop}:\n    a()\n    b()\n    c()"))
        for loop in ("for one in all", "while more()", "if one")
    ),
    Case(
        "a function inside a step is its work",
        flow("def count(): pass\ncount()"),
        at=("start",),
        says=("it defines the function `count`",),
    ),
    Case(
        "so is a class",
        flow("class Count: pass\nCount()"),
        at=("start",),
        says=("it defines the class `Count`",),
    ),
    Case(
        "and a long lambda",
        flow("self.x = sorted(y, key=lambda z: (a(z), b(z), c(z), z.d, z.e))"),
        at=("start",),
        says=("it contains a long lambda",),
    ),
    Case(
        "a chain of dataframe operations is work",
        flow("self.x = a.merge(b).query('c').groupby('d').agg(e).reset_index()"),
        at=("start",),
        says=("one statement does 4 operations, more than 3",),
    ),
    Case(
        "conversions are not, nor is what sets up a client",
        flow(
            "self.x = fetch(a).to_list()\n"
            "self.y = ' '.join(str(b).strip().lower().split(',')).upper()\n"
            "c = Spark.builder.appName('d').config('e', 1).config('f', 2).getOrCreate()"
        ),
    ),
    Case(
        "a nested comprehension with a condition is work",
        flow("self.x = {a: [b for b in c if b in d] for a in e for f in a}"),
        at=("start",),
        says=("one statement does 5 operations",),
    ),
    Case(
        "so is a table",
        flow(f"self.x = {[*range(30)]}"),
        at=("start",),
        says=("one statement does 4 operations",),
    ),
    Case(
        "a loop that skips items is",
        flow("for a in b:\n    c = d(a)\n    if c is None:\n        continue\n    e.append(c)"),
        at=("start",),
        says=("a loop in it decides which items to skip",),
    ),
    Case("one that only calls is not", flow("for a in b:\n    c = d(a)\n    e.append(c)")),
    Case(
        "a `with` block with four statements is",
        flow("with a() as b:\n    c(b)\n    d(b)\n    e(b)\n    f(b)"),
        at=("start",),
        says=("a `with` block in it has 4 statements of work",),
    ),
    Case("one with three is not", flow("with a() as b:\n    c(b)\n    d(b)\n    e(b)")),
    Case(
        "what makes a test run quick is not, nor is a card",
        dedent(
            """
        from metaflow import FlowSpec, Parameter, card, current, step


        class ArxivTopics(FlowSpec):
            test_mode = Parameter("test-mode", type=bool, default=False)

            @card
            @step
            def start(self):
                pages = 1 if self.test_mode else None
                years = range(2000, 2001 if self.test_mode else 2024)
                self.papers = fetch(pages, years)
                if self.test_mode:
                    self.papers = self.papers[:3]
                    self.years = years[:3]
                    self.pages = pages
                current.card.append(Markdown("# Papers"))
                current.card.append(Table([[a.b(), a.c(), a.d(), a.e(), a.f(), a.g()]]))
        """
        ),
    ),
    Case("a short one is not", flow("self.x = sorted(y, key=lambda z: (a(z), b(z), c(z), z.d))")),
]

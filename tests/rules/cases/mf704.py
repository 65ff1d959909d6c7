from tests.rules.cases import Case, flow

TOP = "from metaflow import retry, trigger\nfrom own import namespaced_trigger"


def waiting(decorator):
    return flow(top=TOP, above=decorator)


CASES = [
    *(
        Case(f"{decorator} is right", waiting(decorator))
        for decorator in (
            '@trigger(event="papers")',
            '@trigger(events=["papers", "topics"])',
            "@trigger(**options)",
            '@namespaced_trigger("papers")',
            '@trigger("papers")',
            '@trigger(event="a b")',
            '@trigger(event="papers", events=[])',
            '@trigger(event=None, events=["papers"])',
        )
    ),
    *(
        Case(f"{decorator} {says}", waiting(decorator), at=(at,), says=(says,))
        for decorator, at, says in (
            ("@trigger()", "@trigger()", "names no event"),
            ("@trigger", "@trigger", "names no event"),
            ("@trigger(event=None)", "@trigger(event=None)", "names no event"),
            ("@trigger(events=[])", "[]", "names no event"),
            (
                '@trigger(event="a", events=["b"])',
                '@trigger(event="a", events=["b"])',
                "has both",
            ),
            ('@trigger(events=["a", "b", "a"])', '"a"', "names `a` twice"),
            ('@trigger(events=[find(), "a", "a"])', '"a"', "names `a` twice"),
            (
                '@namespaced_trigger(event="a b")',
                '"a b"',
                "waits for `ab`, because it removes characters of `a b`",
            ),
        )
    ),
    Case(
        "other decorators hide none",
        waiting("@own\n@trigger()"),
        at=("@trigger()",),
    ),
]

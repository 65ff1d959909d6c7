from tests.rules.cases import Case, named

FLOW = named("ArxivTopics")
GUARD = '\n\nif __name__ == "__main__":\n    '


def guarded(text, top=""):
    return f"{FLOW}\n\n{top}{GUARD}{text}\n"


CASES = [
    *(
        Case("others derive from it, or test it", named(name))
        for name in ("_Papers", "BasePapers", "AbstractPapers", "PapersBase", "PapersMixin")
    ),
    *(
        Case(
            "it only looks like one for others",
            named(name),
            at=(name,),
            fixed=f"{named(name)}{GUARD}{name}()\n",
        )
        for name in ("Papers_", "MyBasePapers", "MixinOfPapers", "PapersAbstract")
    ),
    Case(
        "the guard comes below what is there, however long it is",
        f"import os\n\n{FLOW}\n\nNAMES = 1\n",
        at=("ArxivTopics",),
        fixed=f"import os\n\n{FLOW}\n\nNAMES = 1\n{GUARD}ArxivTopics()\n",
    ),
    Case(
        "it may be started by functions",
        guarded("a()", "def a(): b()\ndef b(): c()\ndef c(): ArxivTopics()\n"),
    ),
    Case(
        "by a few of them",
        guarded("a()", "def a(): b()\ndef b(): c()\ndef c(): d()\ndef d(): ArxivTopics()\n"),
        at=('__name__ == "__main__"',),
    ),
    Case(
        "a function that calls itself comes to an end",
        guarded("main()", "def main(): main()\n"),
        at=('__name__ == "__main__"',),
    ),
    *(
        Case(f"nobody gets as far as {text}", guarded(text), at=at)
        for text, at in (
            ("app = ArxivTopics()\n    app.run()", ("app.run()",)),
            ("app.flow = ArxivTopics()\n    app.flow.run()", ("app.flow.run()",)),
            ("ArxivTopics().run()", ("ArxivTopics().run()",)),
        )
    ),
    *(
        Case(
            f"other calls are no calls of run: {text}", guarded(f"app = ArxivTopics()\n    {text}")
        )
        for text in (
            "run()",
            "other.run()",
            "app.close()",
            "ArxivTopics().close()",
            "other().run()",
            "count = 1\n    count.run()",
            "made = other()()\n    made.run()",
        )
    ),
    Case(
        "a bare call goes below the guard",
        f"{FLOW}\n\nArxivTopics()\n",
        at=("ArxivTopics()",),
        fixed=f"{FLOW}{GUARD}ArxivTopics()\n",
    ),
    *(
        Case(f"{text} is left where it is", f"{FLOW}\n\n{text}\n", at=(at,))
        for text, at in (
            ("flow = ArxivTopics()", "flow = ArxivTopics()"),
            ("if True:\n    ArxivTopics()", "ArxivTopics()"),
            ("ArxivTopics().run()", "ArxivTopics().run()"),
            ("ArxivTopics(use_cli=False)", "ArxivTopics(use_cli=False)"),
            ("main(ArxivTopics())", "main(ArxivTopics())"),
        )
    ),
]

from tests.rules.cases import Case, flow

TOP = "from metaflow import card\nfrom metaflow.cards import Markdown"


def cards(decorators, work, **options):
    """A flow whose first step has these decorators and does this."""
    lines = "".join(f"    {line}\n" for line in decorators.splitlines())
    return flow(work, top=TOP, **options).replace("    @step\n", f"{lines}    @step\n", 1)


CASES = [
    Case(
        "texts, dictionaries, and lists of them",
        cards(
            "@card",
            "text = f'# {self.papers}'\ncurrent.card.append(text)\n"
            "current.card.extend([Markdown('#'), {'a': 1}])\ncurrent.card.append(self.made())",
        ),
        at=("text", "{'a': 1}"),
        says=("of type `str`", "of type `dict"),
    ),
    Case(
        "cards without ids, and a helper that adds to one",
        cards(
            "@card\n@card",
            "self.show()",
            body="def show(self):\n    current.card.append(Markdown('#'))\n\n",
        ),
        at=("current.card.append",),
        says=("`start` has 2 cards",),
    ),
    Case(
        "one without an id among others, and an id that is not known",
        cards(
            "@card\n@card(id='papers')\n@card(id='topics')",
            "current.card.append(Markdown('#'))\ncurrent.card[self.kind].append(Markdown('#'))",
        ),
    ),
    Case(
        "types that are not Metaflow's own, and ids that are no literals",
        cards(
            "@card(type='own')\n@card(id='papers')",
            "current.card.append(Markdown('#'))\ncurrent.card['topics'].append(Markdown('#'))",
        ),
    ),
    Case(
        "one card, whatever its id",
        cards("@card(id='papers')", "current.card.append(Markdown('#'))"),
    ),
    Case(
        "a type that takes no components, and an id that the step has not",
        cards(
            "@card(type='default_json', id='papers')",
            "current.card.append(Markdown('#'))\ncurrent.card['topics'].append(Markdown('#'))",
        ),
        at=("current.card.append", "current.card['topics']"),
    ),
    Case(
        "a decorator that may add a card",
        cards(
            "@own\n@card(id='papers')\n@card(id='topics')", "current.card.append(Markdown('#'))"
        ).replace("from metaflow import card", "from own import own\nfrom metaflow import card"),
    ),
    Case(
        "cards without ids need some",
        cards("@card\n@card", "current.card.append(Markdown('#'))"),
        at=("current.card.append",),
        says=("give each card an id,", '`current.card["…"].append(…)`'),
    ),
    Case(
        "one of the ids is named",
        cards("@card(id='papers')\n@card(id='topics')", "current.card.append(Markdown('#'))"),
        at=("current.card.append",),
        says=('name the card: `current.card["papers"].append(…)`',),
    ),
]

from tests.rules.cases import Case, flow

GUARD = '\n\nif __name__ == "__main__":\n    '


def guarded(main, *at, after="", **around):
    below = GUARD + main.replace("\n", "\n    ") + f"\n{after}"
    return Case(main, flow(top="import argparse, sys", below=below, **around), at=at)


def inside(start, *at, **around):
    return Case(start, flow(start, top="import argparse, sys", **around), at=at)


CASES = [
    guarded("ArxivTopics()"),
    guarded("ArxivTopics()\nprint(1)", "print(1)"),
    guarded("ArxivTopics()\nprint(1)\nprint(2)", "print(1)"),
    guarded("ArxivTopics()\npass"),
    guarded("flow = ArxivTopics()\nprint(1)", "print(1)"),
    guarded("flow = ArxivTopics()\nflow.run()"),
    guarded("ArxivTopics(use_cli=False)\nprint(1)"),
    guarded("if unknown:\n    ArxivTopics()\nprint(1)"),
    guarded("try:\n    ArxivTopics()\nfinally:\n    print(1)"),
    guarded("try:\n    ArxivTopics()\nexcept SystemExit:\n    pass\nprint(1)"),
    guarded("try:\n    ArxivTopics()\nexcept:\n    pass\nprint(1)"),
    guarded("try:\n    ArxivTopics()\nexcept ValueError:\n    pass\nprint(1)", "print(1)"),
    guarded("with suppress(SystemExit):\n    ArxivTopics()\nprint(1)"),
    guarded("with timed():\n    ArxivTopics()\nprint(1)", "print(1)"),
    guarded("main()", "print(1)", above="def main():\n    ArxivTopics()\n    print(1)\n\n\n"),
    guarded("main()\nprint(2)", "print(2)", above="def main():\n    ArxivTopics()\n\n\n"),
    guarded("ArxivTopics()", "print(1)", after="print(1)\nprint(2)"),
    guarded("ArxivTopics()", after="def helper(): pass\nlimit = 3\nimport json\n"),
    guarded("ArxivTopics()", "limit = 3", after="limit = 3", start="print(limit)"),
    guarded("ArxivTopics()", "import json", after="import json", start="json.dumps(1)"),
    guarded("ArxivTopics()", after="limit = 3", start="limit = 2\nprint(limit)"),
    guarded("ArxivTopics()", after="limit = 3", start="print(limit)", above="limit = 2\n"),
    guarded("ArxivTopics()\nprint(1)", body="def __init__(self, use_cli=True):\n    pass\n\n"),
    guarded("p = argparse.ArgumentParser()\np.parse_args()\nArxivTopics()", "p.parse_args()"),
    guarded("p = argparse.ArgumentParser()\np.parse_known_args()\nArxivTopics()"),
    guarded("p = argparse.ArgumentParser()\np.parse_args([])\nArxivTopics()"),
    guarded("p = argparse.ArgumentParser()\nif unknown:\n    p.parse_args()\nArxivTopics()"),
    guarded("argparse.ArgumentParser().parse_args()", "argparse.ArgumentParser().parse_args()"),
    guarded(
        "read()\nArxivTopics()",
        "p.parse_args()",
        above="def read():\n    p = argparse.ArgumentParser()\n    return p.parse_args()\n\n\n",
    ),
    guarded("limit = int(sys.argv[1])\nArxivTopics()", "int(sys.argv[1])"),
    guarded("if 'run' in sys.argv:\n    print(1)\nArxivTopics()"),
    guarded(
        "main()",
        "main()",
        above="import click\n\n\n@click.command()\ndef main():\n    ArxivTopics()\n\n\n",
    ),
    inside("p = argparse.ArgumentParser()\np.parse_args()", "p.parse_args()"),
    inside("print(sys.argv[1])", "sys.argv"),
    inside("print(sys.argv[0])"),
    inside("print(sys.argv[1:])", "sys.argv"),
    inside("if '-v' in sys.argv:\n    pass", "sys.argv"),
    inside("print(sys.argv)"),
    inside("print(sys.path)"),
    inside("helper()", "sys.argv", above="def helper():\n    print(sys.argv[1])\n\n\n"),
    inside("pass", above="def helper():\n    print(sys.argv)\n\n\n"),
]

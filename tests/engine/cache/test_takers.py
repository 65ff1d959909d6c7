"""A fix may be safe only as long as no other file takes a name from a flow's module. What the cache
keeps of the flow then depends on the words by which other files name modules, and on nothing else
of them."""

import json
import time

import pytest

from lint_rules.analysis.takers import _takes
from lint_rules.engine.cache import verifier
from lint_rules.workspace.words import words_of
from tests.engine.cache.project import Project

FLOW = """
import requests

from metaflow import FlowSpec, step


class Topics(FlowSpec):
    @step
    def start(self):
        self.topics = requests.get("https://example.org").text
        self.next(self.end)

    @step
    def end(self):
        print(self.topics)


if __name__ == "__main__":
    Topics()
"""


@pytest.fixture
def project(tmp_path, capsys, monkeypatch) -> Project:
    monkeypatch.setattr(verifier.Verifier, "is_old", lambda *_: True)
    folder = tmp_path / "project"
    folder.mkdir()
    found = Project(folder, capsys, monkeypatch)
    found.write("flows/topics.py", FLOW)
    return found


def moves_the_import(output) -> bool:
    """Whether `import requests` may move into the step: no other file takes it from the module."""
    return any(
        found["code"] == "MF304" and found["filename"].endswith("topics.py")
        for found in json.loads(output.report)
    )


TAKING = {
    "an import": "from flows.topics import requests\n",
    "an import in brackets": "from flows.topics import (\n    Topics,\n    requests,\n)\n",
    "a star": "from flows.topics import *\n",
    "an attribute": "import flows.topics\nflows.topics.requests\n",
    "another name": "import flows.topics as t\nt.requests\n",
    "a patch": "mock.patch('flows.topics.requests.dumps')\n",
    "a text": "module = import_module('flows.topics')\nsetattr(topics, 'requests', None)\n",
    "behind a semicolon": "import os; from flows.topics import requests\n",
    "behind a colon": "try: from flows.topics import requests\nexcept Exception: pass\n",
    "two lines": "from flows.topics import \\\n    requests\n",
    "two lines, early": "from \\\n    flows.topics \\\n    import Topics, requests\n",
    "a bracket in a comment": "from flows.topics import (Topics,  # (the flow :)\n    requests)\n",
    "spaces": "from\tflows . topics\timport requests\n",
    "a form feed": "\x0cfrom flows.topics import requests\n",
    "a module that is loaded": "importlib.import_module('flows.topics').requests\n",
    "one loaded beside": "module = importlib.import_module('.topics', 'flows')\nmodule.requests\n",
    "a loaded module": "sys.modules['flows.topics'].requests = None\n",
    "a patch in two parts": "MODULE = 'flows.topics'\npatch(f'{MODULE}.requests.get')\n",
    "a patch of several": "patch.multiple('flows.topics', requests=DEFAULT)\n",
    "a patch of a module": "from flows import topics\npatch.multiple(topics, requests=1)\n",
    "a patch of its names": "import topics\npatch.dict(topics.__dict__, {'requests': 1})\n",
    "a variable": "import flows.topics\nmodule = flows.topics\nmodule.requests\n",
    "names": "from flows import topics\nvars(topics)['requests']\n",
    "an argument": "from flows import topics\nuse(topics)\ndef use(a): return a.requests\n",
    "an entry point": "load('flows.topics:requests')\n",
}

NOT_TAKING = {
    "an import of its own": "import requests\nfrom flows import topics\nrequests.get(topics.URL)\n",
    "a patch of the library": "from flows.topics import Topics\npatch('requests.get')\n",
    "a patch of another name": "patch('flows.topics.fetch')\nresponse.requests\n",
    "a variable of that name": "from flows.topics import Topics\nfor t in topics: t.requests\n",
    "a loop": "import requests\nfrom flows import topics\nfor t in topics:\n    requests.get(t)\n",
    "an artifact": "from flows import topics\nuse(topics)\nself.requests = 1\n",
}
LONG = {
    "mentions": b"from x import topics\n" + b"topics" * 100_000,
    "names": b"import topics\n" + b"requests . " * 50_000,
    "dots": b"import topics\nx.requests\n'" + b"a." * 300_000,
    "words": b"import topics\nx.requests;" + b"module" * 100_000 + b"topics",
    "comments": b"from topics import (" + b"#a\n" * 200_000,
    "ends": b"import topics\nx.requests" + b";:" * 300_000,
}


@pytest.mark.parametrize("text", NOT_TAKING.values(), ids=NOT_TAKING)
def test_a_file_that_takes_no_name_of_the_module_is_none(project, text):
    project.write("tests/test_topics.py", text)
    assert moves_the_import(project.warm())


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_no_text_takes_long(text):
    began = time.process_time()
    words_of(text)
    _takes(text, b"topics", b"requests")
    assert time.process_time() - began < 3


def test_a_module_whose_name_has_other_letters_is_found():
    text = "from flows.thèmes import requests\n".encode()
    assert "thèmes".encode() in words_of(text)
    assert _takes(text, "thèmes".encode(), b"requests")


@pytest.mark.parametrize("taking", TAKING.values(), ids=TAKING)
def test_a_file_that_begins_to_take_the_name_is_seen(project, taking):
    project.write("tests/test_topics.py", "from flows.sales import Sales\n")
    assert moves_the_import(project.warm())
    project.write("tests/test_topics.py", taking)
    output = project.warm()
    assert not moves_the_import(output)
    assert output == project.cold()


def test_a_file_that_comes_or_goes_is_seen(project):
    assert moves_the_import(project.warm())
    project.write("tests/test_topics.py", TAKING["a patch"])
    assert not moves_the_import(project.warm())
    project.remove("tests/test_topics.py")
    assert moves_the_import(project.warm())


def test_a_file_that_names_the_module_depends_on_all_that_is_in_it(project):
    """The words by which it names modules are the same, and yet it takes the name."""
    project.write("tests/test_topics.py", "from flows import topics\ntopics.Topics\n")
    assert moves_the_import(project.warm())
    project.write("tests/test_topics.py", "from flows import topics\ntopics.requests\n")
    assert not moves_the_import(project.warm())


def test_a_link_gives_the_module_another_name(project):
    project.write("tests/test_topics.py", "from flows.linked import requests\n")
    assert moves_the_import(project.warm())
    project.link("flows/linked.py", "topics.py")
    output = project.warm()
    assert output == project.cold()
    assert not moves_the_import(output)


def test_a_file_that_cannot_be_read_is_looked_at_again(project):
    project.link("tests/test_topics.py", "nowhere.py")
    assert moves_the_import(project.warm())
    project.write("tests/nowhere.py", "from flows.topics import requests\n")
    output = project.warm()
    assert output == project.cold()
    assert not moves_the_import(output)


@pytest.mark.parametrize(
    "after",
    [
        "import os\nprint(topics['a'], 2)\n",
        "import os\ndef requests():  # from flows.topics import requests\n    return topics['a']\n",
        "print(topics['os'], 'a')\nimport os\n",
    ],
)
def test_an_edit_that_names_nothing_else_checks_no_file_again(project, after):
    project.write("tests/test_other.py", "import os\nprint(topics['a'])\n")
    project.warm()
    project.write("tests/test_other.py", after)
    output = project.warm()
    assert project.checked == []
    assert output == project.cold()


def test_an_edit_of_another_flow_checks_that_flow_alone(project):
    project.warm()
    project.append("flows/sales.py", "print(1)\n")
    output = project.warm()
    assert project.checked == ["flows/sales.py"]
    assert output == project.cold()

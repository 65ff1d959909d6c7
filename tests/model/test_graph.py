"""A flow's graph, in the shapes that Metaflow knows."""

from lint_rules.analysis.imports import ImportResolver
from lint_rules.rules.base import dedent
from lint_rules.syntax.parse_cache import module_of

HEAD = "from metaflow import FlowSpec, step\n\n\nclass ArxivTopics(FlowSpec):\n"


def graph_of(steps, head=HEAD):
    """The graph of a flow written as `{"start": "self.a, self.b", "join(inputs)": "self.end"}`."""
    lines = []
    for name, following in steps.items():
        name, _, inputs = name.partition("(")
        lines.append("    @step")
        lines.append(f"    def {name}(self{', inputs' if inputs else ''}):")
        lines.append(f"        self.next({following})" if following else "        pass")
    module = module_of(head + "\n".join(lines) + "\n", ImportResolver())
    return module.flows[-1].graph


def test_linear():
    graph = graph_of({"start": "self.model", "model": "self.end", "end": ""})
    assert graph.is_complete
    assert list(graph.nodes) == ["start", "model", "end"]
    assert [node.kind for node in graph.reached] == ["linear", "linear", "end"]
    assert [edge.source for edge in graph.nodes["end"].before] == ["model"]


def test_joins_close_the_innermost_split():
    graph = graph_of(
        {
            "start": "self.left, self.right",
            "left": "self.part, foreach='parts'",
            "part": "self.parts_join",
            "parts_join(inputs)": "self.join",
            "right": "self.deep, self.deeper",
            "deep": "self.deep_join",
            "deeper": "self.deep_join",
            "deep_join(inputs)": "self.join",
            "join(inputs)": "self.many, num_parallel=2",
            "many": "self.last",
            "last(inputs)": "self.end",
            "end": "",
        }
    )
    assert graph.is_complete
    closes = {node.name: node.closes for node in graph.reached if node.is_join}
    assert closes == {"parts_join": "left", "deep_join": "right", "join": "start", "last": "join"}
    assert [node.kind for node in graph.reached if node.closes] == [
        "linear",
        "linear",
        "parallel",
        "linear",
    ]


def test_switches_need_no_join_and_may_go_back():
    graph = graph_of(
        {
            "start": "{'more': self.start, 'some': self.work, 3: self.end}, condition='answer'",
            "work": "self.item, foreach='items'",
            "item": "{'again': self.item, 'done': self.join}, condition='state'",
            "join(inputs)": "self.end",
            "end": "",
        }
    )
    assert graph.is_complete
    assert [(edge.target, edge.case.value) for edge in graph.nodes["start"].after] == [
        ("start", "more"),
        ("work", "some"),
        ("end", 3),
    ]
    assert graph.nodes["join"].closes == "work"


def test_a_join_that_closes_different_splits_closes_none():
    graph = graph_of(
        {
            "start": "{'a': self.left, 'b': self.right}, condition='answer'",
            "left": "self.one, foreach='items'",
            "right": "self.two, foreach='items'",
            "one": "self.join",
            "two": "self.join",
            "join(inputs)": "self.end",
            "end": "",
        }
    )
    assert graph.nodes["join"].closes is None


def test_what_is_missing_or_hidden():
    assert not graph_of({"start": "self.end"}).is_complete
    assert not graph_of({"begin": "self.end", "end": ""}).is_complete
    assert not graph_of({"start": "*steps", "end": ""}).is_complete
    assert not graph_of({"start": "", "end": ""}).is_complete
    unreached = graph_of({"start": "self.end", "other": "self.end", "end": ""})
    assert unreached.is_complete
    assert list(unreached.nodes) == ["start", "end", "other"]
    assert not unreached.nodes["other"].is_reached


def test_inherited_steps():
    head = dedent(
        """
        from metaflow import FlowSpec, step


        class Ends(FlowSpec):
            @step
            def start(self):
                self.next(self.model)

            @step
            def end(self):
                pass


        class ArxivTopics(Ends):
        """
    )
    graph = graph_of({"model": "self.end"}, head)
    assert graph.is_complete
    assert [node.name for node in graph.reached] == ["start", "model", "end"]

"""`metaflow-lint graph` as SVG and HTML: self-contained, and nothing of a source is markup."""

import base64
import hashlib
import html.parser
import re
from xml.etree import ElementTree

import pytest

from tests.diagrams.test_diagrams import FILES, HOSTILE

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def project(folder):
    for name, text in FILES.items():
        folder.write(name, text)
    return folder


def drawn(folder, *words, output_format="svg"):
    result = folder.lint("graph", "--output-format", output_format, *words)
    assert (result.status, result.err) == (0, "")
    return result.out


def texts(svg):
    return [element.text for element in svg.iter(f"{SVG}text")]


class Page(html.parser.HTMLParser):
    """What a page refers to and what it can be asked for, and its scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.hrefs, self.sources, self.targets, self.contents = [], [], {"", "view"}, []
        self.policy, self.texts, self._inside, self.tags = "", [], "", list[str]()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        self._inside = tag
        self.hrefs += [given["href"]] if "href" in given else []
        self.sources += [
            given[name] for name in ("src", "action", "style", "data") if name in given
        ]
        self.sources += [name for name in given if name.startswith("on")]
        self.targets |= {given.get(name) for name in ("id", "data-view", "data-detail")}
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        (self.contents if self._inside in ("script", "style") else self.texts).append(data)


def test_a_map_is_an_image_with_all_that_is_on_it(project):
    svg = ElementTree.fromstring(drawn(project))
    shown = texts(svg)
    for text in ("ArxivPapers", "project arxiv_topics", "raises", "results, by get_papers"):
        assert text in shown
    assert "mfns.{project}.{branch}.topics" in shown
    assert "raised by nothing here" in shown
    left, top, width, height = map(float, svg.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    for rect in svg.iter(f"{SVG}rect"):
        if rect.get("class") == "frame":
            assert float(rect.get("x")) >= 0
            assert float(rect.get("x")) + float(rect.get("width")) <= width
            assert float(rect.get("y")) + float(rect.get("height")) <= height
    assert not list(svg.iter(f"{SVG}a"))


def test_boxes_do_not_lie_on_each_other(project):
    for words in ((), ("--flow", "Labels")):
        svg = ElementTree.fromstring(drawn(project, *words))
        boxes = [
            [float(rect.get(name)) for name in ("x", "y", "width", "height")]
            for rect in svg.iter(f"{SVG}rect")
            if rect.get("class") == "frame"
        ]
        assert len(boxes) > 1
        for index, (x, y, width, height) in enumerate(boxes):
            for x2, y2, width2, height2 in boxes[:index]:
                apart = x2 >= x + width or x >= x2 + width2 or y2 >= y + height or y >= y2 + height2
                assert apart


def test_a_flows_steps_and_links_to_their_source(project):
    link = "https://example.org/blob/main/{path}#L{row}"
    words = ("--flow", "ArxivPapers", "--source-link", link)
    svg = ElementTree.fromstring(drawn(project, *words))
    assert [text for text in texts(svg) if text in ("start", "end", "makes papers")] == [
        "start",
        "makes papers",
        "end",
    ]
    assert [box.get("href") for box in svg.iter(f"{SVG}a")] == [
        "https://example.org/blob/main/papers/flow.py#L14",
        "https://example.org/blob/main/papers/flow.py#L20",
    ]


@pytest.mark.parametrize("link", ["https://example.org/", "javascript:alert('{path}')"])
def test_a_link_that_leads_nowhere_is_refused(project, link):
    result = project.lint("graph", "--output-format", "svg", "--source-link", link)
    assert result.status == 2
    assert "--source-link: give an address" in result.err


def test_a_page_needs_no_other_file_and_all_its_links_lead_somewhere(project):
    text = drawn(project, output_format="html")
    page = Page(text)
    assert page.sources == []
    assert all(href.startswith("#") for href in page.hrefs)
    assert {href[1:] for href in page.hrefs} <= page.targets
    assert not re.search(r"https?:|url\(|@import", text)
    shown = "".join(page.texts)
    assert 'namespaced_trigger.raise_event("papers", safe_publish=True)' in shown
    assert "MF101" in shown
    assert len(page.contents) == 2
    for content in page.contents:
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.policy


def test_a_page_can_link_to_where_the_source_is_kept(project):
    page = Page(drawn(project, "--source-link", "vscode://x/{path}:{row}", output_format="html"))
    assert "vscode://x/papers/flow.py:8" in page.hrefs


def test_nothing_of_a_source_is_markup(folder):
    folder.write("a'b\"<c>&/flow.py", HOSTILE)
    for words in ((".",), ("--flow", "Hostile")):
        svg = drawn(folder, *words)
        ElementTree.fromstring(svg)
        assert "\x1b" not in svg
    text = drawn(folder, output_format="html")
    page = Page(text)
    assert page.tags.count("script") == 1
    assert "c" not in page.tags
    assert "alert(1)" in "".join(page.texts)
    assert "alert" not in "".join(page.contents)
    assert "\x1b" not in text
    assert {href[1:] for href in page.hrefs} <= page.targets


def test_a_page_and_an_image_are_always_drawn_alike(project, process_folder):
    for output_format in ("svg", "html"):
        words = ("graph", "--output-format", output_format)
        first = process_folder.lint(*words, PYTHONHASHSEED="1").out
        assert process_folder.lint(*words, PYTHONHASHSEED="2").out == first


def test_without_the_library_the_others_are_still_drawn(project, process_folder):
    project.write("missing/pygraphviz.py", "raise ImportError\n")
    for output_format, status in {"svg": 2, "html": 2, "mermaid": 0, "dot": 0, "json": 0}.items():
        words = ("graph", "--output-format", output_format)
        result = process_folder.lint(*words, PYTHONPATH="missing")
        assert result.status == status
        assert ("pip install 'metaflow-lint[graph]'" in result.err) is (status == 2)
        assert (result.out == "") is (status == 2)

"""Files in reports for code hosts: named from the repository's root, wherever the run begins."""

import json
from pathlib import Path
from urllib.parse import unquote, urlparse
from xml.etree import ElementTree

import pytest

from tests.folder import FLOW

BAD = FLOW.replace("ArxivTopics", "ArxivFlow")


def named(folder, output_format, path, **environment):
    """The file that a report on `path` names, and the folder it starts from, if it says so."""
    out = folder.lint("check", "--output-format", output_format, path, **environment).out
    if output_format == "github":
        return out.partition("file=")[2].partition(",")[0], None
    if output_format == "gitlab":
        return json.loads(out)[0]["location"]["path"], None
    if output_format == "junit":
        case = ElementTree.fromstring(out).find("testsuite/testcase")
        return case.get("file"), None
    (run,) = json.loads(out)["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    root = Path(unquote(urlparse(run["originalUriBaseIds"]["SRCROOT"]["uri"]).path))
    return (place["uri"], root if "uriBaseId" in place else None)


FORMATS = ["github", "gitlab", "junit", "sarif"]


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("variable", [None, "GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_paths_start_from_the_repository(folder, output_format, variable):
    """Git's root, or what CI says, if that is above."""
    folder.write("checkout/.git/HEAD", "")
    folder.write("checkout/packages/a/flow.py", BAD)
    inner = type(folder)(folder.path / "checkout/packages/a")
    place = {} if variable is None else {variable: str(folder.path)}
    prefix = "" if variable is None else "checkout/"
    name, root = named(inner, output_format, "flow.py", **place)
    assert name == f"{prefix}packages/a/flow.py"
    assert root in (None, folder.path if variable else folder.path / "checkout")


@pytest.mark.parametrize("output_format", FORMATS)
def test_paths_without_a_repository_start_from_the_current_folder(folder, output_format):
    folder.write("a/flow.py", BAD)
    elsewhere = {"GITHUB_WORKSPACE": str(folder.path / "other"), "CI_PROJECT_DIR": "/nowhere"}
    assert named(folder, output_format, "a/flow.py", **elsewhere)[0] == "a/flow.py"


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_file_outside_of_the_repository_is_named_in_full(folder, output_format):
    folder.write("checkout/.git/HEAD", "")
    folder.write("flow.py", BAD)
    inner = type(folder)(folder.path / "checkout")
    name, _ = named(inner, output_format, "../flow.py")
    assert (
        name.endswith(f"{folder.path.name}/checkout/../flow.py")
        or name == (folder.path / "flow.py").as_uri()
    )


def test_the_way_through_a_link_is_the_same_file(folder):
    folder.write("checkout/.git/HEAD", "")
    folder.write("checkout/flow.py", BAD)
    (folder.path / "link").symlink_to("checkout")
    assert named(type(folder)(folder.path / "link"), "github", "flow.py")[0] == "flow.py"


def test_fingerprints_are_the_same_wherever_the_run_begins(folder):
    folder.write(".git/HEAD", "")
    folder.write("a/flow.py", BAD)
    inner = type(folder)(folder.path / "a")
    outputs = [
        json.loads(root.lint("check", "--output-format", "gitlab", path).out)
        for root, path in ((folder, "a/flow.py"), (inner, "flow.py"), (inner, "../a"))
    ]
    assert outputs[0] == outputs[1] == outputs[2]

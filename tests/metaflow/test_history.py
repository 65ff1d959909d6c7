"""Facts of several versions in one document, and the view of one version on it."""

import pytest

from lint_rules.metaflow.versions import MISSING, at, parsed
from tools.metaflow_facts.history import merged

REFUSAL = {"stage": "check", "message": "No."}
OTHER = {"stage": "check", "message": "No, no."}

HISTORIES = {
    "the same": [1, 1, 1],
    "a value that changes": [1, 2, 2],
    "a value that changes back": [1, 2, 1],
    "a name that comes": [{}, {"a": 1}, {"a": 1}],
    "a name that goes": [{"a": 1, "b": 2}, {"a": 1, "b": 2}, {"b": 2}],
    "a name that comes and goes": [{}, {"a": {"x": 1}}, {}],
    "a name that goes and comes back": [{"a": 1}, {}, {"a": 1}],
    "a change inside of what comes": [{}, {"a": {"x": 1, "y": 0}}, {"a": {"x": 2, "y": 0}}],
    "a refusal that changes": [{"r": REFUSAL}, {"r": OTHER}, {"r": OTHER}],
    "a refusal that goes": [{"r": REFUSAL}, {"r": None}, {}],
    "another type": [{"a": 1}, {"a": {"x": 1}}, {"a": [1]}],
    "lists": [{"a": [1, 2]}, {"a": [1]}, {"a": [1]}],
}
VERSIONS = ["2.12.0", "2.19.9", "2.19.39"]


@pytest.mark.parametrize("values", HISTORIES.values(), ids=HISTORIES)
def test_each_version_gets_back_what_was_read(values):
    document = merged(list(zip(VERSIONS, values, strict=True)))
    assert [at(document, parsed(version)) for version in VERSIONS] == values


def test_what_holds_always_is_written_once():
    read = [(version, {"a": 1, "b": [1, {"c": 2}]}) for version in VERSIONS]
    assert merged(read) == read[0][1]


def test_what_comes_and_goes_says_since_and_until_when():
    read = list(zip(VERSIONS, [{}, {"a": 1}, {}], strict=True))
    entry = {"since": "2.19.9", "until": "2.19.39", "value": 1}
    assert merged(read) == {"a": {"versions": [entry]}}


def test_a_version_between_two_is_like_the_older():
    document = merged(list(zip(VERSIONS, [1, 2, 3], strict=True)))
    assert at(document, parsed("2.15")) == 1
    assert at(document, parsed("2.19.38")) == 2


def test_before_the_first_version_there_is_nothing():
    assert at(merged([("2.19.9", MISSING), ("2.19.39", 1)]), parsed("2.19.10")) is MISSING


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2.19.39", (2, 19, 39)),
        ("2.19", (2, 19, 0)),
        ("v2.19.0rc1", (2, 19, 0)),
        ("2.19.39.post1+local", (2, 19, 39)),
    ],
)
def test_versions_are_numbers(text, numbers):
    assert parsed(text) == numbers


@pytest.mark.parametrize("text", ["", "latest", ">=2.12"])
def test_what_is_no_version_is_reported(text):
    with pytest.raises(ValueError, match="is no version"):
        parsed(text)

"""The data files of `lint_rules.metaflow`: what they hold now, and with more versions read.

Not every version is read whole: to try each decorator with each takes long. What was not read of a
version is taken to be as in the version before.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lint_rules.metaflow.reader import DATA
from lint_rules.metaflow.versions import MISSING, at, parsed
from tools.metaflow_facts.history import merged
from tools.metaflow_facts.read import QUICK, SECTIONS


def data_files() -> dict[Path, str]:
    """Return the text of each file of the data that there is."""
    return {path: path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.json"))}


def facts_of(version: str, section: str) -> Any:
    """Return what the data say of one version, as the reading of it gives it."""
    return at(_stored(section), parsed(version))


def with_versions(read: Mapping[str, Mapping[str, Any]]) -> dict[Path, str]:
    """Return the text of each file with some versions read again, or added."""
    known: Mapping[str, list[str]] = _stored("versions").get("read", {})
    versions: dict[str, list[str]] = {}
    files: dict[Path, str] = {}
    for section in SECTIONS:
        new = {version: facts[section] for version, facts in read.items() if section in facts}
        versions[section] = sorted({*known.get(section, []), *new}, key=parsed)
        history = [
            (v, new[v] if v in new else facts_of(v, section) or MISSING) for v in versions[section]
        ]
        files[DATA / f"{section}.json"] = _text(merged(history) if history else {})
    return files | {
        DATA / "versions.json": _text({"read": versions, "gaps": _gaps(files, versions)})
    }


def _gaps(files: Mapping[Path, str], versions: Mapping[str, list[str]]) -> list[list[str]]:
    """Return neighbours among the versions that differ: of those between nothing is certain."""
    documents = [json.loads(files[DATA / f"{section}.json"]) for section in QUICK]
    read = sorted({v for section in QUICK for v in versions[section]}, key=parsed)
    facts = [[at(document, parsed(version)) for document in documents] for version in read]
    neighbours = itertools.pairwise(zip(read, facts, strict=True))
    return [[one, other] for (one, before), (other, after) in neighbours if before != after]


def _stored(name: str) -> Any:
    path = DATA / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _text(document: Any) -> str:
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

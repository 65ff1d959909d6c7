"""The data files of `lint_rules.metaflow`: what they hold now, and with more versions read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lint_rules.metaflow.facts import DATA
from lint_rules.metaflow.versions import MISSING, at, parsed
from tools.metaflow_facts.history import merged

SECTIONS = ("decorators", "names", "parameters")


def data_files() -> dict[Path, str]:
    """Return the text of each file of the data that there is."""
    return {path: path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.json"))}


def facts_of(version: str) -> dict[str, Any]:
    """Return what the data say of one version, as the reading of it gives it."""
    return {name: at(_stored(name), parsed(version)) for name in SECTIONS}


def with_versions(read: Mapping[str, Mapping[str, Any]]) -> dict[Path, str]:
    """Return the text of each file with versions read anew: they replace or join those of the data."""
    stored = _stored("versions")
    known = [] if stored is MISSING else stored
    versions = sorted({*known, *read}, key=parsed)
    everything = [(v, read[v] if v in read else facts_of(v)) for v in versions]
    files = {DATA / "versions.json": _text(versions)}
    for name in SECTIONS:
        document = merged([(v, facts.get(name, MISSING)) for v, facts in everything])
        files[DATA / f"{name}.json"] = _text(document)
    return files


def _stored(name: str) -> Any:
    path = DATA / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else MISSING


def _text(document: Any) -> str:
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

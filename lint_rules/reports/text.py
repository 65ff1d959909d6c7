"""Reports in the encoding of the stream that they are written to."""

from __future__ import annotations

import codecs
import re

from lint_rules.diagnostics.json_text import as_units

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def encodable(text: str, output_format: str, encoding: str) -> str:
    """A report as it can be written to a stream, still valid in its format.

    Args:
        text: the report.
        output_format: one of `lint_rules.reports.FORMATS`.
        encoding: the encoding of the stream, which may be as small as ASCII.
    """
    if text.isascii() or codecs.lookup(encoding).name.startswith("utf"):
        return text
    if output_format in ("json", "gitlab", "sarif"):
        return _NOT_ASCII.sub(as_units, text)
    if output_format == "junit":
        return text.encode("ascii", "xmlcharrefreplace").decode()
    return text

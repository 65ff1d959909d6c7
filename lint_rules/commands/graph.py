"""`metaflow-lint graph`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lint_rules.exits import EXIT_CLEAN, fail
from lint_rules.files import PathError
from lint_rules.graph.find import Finder
from lint_rules.graph.formats import Wanted, draw
from lint_rules.graph.plan import FlowBox, Map
from lint_rules.linter import RuleError
from lint_rules.registry import RuleLoadError
from lint_rules.settings import Configuration, SettingsError, nearest
from lint_rules.write import write


class CannotDraw(Exception):
    """There is nothing to draw, or more than one thing that could be meant."""


def graph(arguments: argparse.Namespace) -> int:
    """Draws the flows of a command line's paths, or keeps drawings in documents current."""
    try:
        return _draw(arguments)
    except (CannotDraw, PathError, SettingsError, RuleError, RuleLoadError) as error:
        return fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return fail(f"{error.filename or 'standard output'}: {error.strerror}.")


def _draw(arguments: argparse.Namespace) -> int:
    configuration = Configuration(isolated=arguments.isolated, file=arguments.config)
    paths = arguments.paths or [Path()]
    finder = Finder(paths, configuration, Path())
    drawn = finder.map(with_findings=True)
    if not drawn.flows and not finder.unread:
        raise CannotDraw(f"there is no flow in {', '.join(str(path) for path in paths)}.")
    text = draw(arguments.output_format, Wanted(drawn, chosen(drawn, arguments.flow, paths)))
    if arguments.output_file:
        write(arguments.output_file, text.encode())
    else:
        sys.stdout.write(text)
        sys.stdout.flush()
    return fail("\n".join(finder.unread)) if finder.unread else EXIT_CLEAN


def chosen(drawn: Map, name: str | None, paths: list[Path]) -> FlowBox | None:
    """The flow whose steps are to be drawn: the one that is named, or the only one of a file.

    Raises:
        CannotDraw: no flow has the name, or several.
    """
    known = [flow for flow in drawn.flows if not flow.is_elsewhere]
    if name is None:
        if len(paths) != 1 or not paths[0].is_file():
            return None
        spots = [(flow, flow.spot) for flow in known]
        here = [f for f, s in spots if s and Path(s.path).resolve() == paths[0].resolve()]
        return here[0] if len(here) == 1 else None
    found = [flow for flow in known if flow.name == name]
    if not found:
        hint = nearest(name, [flow.name for flow in known])
        raise CannotDraw(f"--flow: no flow here is called `{name}`.{hint}")
    if len(found) > 1:
        places = "".join(f"\n  {flow.spot}" for flow in found)
        raise CannotDraw(f"--flow: several flows are called `{name}`; name the file too:{places}")
    return found[0]

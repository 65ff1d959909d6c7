"""`metaflow-lint graph`."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from lint_rules.cli.exit_status import EXIT_CLEAN, EXIT_FINDINGS, fail, fail_each
from lint_rules.diagrams.diagram import FlowBox, Map
from lint_rules.diagrams.documents import BEGIN, DocumentError, Words, renewed
from lint_rules.diagrams.find import Finder
from lint_rules.diagrams.formats import Wanted, draw
from lint_rules.diagrams.layout import MissingLibrary
from lint_rules.diagrams.links import is_usable
from lint_rules.errors import CannotRun
from lint_rules.reports.style import printable
from lint_rules.settings.configuration import Configuration
from lint_rules.settings.options import nearest
from lint_rules.workspace.atomic_write import write
from lint_rules.workspace.file_system import FileSystem, is_named_file, real
from lint_rules.workspace.named_files import read_named
from lint_rules.workspace.repository import repository_of


class CannotDraw(CannotRun):
    """There is nothing to draw, or several flows have the name that was given."""


def graph(arguments: argparse.Namespace) -> int:
    """Draws the flows of some paths, or checks and updates the drawings in documents."""
    try:
        return _draw(arguments)
    except MissingLibrary as error:
        return fail(f"{error}. The formats mermaid, dot and json need no library.")


def _draw(arguments: argparse.Namespace) -> int:
    configuration = Configuration(isolated=arguments.isolated, file=arguments.config)
    if arguments.check or arguments.write:
        if arguments.paths or arguments.flow or arguments.output_file:
            raise CannotDraw(
                "--check and --write take the flow and the paths from the document: "
                f"`{BEGIN.replace('graph', 'graph --flow NAME PATH')}`."
            )
        documents = [*arguments.check, *arguments.write]
        stale = [not _keep(path, configuration, path in arguments.write) for path in documents]
        return EXIT_FINDINGS if any(stale) else EXIT_CLEAN
    if arguments.source_link is not None and not is_usable(arguments.source_link):
        raise CannotDraw(
            "--source-link: give an address with `{path}` and `{row}` in it, such as "
            "`https://github.com/org/repository/blob/main/{path}#L{row}`."
        )
    paths = arguments.paths or [Path()]
    finder = Finder(paths, configuration, Path())
    drawn = finder.map(with_findings=True)
    if not drawn.flows and not finder.unread:
        raise CannotDraw(f"there is no flow in {', '.join(str(path) for path in paths)}.")
    flow = chosen(drawn, arguments.flow, paths, Path())
    wanted = Wanted(drawn, flow, Path(), arguments.source_link, finder.snapshot)
    text = draw(arguments.output_format, wanted)
    if arguments.output_file:
        write(arguments.output_file, text.encode())
    else:
        # As in a file: who renders it takes UTF-8, whatever the terminal does.
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    return fail_each(finder.unread) if finder.unread else EXIT_CLEAN


def _keep(document: Path, configuration: Configuration, is_written: bool) -> bool:
    """Updates the drawings of a document, or prints which are out of date.

    Findings are left out: they would be out of date with every change of the code.

    Returns:
        Whether all drawings are up to date now.
    """
    folder = document.parent
    try:
        text = read_named(document).decode()
    except UnicodeDecodeError as error:
        raise CannotDraw(f"{document}: this is no text in UTF-8.") from error

    files = FileSystem(repository_of(real(folder)))

    def drawing(words: Words) -> str | None:
        for path in words.paths:
            if not files.contains(folder / path):
                raise DocumentError(
                    f"line {words.row}: `{path}` leads out of the repository {files.root}; "
                    "name what is in it"
                )
        paths = [folder / path for path in words.paths] or [folder]
        finder = Finder(paths, configuration, folder)
        drawn = finder.map(with_findings=False)
        if finder.unread:
            raise CannotDraw(f"{document}: its flows cannot be read:", finder.unread)
        if not drawn.flows:
            return None
        return draw("mermaid", Wanted(drawn, chosen(drawn, words.flow, paths, folder)))

    try:
        made = renewed(text, drawing)
    except DocumentError as error:
        raise CannotDraw(f"{document}: {error}.") from error
    if is_written:
        if made.stale:
            write(document, made.text.encode())
            print(f"{printable(str(document))}: updated.")
        return True
    for words in made.stale:
        print(
            f"{printable(str(document))}:{words.row}: The drawing is out of date. Update it with "
            f"`metaflow-lint graph --write {printable(shlex.quote(str(document)))}`."
        )
    return not made.stale


def chosen(drawn: Map, name: str | None, paths: list[Path], base: Path) -> FlowBox | None:
    """The flow whose steps are to be drawn: the one that is named, or the only one of a file.

    Raises:
        CannotDraw: no flow has the name, or several.
    """
    known = [flow for flow in drawn.flows if not flow.is_unread]
    if name is None:
        if len(paths) != 1 or not is_named_file(paths[0]):
            return None
        ranges = [(flow, flow.range) for flow in known]
        here = [f for f, s in ranges if s and real(base / s.path) == real(paths[0])]
        return here[0] if len(here) == 1 else None
    found = [flow for flow in known if flow.name == name]
    if not found:
        hint = nearest(name, [flow.name for flow in known])
        raise CannotDraw(f"--flow: no flow here is called `{name}`.{hint}")
    if len(found) > 1:
        places = [str(flow.range) for flow in found]
        raise CannotDraw(f"--flow: several flows are called `{name}`; name the file too:", places)
    return found[0]

"""The command ``diff``. It wires and decides nothing; ``cli`` registers it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from appcode_contract.commands.ending import usage
from appcode_contract.commands.output import terminal


@click.command()
@click.argument("old", metavar="OLD.json", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW.json", type=click.Path(path_type=Path))
def diff(old: Path, new: Path) -> None:
    """Say what changed from one report of verify to another.

    Reports of other servers, pages or seeds are compared all the same, which is said. Exit code: 0 nothing began to
    fail, 1 something did, 2 the call was wrong, 3 nothing began to fail, and a report is incomplete.
    """
    from appcode_contract.reporting.difference import (  # noqa: PLC0415 - --help stays quick
        difference_of,
        show_difference,
    )
    from appcode_contract.reporting.reading import ReportError, read_report  # noqa: PLC0415 - --help stays quick

    try:
        difference = difference_of(read_report(old), read_report(new))
    except ReportError as error:
        usage(str(error))
    with terminal() as console:
        show_difference(difference, console)
    sys.exit(difference.exit_code)

"""The command ``verify``. It wires and decides nothing; ``cli`` registers it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from appcode_contract.clauses import Level
from appcode_contract.commands.ending import usage
from appcode_contract.commands.output import terminal
from appcode_contract.commands.run_options import (
    identity_options,
    max_generate_option,
    run_options,
    target_of,
    url_argument,
)
from appcode_contract.commands.running import carry_out, papers_of, warn_of

if TYPE_CHECKING:
    from pathlib import Path

    from appcode_contract.conformance.selection import Selection
    from appcode_contract.report import Report

_INCONCLUSIVE = 3


@click.command()
@url_argument
@identity_options
@max_generate_option(5)
@click.option("--read-only", is_flag=True, help="Send no request to generate.")
@click.option(
    "--clause",
    "clauses",
    metavar="ID",
    multiple=True,
    help="Judge this clause, or all below it, as list/limit; may be repeated.",
)
@click.option(
    "--level",
    type=click.Choice([each.value for each in Level]),
    help="Judge what the tables and sentences say (documented), also what only an example shows (example), "
    "or everything (implied).",
)
@click.option("--list", "listing", is_flag=True, help="Print what would be tried, and send nothing.")
@click.option("--seed", default=0, metavar="N", type=int, help="Repeats made-up ids, tokens and queries.")
@run_options
def verify(  # noqa: PLR0913 - one parameter for each option that is no part of the target
    url: str | None,
    clauses: tuple[str, ...],
    level: str | None,
    known_deviations: Path | None,
    reports: tuple[Path, ...],
    *,
    listing: bool,
    **options: Any,  # noqa: ANN401 - one for each part of the target
) -> None:
    """Check a live endpoint against the documentation.

    URL may be given as APPCODE_URL, and every option marked with a variable by that; it keeps tokens off the command
    line. Exit code: 0 the
    server conforms, 1 it violates the contract, or a known deviation is out of date, 2 the call was wrong, 3 nothing
    could be judged, or not all of it.
    """
    from appcode_contract.commands.report_file import ReportFileError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.deviation_file import DeviationError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.selection import Selection, SelectionError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.target import TargetError  # noqa: PLC0415 - --help stays quick

    try:
        selection = Selection(clauses, Level(level) if level else None)
        if listing:
            _print_tests(selection)
            return
        target = target_of(url, options)
        papers = papers_of(known_deviations, reports)
    except (SelectionError, TargetError, DeviationError, ReportFileError) as error:
        usage(str(error))
    warn_of(target)
    result, written = carry_out(target, selection, papers, _show)
    sys.exit(result.exit_code or (0 if written else _INCONCLUSIVE))


def _show(result: Report) -> None:
    from appcode_contract.reporting.terminal import show  # noqa: PLC0415 - --help stays quick

    with terminal() as console:
        show(result, console)


def _print_tests(selection: Selection) -> None:
    from appcode_contract.conformance.runner import selected_tests  # noqa: PLC0415 - --help stays quick
    from appcode_contract.reporting.terminal import show_tests  # noqa: PLC0415 - --help stays quick

    with terminal() as console:
        show_tests(selected_tests(selection), console)

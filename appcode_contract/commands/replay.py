"""The command ``replay``. It wires and decides nothing; ``cli`` registers it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from appcode_contract.commands.ending import tell, usage
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
    from collections.abc import Mapping, Sequence

    from appcode_contract.commands.running import Papers
    from appcode_contract.conformance.target import Target
    from appcode_contract.report import Report

_INCONCLUSIVE = 3


@click.command()
@click.argument("old", metavar="REPORT.json", type=click.Path(path_type=Path))
@url_argument
@identity_options
@max_generate_option(0)
@run_options
def replay(
    old: Path,
    url: str | None,
    known_deviations: Path | None,
    reports: tuple[Path, ...],
    **options: Any,  # noqa: ANN401 - one for each part of the target
) -> None:
    """Send again what failed in a report of verify, and say what is fixed.

    The tests of the clauses that failed are run again, and those that had found it, with the seed of the report. URL
    and ids are those of the report unless they, or their variables, are given; tokens are in no report. For a report
    of somebody you do not trust give the URL, since the token is sent there. Exit code: 0 all is fixed, 1 something
    fails, or a known deviation is out of date, 2 the call was wrong, 3 otherwise.
    """
    from appcode_contract.commands.report_file import ReportFileError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.deviation_file import DeviationError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.replay import failures_in  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.target import TargetError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.redaction import one_line  # noqa: PLC0415 - --help stays quick
    from appcode_contract.reporting.reading import ReportError, read_report  # noqa: PLC0415 - --help stays quick

    try:
        document = read_report(old)
        if document["kind"] != "server":
            usage(f"{one_line(str(old))} is of the tests of a client, which pytest runs again; replay asks a server")
        papers = papers_of(known_deviations, reports)
        if not failures_in(document):
            _end_without_failures(document, reports)
        target = _target(document, url, options)
    except (ReportError, TargetError, DeviationError, ReportFileError) as error:
        usage(str(error))
    warn_of(target)
    _replay(document, target, papers)


def _end_without_failures(document: Mapping[str, Any], reports: Sequence[Path]) -> None:
    from appcode_contract.redaction import one_line  # noqa: PLC0415 - --help stays quick

    complete, known = document["complete"], any(each["outcome"] == "known" for each in document["clauses"])
    told = "nothing failed in the report" + (" but known deviations" if known else "") + ", and nothing is sent"
    names = " and ".join(one_line(str(each)) for each in reports)
    told += f"; {names} not written" if reports else ""
    click.echo(told if complete else f"{told}; its run did not come to its end, so that this says little")
    sys.exit(0 if complete else _INCONCLUSIVE)


def _target(document: Mapping[str, Any], url: str | None, options: dict[str, Any]) -> Target:
    from appcode_contract.conformance.replay import ids_in  # noqa: PLC0415 - --help stays quick
    from appcode_contract.redaction import one_line, redact_url  # noqa: PLC0415 - --help stays quick

    given = {name: options[name] or value for name, value in ids_in(document).items()}
    target = target_of(url or document["url"], {**options, **given, "seed": int(document["seed"])})
    asked, before = (one_line(redact_url(each)) for each in (target.url, document["url"]))
    tell(f"asks {asked}, " + ("as the report did" if asked == before else f"where the report asked {before}"))
    return target


def _replay(document: Mapping[str, Any], target: Target, papers: Papers) -> None:
    from appcode_contract.conformance.replay import (  # noqa: PLC0415 - --help stays quick
        exit_code_of,
        failures_in,
        judge_again,
        selection_of,
    )
    from appcode_contract.conformance.replay_text import show_replayed  # noqa: PLC0415 - --help stays quick

    failures = failures_in(document)

    def show(result: Report) -> None:
        with terminal() as console:
            show_replayed(document, judge_again(document, failures, result), result, console)

    selection = selection_of(document, failures)
    if selection is None:
        click.echo("what failed are clauses that this version of appcode-contract does not know; nothing is sent")
        sys.exit(_INCONCLUSIVE)
    result, written = carry_out(target, selection, papers, show)
    code = exit_code_of(judge_again(document, failures, result), result)
    sys.exit(code or (0 if written else _INCONCLUSIVE))

"""A conformance run as the commands make it: watched, its report kept up to date, and told whatever happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from appcode_contract.commands.ending import interrupted_once, tell, uninterrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from appcode_contract.commands.report_file import ReportFile
    from appcode_contract.conformance.runner import Run
    from appcode_contract.conformance.selection import Selection
    from appcode_contract.conformance.target import Target
    from appcode_contract.deviations import Deviation
    from appcode_contract.report import Report

_UNFINISHED: Final = "the run has not ended"


@dataclass(frozen=True, slots=True)
class Papers:
    """The files of a run.

    Attributes:
        deviations: What the server is known to break, as read.
        reports: Where the report goes.
    """

    deviations: tuple[Deviation, ...]
    reports: tuple[ReportFile, ...]


def papers_of(known_deviations: Path | None, reports: Sequence[Path]) -> Papers:
    """Read the list of known deviations, and find out that the report can be written.

    Args:
        known_deviations: The list; None for none.
        reports: Where the report goes.

    Returns:
        Both.

    Raises:
        DeviationError: The list cannot be used.
        ReportFileError: The report cannot be written.
    """
    from appcode_contract.commands.report_file import report_files  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.deviation_file import read_deviations  # noqa: PLC0415 - --help stays quick

    deviations = read_deviations(known_deviations) if known_deviations is not None else ()
    return Papers(deviations, tuple(report_files(reports)))


def warn_of(target: Target) -> None:
    """Say what a caller should know before anything is sent.

    Args:
        target: The server, and how it is trusted.
    """
    if target.insecure:
        tell("--insecure verifies no certificate: anybody may answer")


def carry_out(
    target: Target,
    selection: Selection,
    papers: Papers,
    show: Callable[[Report], None],
) -> tuple[Report, bool]:
    """Run, and tell what was found even when the run is interrupted.

    Args:
        target: The server.
        selection: Which clauses are judged.
        papers: The files of the run.
        show: Tells the report.

    Returns:
        The report, and whether every file was written.
    """
    from appcode_contract.commands.progress import Progress  # noqa: PLC0415 - --help stays quick
    from appcode_contract.commands.report_file import ReportFileError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.runner import run  # noqa: PLC0415 - --help stays quick
    from appcode_contract.reporting.document import document_of  # noqa: PLC0415 - --help stays quick

    def watch(going: Run) -> None:
        progress(going)
        generated = len(going.probe.generated)
        for file in papers.reports:
            file.keep(lambda: document_of(going.report(_UNFINISHED)), generated=generated, now=going.seconds)

    problems = []
    with uninterrupted():
        with Progress() as progress, interrupted_once():
            result = run(target, selection, watch=watch, deviations=papers.deviations)
        for file in papers.reports:
            try:
                file.write(document_of(result))
            except ReportFileError as error:
                problems.append(str(error))
        show(result)
    for problem in problems:
        tell(problem)
    return result, not problems

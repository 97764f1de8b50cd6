"""The command ``verify``. It wires and decides nothing; ``cli`` registers it."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager, redirect_stdout
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from appcode_contract.clauses import Level
from appcode_contract.commands.ending import discard, interrupted_once, tell, uninterrupted, usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.commands.report_file import ReportFile
    from appcode_contract.conformance.runner import Run
    from appcode_contract.conformance.selection import Selection
    from appcode_contract.conformance.target import Target
    from appcode_contract.report import Report

_NARROWEST: Final = 20
_USUAL: Final = 80
_UNFINISHED: Final = "the run has not ended"
_MANDATORY: Final = ("project_id", "instance_id", "app_id", "token")


@click.command()
@click.argument("url", metavar="URL", envvar="APPCODE_URL", required=False)
@click.option("--project-id", envvar="APPCODE_PROJECT_ID", show_envvar=True, metavar="ID", help="Project of the app.")
@click.option(
    "--instance-id", envvar="APPCODE_INSTANCE_ID", show_envvar=True, metavar="ID", help="Instance of the app."
)
@click.option("--app-id", envvar="APPCODE_APP_ID", show_envvar=True, metavar="ID", help="An app that exists.")
@click.option("--token", envvar="APPCODE_TOKEN", show_envvar=True, metavar="TOKEN", help="Token that may do both.")
@click.option(
    "--forbidden-token",
    envvar="APPCODE_FORBIDDEN_TOKEN",
    show_envvar=True,
    metavar="TOKEN",
    help="Token that may do neither.",
)
@click.option(
    "--max-generate",
    default=5,
    metavar="N",
    type=click.IntRange(0),
    help="Requests to generate that may be sent; what they make stays on the server.",
)
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
@click.option("--timeout", default=10.0, metavar="SECONDS", type=float, help="Wait for an answer.")
@click.option("--deadline", default=120.0, metavar="SECONDS", type=float, help="For the whole run.")
@click.option("--rate", metavar="N", type=float, help="Requests a second, at most.")
@click.option(
    "--ca-bundle",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Certificates to trust instead of the system's; a file in PEM or a folder.",
)
@click.option("--insecure", is_flag=True, help="Verify no certificate: anybody may answer, and read the token.")
@click.option(
    "--report",
    "reports",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Write the report as .json, .xml (JUnit), .html, .har or .md, too; may be repeated.",
)
def verify(
    url: str | None,
    clauses: tuple[str, ...],
    level: str | None,
    reports: tuple[Path, ...],
    *,
    listing: bool,
    **options: Any,  # noqa: ANN401 - one for each part of the target
) -> None:
    """Check a live endpoint against the documentation.

    URL may be given as APPCODE_URL, and every option marked with a variable by that; it keeps tokens off the command
    line. Exit code: 0 the
    server conforms, 1 it violates the contract, 2 the call was wrong, 3 nothing could be judged, or not all of it.
    """
    from appcode_contract.commands.report_file import ReportFileError, report_files  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.runner import check_certificates  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.selection import Selection, SelectionError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.target import TargetError  # noqa: PLC0415 - --help stays quick

    try:
        selection = Selection(clauses, Level(level) if level else None)
        if listing:
            _print_tests(selection)
            return
        target = _target(url, options)
        check_certificates(target)
        files = report_files(reports)
    except (SelectionError, TargetError, ReportFileError) as error:
        usage(str(error))
    if target.insecure:
        tell("--insecure verifies no certificate: anybody may answer")
    _verify(target, selection, files)


def _target(url: str | None, options: dict[str, Any]) -> Target:
    from appcode_contract.conformance.target import Target  # noqa: PLC0415 - --help stays quick

    if not url:
        usage("the URL is missing; give it, or set APPCODE_URL")
    for name in _MANDATORY:
        if not options[name]:
            option = "--" + name.replace("_", "-")
            usage(f"{option} is missing; give it, or set APPCODE_{name.upper()}")
    return Target(url=url, **{**options, "forbidden_token": options["forbidden_token"] or None})


def _verify(target: Target, selection: Selection, files: list[ReportFile]) -> None:
    from appcode_contract.commands.progress import Progress  # noqa: PLC0415 - --help stays quick
    from appcode_contract.commands.report_file import ReportFileError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.runner import run  # noqa: PLC0415 - --help stays quick
    from appcode_contract.report import EXIT_CODES, Verdict  # noqa: PLC0415 - --help stays quick
    from appcode_contract.reporting.document import document_of  # noqa: PLC0415 - --help stays quick

    def watch(going: Run) -> None:
        progress(going)
        generated = len(going.probe.generated)
        for file in files:
            file.keep(lambda: document_of(going.report(_UNFINISHED)), generated=generated, now=going.seconds)

    problems = []
    with uninterrupted():
        with Progress() as progress, interrupted_once():
            result = run(target, selection, watch=watch)
        for file in files:
            try:
                file.write(document_of(result))
            except ReportFileError as error:
                problems.append(str(error))
        _show(result)
    for problem in problems:
        tell(problem)
    verdict = Verdict.INCONCLUSIVE if problems and result.verdict is Verdict.CONFORMS else result.verdict
    sys.exit(EXIT_CODES[verdict])


def _show(result: Report) -> None:
    from appcode_contract.reporting.terminal import Terminal, show  # noqa: PLC0415 - --help stays quick

    with _printable_output():
        show(result, Terminal(highlight=False, width=_width()))


def _print_tests(selection: Selection) -> None:
    from appcode_contract.conformance.runner import selected_tests  # noqa: PLC0415 - --help stays quick
    from appcode_contract.reporting.terminal import Terminal, show_tests  # noqa: PLC0415 - --help stays quick

    with _printable_output():
        show_tests(selected_tests(selection), Terminal(highlight=False, width=_width()))


def _width() -> int | None:
    columns = shutil.get_terminal_size().columns
    return columns if columns >= _NARROWEST else _USUAL


@contextmanager
def _printable_output() -> Iterator[None]:
    """Print what the output's encoding has, and end with the verdict even when nobody reads."""
    if sys.stdout is None:  # closed by the caller: >&-
        with redirect_stdout(StringIO()):
            yield
        return
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            words = (error.strerror or str(error)).lower()
            tell(f"the output cannot be written: {words}")
        discard(sys.stdout)

"""The command ``appcode-contract``. It wires and decides nothing."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from appcode_contract import __version__
from appcode_contract.openapi.commands import openapi, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.stand_in import FakeAppCodes


def _usage(message: str) -> NoReturn:
    click.echo(f"appcode-contract: {message}", err=True)
    sys.exit(2)


_NARROWEST: Final = 20
_USUAL: Final = 80


class _Commands(click.Group):
    """A group that tells a wrong call in one line, with exit code 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's own signature
        if not kwargs.get("standalone_mode", True):
            return super().main(*args, **kwargs)
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.ClickException as error:
            _usage(" ".join(error.format_message().split()))
        except click.Abort:
            _usage("interrupted")
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            # What could not be written is tried again at the end, unless it goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _usage("the standard output cannot be written: no space left on device")
        sys.exit(code if isinstance(code, int) else 0)


@click.group(
    cls=_Commands,
    context_settings={
        "auto_envvar_prefix": "APPCODE",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "show_default": True,
    },
)
@click.version_option(__version__, prog_name="appcode-contract")
def main() -> None:
    """Contract tests and a mock server for the AppCode operations of ROMA Connect."""


@main.command()
@click.option("--host", default="127.0.0.1", help="Address of this machine to listen on.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--project-id", metavar="ID", help="Project; made up when left out.")
@click.option("--instance-id", metavar="ID", help="Instance; made up when left out.")
@click.option("--app", "apps", metavar="ID", multiple=True, help="App that exists; may be repeated.")
@click.option(
    "--token",
    "tokens",
    envvar="APPCODE_SERVE_TOKEN",
    metavar="TOKEN",
    multiple=True,
    show_envvar=True,
    help="Token that is valid; may be repeated.",
)
@click.option(
    "--forbidden-token",
    "forbidden",
    envvar="APPCODE_SERVE_FORBIDDEN_TOKEN",
    metavar="TOKEN",
    multiple=True,
    show_envvar=True,
    help="Token that is answered with 403.",
)
@click.option("--preload", default=0, metavar="N", type=click.IntRange(0), help="AppCodes that each app begins with.")
@click.option("--seed", type=int, metavar="N", help="Makes every value and time repeat.")
@click.option(
    "--behavior",
    "settings",
    envvar="APPCODE_SERVE_BEHAVIOR",
    metavar="FIELD=CHOICE",
    multiple=True,
    show_envvar=True,
    help="A choice where the pages are silent, as list_order=oldest_first or quota=3; may be repeated.",
)
@click.option(
    "--access-key",
    "access_keys",
    envvar="APPCODE_SERVE_ACCESS_KEY",
    metavar="ID:SECRET",
    multiple=True,
    show_envvar=True,
    help="Access key that may sign requests under signed_requests=accepted; may be repeated.",
)
@click.option(
    "--admin-token",
    envvar="APPCODE_SERVE_ADMIN_TOKEN",
    metavar="TOKEN",
    show_envvar=True,
    help="Bearer token that the admin API demands; made up when others can reach the server.",
)
def serve(  # noqa: PLR0913, PLR0917 - one parameter for each option
    host: str,
    port: int,
    project_id: str | None,
    instance_id: str | None,
    apps: tuple[str, ...],
    tokens: tuple[str, ...],
    forbidden: tuple[str, ...],
    preload: int,
    seed: int | None,
    settings: tuple[str, ...],
    access_keys: tuple[str, ...],
    admin_token: str | None,
) -> None:
    """Run the mock server until Ctrl-C.

    Prints lines to paste into another shell: where the server is, the ids, and the tokens that it made up. Below
    /__admin/ it can be looked at and changed; /__admin/openapi.json says how.
    """
    from appcode_contract.behavior import read_behavior  # noqa: PLC0415 - --help stays quick
    from appcode_contract.mock_server import AppCodeServer  # noqa: PLC0415 - --help stays quick
    from appcode_contract.transports.live import (  # noqa: PLC0415 - --help stays quick
        ServerStartError,
        listen,
        serve_forever,
        url_of,
    )

    try:
        listening = listen(host, port)
        server = AppCodeServer(
            url_of(listening),
            admin_token,
            base_url=url_of(listening),
            project_id=project_id,
            instance_id=instance_id,
            app_id=apps[0] if apps else None,
            token=tokens[0] if tokens else None,
            seed=seed,
            behavior=read_behavior(settings),
        )
        _arrange(server.fake, apps, tokens, forbidden, preload)
        _add_access_keys(server.fake, access_keys)
        server.fake.begin_here()
    except (ServerStartError, ValueError) as error:
        _usage(str(error))
    for line in _exports(server.fake, show_token=not tokens):
        click.echo(line)
    if server.admin_token is not None and admin_token is None:
        click.echo(f"export APPCODE_ADMIN_TOKEN={server.admin_token}")
    for app in dict.fromkeys(apps[1:]):
        click.echo(f"# app {app} exists, too")
    click.echo("# Ctrl-C stops the server.")
    sys.stdout.flush()
    with _terminated_like_interrupted():
        serve_forever(server, listening)
    _tell_violations(server.fake)


def _add_access_keys(fake: FakeAppCodes, access_keys: tuple[str, ...]) -> None:
    for each in access_keys:
        access_key, colon, secret_key = each.partition(":")
        if not colon:
            msg = "an access key must be ID:SECRET"
            raise ValueError(msg)
        fake.add_access_key(access_key, secret_key)


def _tell_violations(fake: FakeAppCodes) -> None:
    from appcode_contract.reporting.text import describe_violations  # noqa: PLC0415 - only at the end

    if fake.violations:
        told = describe_violations(fake.violations, secrets=fake.secrets(), variables={fake.token: "$APPCODE_TOKEN"})
        click.echo(f"clients broke the contract\n\n{told}", err=True)


def _arrange(
    fake: FakeAppCodes, apps: tuple[str, ...], tokens: tuple[str, ...], forbidden: tuple[str, ...], preload: int
) -> None:
    if set(tokens) & set(forbidden):
        msg = "a token is given as --token and as --forbidden-token; it can be only one of them"
        raise ValueError(msg)
    for token in tokens:
        fake.add_token(token)
    for token in forbidden:
        fake.add_token(token, forbidden=True)
    for app in dict.fromkeys([fake.app_id, *apps]):
        fake.add_app(app)
        fake.seed(preload, app)


def _exports(fake: FakeAppCodes, *, show_token: bool) -> list[str]:
    values = {
        "APPCODE_URL": fake.base_url,
        "APPCODE_PROJECT_ID": fake.project_id,
        "APPCODE_INSTANCE_ID": fake.instance_id,
        "APPCODE_APP_ID": fake.app_id,
    }
    if show_token:
        values["APPCODE_TOKEN"] = fake.token
    return [f"export {name}={value}" for name, value in values.items()]


@main.command()
@click.argument("url", metavar="URL", envvar="APPCODE_URL")
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
@click.option("--seed", default=0, metavar="N", type=int, help="Repeats made-up ids and tokens.")
@click.option("--timeout", default=10.0, metavar="SECONDS", type=float, help="Wait for an answer.")
@click.option("--report", metavar="FILE.json", type=click.Path(path_type=Path), help="Write the report as JSON, too.")
def verify(url: str, report: Path | None, **options: Any) -> None:  # noqa: ANN401 - one for each option
    """Check a live endpoint against the documentation.

    Every option marked with a variable can be given by it, which keeps tokens off the command line. Exit code: 0 the
    server conforms, 1 it violates the contract, 2 the call was wrong, 3 nothing could be judged.
    """
    from appcode_contract.conformance.runner import run  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.target import Target, TargetError  # noqa: PLC0415 - --help stays quick
    from appcode_contract.report import EXIT_CODES  # noqa: PLC0415 - --help stays quick
    from appcode_contract.reporting.json_report import to_json  # noqa: PLC0415 - --help stays quick
    from appcode_contract.reporting.terminal import Terminal, show  # noqa: PLC0415 - --help stays quick

    for name in ("project_id", "instance_id", "app_id", "token"):
        if not options[name]:
            option = "--" + name.replace("_", "-")
            _usage(f"{option} is missing; give it, or set APPCODE_{name.upper()}")
    try:
        target = Target(url=url, **{**options, "forbidden_token": options["forbidden_token"] or None})
    except TargetError as error:
        _usage(str(error))
    if report is not None:
        _check_writable(report)
    with _terminated_like_interrupted():
        result = run(target)
    problem = _write(report, to_json(result)) if report is not None else ""
    with _printable_output():
        show(result, Terminal(highlight=False, width=_width()), target.url.rstrip("/"))
    if problem:
        _usage(problem)
    sys.exit(EXIT_CODES[result.verdict])


def _width() -> int | None:
    columns = shutil.get_terminal_size().columns
    return columns if columns >= _NARROWEST else _USUAL


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C, so that a run which is cancelled still says what it made."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _printable_output() -> Iterator[None]:
    """Print what the output's encoding has, and end with the verdict even when nobody reads."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            click.echo(f"appcode-contract: the output cannot be written: {_words(error)}", err=True)
        # What is left in the buffer must not fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _check_writable(path: Path) -> None:
    """Find out before anything is sent, by doing it, that the report can be written."""
    if path.suffix != ".json":
        _usage(f"--report {path}: the name must end in .json")
    if path.is_dir():
        _usage(f"--report {path}: that is a folder")
    try:
        if path.exists():
            path.open("r+b").close()
        else:
            path.open("xb").close()
            path.unlink()
    except OSError as error:
        _usage(f"--report {path} cannot be written: {_words(error)}")


def _write(path: Path, text: str) -> str:
    """Write a report whole or not at all, and say why not."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        return f"--report {path} cannot be written: {_words(error)}"
    return ""


main.add_command(openapi)
main.add_command(schema)

"""The options of the commands that ask a server, each written once, and the target that they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from appcode_contract.commands.ending import usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.conformance.target import Target

    Command = Callable[..., None]
    Decorator = Callable[[Command], Command]

_MANDATORY: Final = ("project_id", "instance_id", "app_id", "token")


def url_argument(command: Command) -> Command:
    """Add the argument for the server's URL."""
    return click.argument("url", metavar="[URL]", envvar="APPCODE_URL", required=False)(command)


def identity_options(command: Command) -> Command:
    """Add the options that say which app is meant, and with which tokens."""
    return _each(
        command,
        _from_environment("--project-id", "ID", "Project of the app."),
        _from_environment("--instance-id", "ID", "Instance of the app."),
        _from_environment("--app-id", "ID", "An app that exists."),
        _from_environment("--token", "TOKEN", "Token that may do both."),
        _from_environment("--forbidden-token", "TOKEN", "Token that may do neither."),
    )


def max_generate_option(default: int) -> Decorator:
    """Add the option for the budget of requests to generate.

    Args:
        default: The budget when nothing is said.

    Returns:
        A decorator.
    """
    return click.option(
        "--max-generate",
        default=default,
        metavar="N",
        type=click.IntRange(0),
        help="Requests to generate that may be sent; what they make stays on the server.",
    )


def run_options(command: Command) -> Command:
    """Add the options that say how a server is asked, what is known of it, and where the report goes."""
    return _each(
        command,
        click.option("--timeout", default=10.0, metavar="SECONDS", type=float, help="Wait for an answer."),
        click.option("--deadline", default=120.0, metavar="SECONDS", type=float, help="For the whole run."),
        click.option("--rate", metavar="N", type=float, help="Requests a second, at most."),
        click.option(
            "--ca-bundle",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Certificates to trust instead of the system's; a file in PEM or a folder.",
        ),
        click.option("--insecure", is_flag=True, help="Verify no certificate: anybody may answer, and read the token."),
        click.option(
            "--known-deviations",
            metavar="FILE.toml",
            type=click.Path(path_type=Path),
            help="Clauses that the server is known to break: shown, and not counted.",
        ),
        click.option(
            "--report",
            "reports",
            metavar="FILE",
            multiple=True,
            type=click.Path(path_type=Path),
            help="Write the report as .json, .xml (JUnit), .html, .har or .md, too; may be repeated.",
        ),
    )


def target_of(url: str | None, options: Mapping[str, Any]) -> Target:
    """Make the target that arguments and options name, or end with exit code 2.

    Args:
        url: The server.
        options: The other parts of a target.

    Returns:
        The target.

    Raises:
        TargetError: A part is malformed.
    """
    from appcode_contract.conformance.runner import check_certificates  # noqa: PLC0415 - --help stays quick
    from appcode_contract.conformance.target import Target  # noqa: PLC0415 - --help stays quick

    if not url:
        usage("the URL is missing; give it, or set APPCODE_URL")
    for name in _MANDATORY:
        if not options[name]:
            option = "--" + name.replace("_", "-")
            usage(f"{option} is missing; give it, or set APPCODE_{name.upper()}")
    target = Target(url=url, **{**options, "forbidden_token": options["forbidden_token"] or None})
    check_certificates(target)
    return target


def _each(command: Command, *decorators: Decorator) -> Command:
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def _from_environment(option: str, metavar: str, told: str) -> Decorator:
    variable = "APPCODE_" + option.removeprefix("--").replace("-", "_").upper()
    return click.option(option, envvar=variable, show_envvar=True, metavar=metavar, help=told)

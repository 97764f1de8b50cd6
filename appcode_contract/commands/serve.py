"""The command ``serve``. It wires and decides nothing; ``cli`` registers it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from appcode_contract.commands.ending import uninterrupted, usage

if TYPE_CHECKING:
    from appcode_contract.stand_in import FakeAppCodes


@click.command()
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
        listening = click.get_current_context().with_resource(listen(host, port))
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
        usage(str(error))

    def announce() -> None:
        for line in _exports(server.fake, show_token=not tokens):
            click.echo(line)
        if server.admin_token is not None and admin_token is None:
            click.echo(f"export APPCODE_ADMIN_TOKEN={server.admin_token}")
        for app in dict.fromkeys(apps[1:]):
            click.echo(f"# app {app} exists, too")
        click.echo("# Ctrl-C stops the server.")
        sys.stdout.flush()

    with uninterrupted():
        serve_forever(server, listening, announce)
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

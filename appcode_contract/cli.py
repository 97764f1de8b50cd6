"""The command ``appcode-contract``. It wires and decides nothing."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from appcode_contract import __version__
from appcode_contract.commands.diff import diff
from appcode_contract.commands.ending import usage
from appcode_contract.commands.replay import replay
from appcode_contract.commands.serve import serve
from appcode_contract.commands.verify import verify
from appcode_contract.openapi.commands import openapi, schema


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
            usage(" ".join(error.format_message().split()))
        except click.Abort:
            usage("interrupted")
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            # What could not be written is tried again at the end, unless it goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            usage("the standard output cannot be written: no space left on device")
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


main.add_command(diff)
main.add_command(openapi)
main.add_command(replay)
main.add_command(schema)
main.add_command(serve)
main.add_command(verify)

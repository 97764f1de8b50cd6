"""Runs the conformance tests with pytest underneath, untouched by any configuration of the caller's project."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.conformance.outcomes import NotExercised, describe_answer
from appcode_contract.conformance.plugin import ConformancePlugin, describe_error
from appcode_contract.conformance.probe import Probe
from appcode_contract.conformance.summary import inconclusive, summarize
from appcode_contract.conformance.wire import Unreachable
from appcode_contract.schema_store import SchemaFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.conformance.target import Target
    from appcode_contract.report import Report

_HERE: Final = Path(__file__).parent
_FOREIGN: Final = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG", "PYTEST_THEME")
_REFUSALS: Final = {
    0: "the server does not answer as HTTP has it",
    400: "the server refused the ids",
    401: "the server refused the token",
    403: "the server says that the token may not do this",
    404: "the server does not know the app",
}


def run(target: Target) -> Report:
    """Run every conformance test against a server.

    Args:
        target: The server, and what may be done to it.

    Returns:
        What was found.
    """
    begun = time.monotonic()
    probe = Probe(target)
    try:
        problem = _preflight(probe)
        if problem:
            return inconclusive(probe, problem, time.monotonic() - begun)
        probe.begin()
        plugin = ConformancePlugin(probe)
        with _own_environment():
            code = pytest.main(_arguments(), plugins=[plugin])
    except Unreachable as error:
        return inconclusive(probe, f"the server at {target.url} cannot be reached: {error}", time.monotonic() - begun)
    except SchemaFileError as error:
        return inconclusive(probe, str(error), time.monotonic() - begun)
    except KeyboardInterrupt:
        return inconclusive(probe, "interrupted", time.monotonic() - begun)
    except (Exception, NotExercised) as error:  # noqa: BLE001 - an error of the run is no verdict on the server, and shows no secret
        problem = f"the run itself went wrong: {describe_error(error)}"
        return inconclusive(probe, problem, time.monotonic() - begun)
    ended = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
    problems = list(plugin.problems)
    if code == pytest.ExitCode.INTERRUPTED:
        problems.append("interrupted")
    elif code not in ended:
        problems.append(f"the run itself went wrong: pytest ended with {int(code)}")
    return summarize(probe, plugin.results, problems, time.monotonic() - begun)


def _preflight(probe: Probe) -> str:
    """Say why nothing can be judged, or nothing when something can.

    A server that refuses to list, or does not answer, may still generate; then that is its mistake and not the
    caller's.
    """
    exchange = probe.query()
    status = exchange.response.status if exchange.response is not None else 0
    if status not in _REFUSALS:
        return ""
    if probe.generates_left:
        made = probe.generate()
        if made.response is not None and 200 <= made.response.status < 300:  # noqa: PLR2004 - success
            probe.concurrent = (made,)
            return ""
    return f"{_REFUSALS[status]}: {describe_answer(exchange)}"


def _arguments() -> list[str]:
    return [
        "--pyargs",
        "appcode_contract.conformance",
        "-c",
        str(_HERE / "verify.ini"),
        "--rootdir",
        str(_HERE),
        "--noconftest",
        "--assert=plain",
        "--capture=no",
        *(
            part
            for name in ("terminal", "cacheprovider", "faulthandler", "logging", "junitxml")
            for part in ("-p", f"no:{name}")
        ),
    ]


@contextmanager
def _own_environment() -> Iterator[None]:
    """Keep the caller's pytest settings and plugins out."""
    kept = dict(os.environ)
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name in (*_FOREIGN, "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_CURRENT_TEST", "PYTEST_VERSION"):
            os.environ.pop(name, None)
            if name in kept:
                os.environ[name] = kept[name]

"""No server that conforms is blamed, whatever it chooses where the pages are silent."""

from __future__ import annotations

import pytest

from appcode_contract.report import Verdict
from tests.conformance.broken import BrokenServer
from tests.conformance.faithful import BEHAVIORS, HANDLES
from tests.conformance.support import new_fake, verify


@pytest.mark.parametrize("name", BEHAVIORS)
@pytest.mark.parametrize("existing", [0, 23])
def test_every_choice_is_accepted(name: str, existing: int) -> None:
    fake = new_fake(behavior=BEHAVIORS[name])
    fake.seed(existing)

    report = verify(fake)

    assert () == report.violations
    assert Verdict.CONFORMS == report.verdict


@pytest.mark.parametrize("name", HANDLES)
def test_what_gateways_do_is_accepted(name: str) -> None:
    fake = new_fake()
    fake.seed(1)

    report = verify(fake, BrokenServer(fake, HANDLES[name]))

    assert () == report.violations
    assert Verdict.CONFORMS == report.verdict


@pytest.mark.parametrize(
    ("existing", "max_generate"),
    [(0, 0), (0, 1), (0, 5), (1, 0), (1, 2), (2, 1), (19, 1), (19, 5), (20, 2), (21, 0), (496, 5), (500, 1), (600, 0)],
)
def test_any_number_of_app_codes_is_accepted(existing: int, max_generate: int) -> None:
    fake = new_fake()
    fake.seed(existing)

    report = verify(fake, max_generate=max_generate)

    assert () == report.violations
    assert Verdict.CONFORMS == report.verdict


def test_what_the_server_chose_is_reported() -> None:
    fake = new_fake(behavior=BEHAVIORS["out_of_range_limit=clamp"])

    report = verify(fake)

    assert "clamp" == report.behaviors["out_of_range_limit"]

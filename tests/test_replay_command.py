"""The command replay: what failed is sent again, no more than is allowed, and each clause's fate is told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.messages import Response
from tests.broken_servers.http_server import serving
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.commands import command
from tests.test_verify_command import Watched, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from appcode_contract.messages import Request

LIMIT = ("--clause", "list/limit")
FATE = re.compile(r"^(FIXED|STILL FAILS|NOT EXERCISED|KNOWN DEVIATION|FAILS NOW) +(\S+): ", re.MULTILINE)


class Mended(Watched):
    """A server with defects, until somebody mends it."""

    default_limit = 10
    generated_status = 200

    def mend(self) -> None:
        self.default_limit, self.generated_status = 20, 201
        self.requests.clear()


@pytest.fixture
def server() -> Iterator[tuple[Mended, str]]:
    service = Mended(existing=25)
    with serving(service.handle) as url:
        yield service, url


def verified(service: Service, url: str, folder: Path, *arguments: str) -> dict[str, Any]:
    code, _, _ = command("verify", "--report", "report.json", *arguments, env=settings(service, url), cwd=folder)
    assert 1 == code
    document: dict[str, Any] = json.loads((folder / "report.json").read_text())
    service.count.clear()
    return document


def replay(service: Service, folder: Path, *arguments: str, **variables: str) -> tuple[int, str, str]:
    """Replay with nothing but the token, as who got a report would."""
    env = {"APPCODE_TOKEN": service.token, "NO_PROXY": "127.0.0.1", **variables}
    return command("replay", "report.json", *arguments, env=env, cwd=folder)


def fates(out: str) -> dict[str, str]:
    return {clause: fate for fate, clause in FATE.findall(out)}


def test_what_is_not_mended_still_fails_and_is_told_in_full(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    verified(service, url, tmp_path, *LIMIT, "--read-only")

    code, out, err = replay(service, tmp_path)

    assert 1 == code
    assert {"list/limit/default": "STILL FAILS"} == fates(out)
    assert "STILL FAILS  list/limit/default: 10 items" in out
    assert re.search(r"^  repeat:   curl .*\$APPCODE_TOKEN", out, re.MULTILINE)
    assert "of the clauses that had failed: 1 still failing; " in out
    assert f"appcode-contract: asks {url}, as the report did\n" == err


def test_what_is_mended_is_fixed_and_only_its_tests_were_run(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    verified(service, url, tmp_path, "--read-only", "--clause", "list")
    before = len(service.requests)
    service.mend()

    code, out, _ = replay(service, tmp_path)

    assert (0, {"list/limit/default": "FIXED"}) == (code, fates(out))
    assert len(service.requests) < before / 4
    assert {"GET"} == {method for method, _ in service.requests}


def test_nothing_is_generated_unless_that_is_allowed(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    document = verified(service, url, tmp_path, *LIMIT, "--clause", "generate/status", "--max-generate", "2")
    assert {"generate/status", "list/limit/default"} == {
        each["id"] for each in document["clauses"] if each["outcome"] == "failed"
    }
    service.mend()

    code, out, _ = replay(service, tmp_path)

    assert 3 == code
    assert {"generate/status": "NOT EXERCISED", "list/limit/default": "FIXED"} == fates(out)
    assert "NOT EXERCISED  generate/status: --max-generate 0 leaves no request to generate for this; 1 would do" in out
    assert "PUT" not in {method for method, _ in service.requests}
    assert "when the report was made" not in out  # what the run itself had made is no change

    code, out, _ = replay(service, tmp_path, "--max-generate", "2")

    assert (0, {"generate/status": "FIXED", "list/limit/default": "FIXED"}) == (code, fates(out))
    assert 2 == len([method for method, _ in service.requests if method == "PUT"])
    made = [record.id for record in service.apps[service.app_id][-2:]]
    assert all(each in out for each in made)


def test_what_had_found_a_failure_must_be_tried_again(tmp_path: Path) -> None:
    """Without a generate the clause's own test passes; that says nothing of what only a generate had shown."""

    def answer(self: Service, request: Request) -> Response:
        response = Service.answer(self, request)
        if request.method == "PUT" and response.status == 201:
            return Response(201, [("Content-Type", "text/plain")], response.body)
        return response

    service = plant(answer=answer)(existing=25)
    with serving(service.handle) as url:
        verified(service, url, tmp_path, "--clause", "body", "--clause", "generate")
        code, out, _ = replay(service, tmp_path)
        still, told, _ = replay(service, tmp_path, "--max-generate", "5")

    assert (3, {"body/json": "NOT EXERCISED"}) == (code, fates(out))
    assert re.search(r"body/json: the test of generate/\S+ had found it, and could not be tried: --max-generate 0", out)
    assert (1, {"body/json": "STILL FAILS"}) == (still, fates(told))


def test_url_and_ids_are_those_of_the_call_where_it_has_them(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    document = verified(service, url, tmp_path, *LIMIT, "--read-only")
    document["url"] = "http://127.0.0.1:9"
    (tmp_path / "report.json").write_text(json.dumps(document))
    service.mend()

    _, _, err = replay(service, tmp_path, url, "--app-id", service.other_app_id)

    assert f"appcode-contract: asks {url}, where the report asked http://127.0.0.1:9\n" == err
    paths = {target.partition("?")[0] for _, target in service.requests}
    assert {
        f"/v2/{service.project_id}/apic/instances/{service.instance_id}/apps/{service.other_app_id}/app-codes"
    } == paths


def test_the_seed_is_that_of_the_report(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    document = verified(service, url, tmp_path, *LIMIT, "--read-only", "--seed", "5")
    replay(service, tmp_path, "--report", "again.json")

    assert 5 == document["seed"] == json.loads((tmp_path / "again.json").read_text())["seed"]


def test_a_report_without_failures_has_nothing_to_replay(tmp_path: Path) -> None:
    service = Watched(existing=2)
    with serving(service.handle) as url:
        env = settings(service, url)
        command("verify", "--clause", "list/status", "--read-only", "--report", "report.json", env=env, cwd=tmp_path)
        service.requests.clear()
        code, out, err = replay(service, tmp_path)

    assert (0, "nothing failed in the report, and nothing is sent\n", "") == (code, out, err)
    assert [] == service.requests


def test_an_incomplete_report_without_failures_is_no_success(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    document = verified(service, url, tmp_path, *LIMIT, "--read-only")
    for each in document["clauses"]:
        each["outcome"] = "not_exercised"
    document |= {"violations": [], "complete": False, "problem": "interrupted"}
    (tmp_path / "report.json").write_text(json.dumps(document))

    code, out, _ = replay(service, tmp_path)

    assert 3 == code
    assert "did not come to its end" in out


def test_a_server_that_is_gone_fixes_nothing(tmp_path: Path) -> None:
    service = Mended(existing=25)
    with serving(service.handle) as url:
        verified(service, url, tmp_path, *LIMIT, "--read-only")

    code, out, _ = replay(service, tmp_path)

    assert (3, {"list/limit/default": "NOT EXERCISED"}) == (code, fates(out))
    assert "cannot be reached" in out


def test_a_run_that_breaks_off_fixes_nothing(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    verified(service, url, tmp_path, *LIMIT, "--read-only")
    service.mend()

    code, out, _ = replay(service, tmp_path, "--deadline", "0.000001")

    assert (3, {"list/limit/default": "NOT EXERCISED"}) == (code, fates(out))


@pytest.mark.parametrize(
    ("arguments", "variables", "told"),
    [
        ((), {"APPCODE_TOKEN": ""}, "--token is missing; give it, or set APPCODE_TOKEN"),
        (("--max-generate", "-1"), {}, "--max-generate"),
        (("--seed", "1"), {}, "--seed"),
        (("--timeout", "0"), {}, "timeout is 0"),
        (("nonsense",), {}, "the URL is malformed"),
        (("--report", "x.txt"), {}, "must end in .json"),
        (("--known-deviations", "missing.toml"), {}, "missing.toml cannot be read"),
        (("--ca-bundle", "missing.pem"), {}, "missing.pem"),
    ],
)
def test_a_wrong_call_is_told_in_one_line_and_nothing_is_sent(
    arguments: tuple[str, ...], variables: dict[str, str], told: str, server: tuple[Mended, str], tmp_path: Path
) -> None:
    service, url = server
    verified(service, url, tmp_path, *LIMIT, "--read-only")
    service.requests.clear()

    code, out, err = replay(service, tmp_path, *arguments, **variables)

    assert (2, "") == (code, out)
    assert told in err
    assert 1 == err.count("\n")
    assert [] == service.requests


def test_ids_that_the_report_does_not_tell_are_asked_for(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    document = verified(service, url, tmp_path, *LIMIT, "--read-only")
    for each in document["exchanges"]:
        each["request"]["url"] = each["request"]["url"].replace(service.app_id, "[redacted: 64 characters #00000000]")
    (tmp_path / "report.json").write_text(json.dumps(document))

    code, _, err = replay(service, tmp_path)
    assert (2, "appcode-contract: --app-id is missing; give it, or set APPCODE_APP_ID\n") == (code, err)

    code, out, _ = replay(service, tmp_path, APPCODE_APP_ID=service.app_id)
    assert (1, {"list/limit/default": "STILL FAILS"}) == (code, fates(out))


def test_a_damaged_report_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text('{"format": "appcode-contract report", "version": 9}')

    code, out, err = replay(Service(), tmp_path)

    assert (2, "") == (code, out)
    assert err.startswith("appcode-contract: report.json, at /version: a report of version 9, and this ")
    assert 1 == err.count("\n")


def test_the_report_of_a_client_is_not_replayed(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    document = verified(service, url, tmp_path, *LIMIT, "--read-only")
    (tmp_path / "report.json").write_text(json.dumps({**document, "kind": "client"}))
    service.requests.clear()

    code, out, err = replay(service, tmp_path)

    told = "report.json is of the tests of a client, which pytest runs again; replay asks a server"
    assert (2, "", f"appcode-contract: {told}\n") == (code, out, err)
    assert [] == service.requests


def test_clauses_that_this_version_does_not_know_are_not_exercised(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    document = verified(service, url, tmp_path, *LIMIT, "--read-only")
    document["clauses"].append({**document["clauses"][0], "id": "list/of-later", "outcome": "failed"})
    document["violations"][0]["found_by"] = "\x1b[2J" + service.token
    (tmp_path / "report.json").write_text(json.dumps(document))
    service.mend()

    code, out, err = replay(service, tmp_path)

    assert 3 == code
    assert {"list/limit/default": "NOT EXERCISED", "list/of-later": "NOT EXERCISED"} == fates(out)
    assert "list/of-later: this clause is unknown to this version of appcode-contract" in out
    assert service.token not in out + err
    assert "\x1b" not in out + err


def test_no_output_has_a_credential(server: tuple[Mended, str], tmp_path: Path) -> None:
    service, url = server
    verified(service, url, tmp_path, *LIMIT, "--clause", "generate/status", "--max-generate", "2")

    _, out, err = replay(service, tmp_path, "--max-generate", "5", "--report", "again.json")

    told = out + err + (tmp_path / "again.json").read_text()
    codes = [record.app_code for record in service.apps[service.app_id]]
    assert not [code for code in [service.token, *codes] if code in told]

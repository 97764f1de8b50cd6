"""Tokens and AppCodes reach nothing that is written, whatever the server does with them and however the tests run."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest

from appcode_contract.messages import Request, Response
from appcode_contract.reporting.document import document_of, to_json
from appcode_contract.reporting.forms import FORMS
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices
from tests.broken_servers.verify import verify
from tests.conformance.broken import with_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Leak = Callable[[Service, Request, Response], Response]

LIMIT = 120
PART, BLOCK = 20, 10  # so many characters in a row are too many to be shown; of each such part a block is aligned
LOUD = (
    *("-vv", "--showlocals", "--tb=long", "--capture=no", "-o", "log_cli=true", "--log-cli-level=DEBUG"),
    *("--junitxml", "junit.xml", "-rA", "--log-file", "pytest.log", "--log-file-level=DEBUG"),
)


def secrets_of(service: Service) -> list[str]:
    codes = [record.app_code for records in service.apps.values() for record in records]
    return [service.token, service.forbidden_token, *codes]


def in_errors(form: Callable[[str], str]) -> Leak:
    def leak(service: Service, _: Request, response: Response) -> Response:
        if response.status < 400:
            return response
        told = " and ".join(form(secret) for secret in secrets_of(service)[:3])
        return with_body(response, {"error_code": "APIG.0001", "error_msg": f"known: {told}"})

    return leak


def echo(_: Service, request: Request, response: Response) -> Response:
    told = {"error_code": "APIG.0001", "error_msg": f"{request.header('X-Auth-Token')} is not good for {request.url}"}
    return response if response.status < 400 else with_body(response, told)


def in_headers(service: Service, request: Request, response: Response) -> Response:
    given = request.header("X-Auth-Token") or ""
    code = secrets_of(service)[-1]
    more = (("X-Given", given), ("X-Code", code), ("Set-Cookie", f"t={given}"), ("Location", f"/{code}"))
    kept = [pair for pair in response.headers if pair[0] != "Content-Type"]
    return Response(response.status, (*kept, *more, ("Content-Type", f"text/{code}; t={given}")), response.body)


def in_place_of(*names: str) -> Leak:
    def change(value: Any, code: str) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, list):
            return [change(each, code) for each in value]
        if not isinstance(value, dict):
            return value
        own = value.get("app_code", code)
        return {name: own if name in names else change(each, own) for name, each in value.items()}

    return lambda service, _, response: with_body(response, change(response.json(), secrets_of(service)[-1]))


def as_names(service: Service, _: Request, response: Response) -> Response:
    names = dict.fromkeys(secrets_of(service)[:3], 1)
    return with_body(response, {**names, **({} if response.status < 400 else response.json())})


def everywhere(service: Service, request: Request, response: Response) -> Response:
    form = (quote, in_base64, json_of)[len(request.url) % 3]
    told = in_place_of("id", "app_id", "error_code")(service, request, in_errors(form)(service, request, response))
    return in_headers(service, request, told)


def half(secret: str) -> str:
    return f"{secret[:32]}…{secret[-32:]}"


def in_base64(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode()


def html_of(secret: str) -> str:
    named = html.escape(secret)
    decimal = named.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    hexadecimal = named.replace("/", "&#x2F;").replace("=", "&#x3D;")
    return "…".join((named, decimal, decimal.replace("+", "&#43;"), hexadecimal))


def json_of(secret: str) -> str:
    return json.dumps(json.dumps(secret)).replace("/", "\\/")


LEAKS: dict[str, Leak] = {
    "correct": lambda _, __, response: response,
    "echoes the token": echo,
    "in headers": in_headers,
    "in errors": in_errors(str),
    "in errors as base64": in_errors(in_base64),
    "in errors as in a URL": in_errors(lambda secret: quote(secret, safe="")),
    "in errors as in HTML": in_errors(html_of),
    "in errors as in JSON": in_errors(json_of),
    "in errors as in Python": in_errors(repr),
    "in errors cut in half": in_errors(half),
    "in ids": in_place_of("id", "app_id"),
    "in times and numbers": in_place_of("create_time", "total", "size", "error_code"),
    "as names of fields": as_names,
    "everywhere": everywhere,
}


class Leaking(Service):
    def __init__(self, leak: Leak, **options: Any) -> None:  # noqa: ANN401 - those of a service
        super().__init__(existing=25, **options)
        self.leak = leak
        # Of characters that each encoding writes another way.
        self.token, self.forbidden_token = (f"{kind}+/'\"<&{self.new_app_code()}" for kind in "TF")

    def handle(self, request: Request) -> Response:
        return self.leak(self, request, super().handle(request))


def reason(service: Leaking) -> str:
    return secrets_of(service)[-1] if service.leak in {in_headers, everywhere} else "Some"


@contextmanager
def serving(service: Leaking) -> Iterator[str]:

    class Connection(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = f"http://{self.headers['Host']}{self.path}"
            response = service.handle(Request(self.command, url, tuple(self.headers.items())))
            self.send_response_only(response.status, reason(service))
            for name, value in response.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)

        do_PUT = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Connection)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def decoded(text: str) -> dict[str, str]:
    runs = re.findall(r"[A-Za-z0-9+/_-]{24,}", text)
    places = (run[start:].translate({45: 43, 95: 47}) for run in runs for start in range(4))
    joined = text.replace("\\/", "/").replace('\\"', '"').replace("\\'", "'").replace("\\\\", "\\")
    return {
        "plain": text,
        "wrapped": "".join(text.split()),
        "a URL": unquote(text),
        "HTML": html.unescape(text),
        "JSON": re.sub(r"\\+u00([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), joined).replace("\\", ""),
        "base64": " ".join(base64.b64decode(run[: len(run) // 4 * 4]).decode("latin-1") for run in places),
    }


def parts(secret: str) -> list[str]:
    return [secret[at : at + PART] for at in range(len(secret) - PART + 1)]


def leaks_in(written: Iterable[tuple[str, bytes]], secrets: Iterable[str]) -> list[str]:
    # Whatever is a part has one of these in it, and they are few enough to look for.
    blocks = [(secret, at) for secret in secrets for at in range(0, len(secret) - BLOCK + 1, BLOCK)]
    found = []
    for name, content in written:
        for form, text in decoded(content.replace(b"\0", b"").decode("utf-8", "replace")).items():
            near = [(secret, at) for secret, at in blocks if secret[at : at + BLOCK] in text]
            seen = {secret for secret, at in near if any(part in text for part in parts(secret[max(at - BLOCK, 0) :]))}
            if seen:
                found.append(f"{name} holds parts of {len(seen)} secrets, as in {form}")
    return found


@pytest.mark.parametrize("form", [str, repr, json_of, html_of, in_base64, quote, half, "\n".join])
def test_the_search_finds_a_secret_in_every_form(form: Callable[[str], str]) -> None:
    service = Leaking(LEAKS["correct"])
    for secret in secrets_of(service):
        assert leaks_in([("it", f"told: {form(secret)}".encode())], [secret])
        assert [] == leaks_in([("it", form(secret[:19]).encode())], [secret])


class Workplace:
    """New folders for work, home and temporary files, and everything that is written there or printed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.printed: list[tuple[str, bytes]] = []
        for name in ("work", "home", "tmp"):
            (root / name).mkdir()

    def run(self, service: Service, url: str, *arguments: str, columns: int = 80) -> int:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("APPCODE_", "PYTEST"))}
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", *arguments],
            capture_output=True,
            check=False,
            cwd=self.root / "work",
            env={
                **kept,
                "APPCODE_URL": url,
                "APPCODE_PROJECT_ID": service.project_id,
                "APPCODE_INSTANCE_ID": service.instance_id,
                "APPCODE_APP_ID": service.app_id,
                "APPCODE_TOKEN": service.token,
                "APPCODE_FORBIDDEN_TOKEN": service.forbidden_token,
                "COLUMNS": str(columns),
                "HOME": str(self.root / "home"),
                "TMPDIR": str(self.root / "tmp"),
            },
            timeout=LIMIT,
        )
        self.printed += [("stdout", done.stdout), ("stderr", done.stderr)]
        return done.returncode

    def written(self) -> list[tuple[str, bytes]]:
        files = (path for path in sorted(self.root.rglob("*")) if path.is_file())
        return [*self.printed, *((str(path.relative_to(self.root)), path.read_bytes()) for path in files)]


@pytest.mark.parametrize(("name", "columns"), [("correct", 40), *((name, 80) for name in LEAKS), ("everywhere", 40)])
def test_no_secret_leaves_verify(name: str, columns: int, tmp_path: Path) -> None:
    workplace = Workplace(tmp_path)
    service = Leaking(LEAKS[name])
    with serving(service) as url:
        reports = [part for suffix in FORMS for part in ("--report", f"report{suffix}")]
        arguments = ("appcode_contract", "verify", *reports, "--max-generate", "9")
        code = workplace.run(service, url, *arguments, columns=columns)

    assert code in ({0} if name == "correct" else {0, 1}), workplace.printed
    assert {f"work/report{suffix}" for suffix in FORMS} < {name for name, _ in workplace.written()}
    assert [] == leaks_in(workplace.written(), secrets_of(service))


@pytest.mark.parametrize("parallel", [(), ("-n", "2")], ids=["alone", "parallel"])
def test_no_secret_leaves_pytest(parallel: tuple[str, ...], tmp_path: Path) -> None:
    workplace = Workplace(tmp_path)
    service = Leaking(everywhere)
    tests = ("pytest", "--pyargs", "appcode_contract.conformance", "--appcode-max-generate", "9")
    with serving(service) as url:
        code = workplace.run(service, url, *tests, *LOUD, *parallel)

    assert 1 == code
    assert {"work/junit.xml", "work/pytest.log"} < {name for name, _ in workplace.written()}
    assert [] == leaks_in(workplace.written(), secrets_of(service))


def test_no_secret_leaves_pytest_on_the_fake(tmp_path: Path) -> None:
    workplace = Workplace(tmp_path)
    arguments = ("pytest", "--pyargs", "appcode_contract.conformance", "--appcode-fake", *LOUD)

    assert 0 == workplace.run(Leaking(LEAKS["correct"]), "", *arguments)
    assert [] == leaks_in(workplace.written(), ["forbidden-token-of-the-fake"])
    # Whatever token and AppCodes the fake made up: nothing else is so long and so mixed.
    words = re.findall(r"[A-Za-z0-9+_!@#$%/=-]{40,}", b"".join(text for _, text in workplace.printed).decode())
    assert [] == [len(word) for word in words if re.search("[A-Z]", word) and re.search("[0-9]", word)]


def test_two_app_codes_can_be_told_apart_in_a_report() -> None:
    def leak(service: Service, _: Request, response: Response) -> Response:
        first, second = secrets_of(service)[2:4]
        told = {"error_code": "APIG.1", "error_msg": f"{first}, {second}, {first}"}
        return response if response.status != 404 else with_body(response, told)

    report = json.loads(to_json(document_of(verify(Leaking(leak, choices=Choices(app_code_length="shortest"))))))

    bodies = [report["exchanges"][each["exchange"]]["response"]["body"] for each in report["violations"]]
    told = {tuple(re.findall(r"\[redacted: 64 characters #([0-9a-f]{8})\]", body)) for body in bodies}
    assert 1 == len(told)
    first, second, third = told.pop()
    assert first == third != second

"""A run's one way to the server: it sends, counts what may be sent, and judges every answer passively."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest

from appcode_contract.checks import judge_response
from appcode_contract.conformance.outcomes import NotExercised
from appcode_contract.conformance.wire import send
from appcode_contract.messages import Request
from appcode_contract.redaction import secrets_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange, Violation

RATE_LIMITED: Final = 429
OWN_TOKEN: Final = "\0own"  # noqa: S105 - no token
"""Stands for the target's own token, which no caller needs to repeat; no header can carry it."""
_LONGEST_SECRET: Final = 4096
_PATIENCE: Final = 30.0
_SHORTEST_WAIT: Final = 0.1


class Sender:
    """Sends requests to the server under test.

    Args:
        target: The server, and what may be done to it.

    Attributes:
        target: The server.
        exchanges: Everything sent, in order.
        violations: What the passive checks found.
        judged: How many exchanges the passive checks judged, by clause.
        generated: The answered requests to generate that succeeded.
        random: Made-up ids and tokens come from here.
    """

    def __init__(self, target: Target) -> None:
        """Begin; nothing is sent yet."""
        self.target = target
        self.exchanges: list[Exchange] = []
        self.violations: list[Violation] = []
        self.judged: Counter[str] = Counter()
        self.generated: list[Exchange] = []
        self.random = random.Random(target.seed)  # noqa: S311 - repeatable on purpose; nothing here is a credential
        self.generates_left = target.generates
        self._patience = _PATIENCE
        self._lock = threading.Lock()

    def query(
        self,
        query: Mapping[str, str] | None = None,
        *,
        app_id: str | None = None,
        token: str | None = OWN_TOKEN,
        header: str = "X-Auth-Token",
        ignoring: Collection[str] = (),
    ) -> Exchange:
        """Send one request to list.

        Args:
            query: Parameters as they are to stand on the wire, not yet percent-encoded.
            app_id: An app; the target's own when left out.
            token: The token; the target's own when left out, no header at all when None.
            header: How the header's name is written.
            ignoring: Clauses that the passive checks cannot judge here.

        Returns:
            The exchange. A query changes nothing, so one without an answer is sent a second time, and after a 429
            one is sent again when its Retry-After is over, within the run's patience.
        """
        url = self.target.app_url(app_id)
        if query:
            url += "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        request = Request("GET", url, self._headers(token, header))
        exchange = self._send(request, ignoring)
        if exchange.response is None:
            exchange = self._send(request, ignoring)
        while (wait := _retry_after(exchange)) is not None and wait <= self._patience:
            self._patience -= max(wait, _SHORTEST_WAIT)
            time.sleep(wait)
            exchange = self._send(request, ignoring)
        return exchange

    def generate(self, *, app_id: str | None = None, token: str | None = OWN_TOKEN) -> Exchange:
        """Send one request to generate; never repeated, counted before it is sent.

        Args:
            app_id: An app; the target's own when left out.
            token: The token; the target's own when left out, no header at all when None.

        Returns:
            The exchange.

        Raises:
            NotExercised: No more may be sent.
        """
        self.spend(1)
        return self.send_generate(app_id, token)

    def spend(self, count: int) -> None:
        """Take requests to generate out of the budget.

        Args:
            count: How many.

        Raises:
            NotExercised: So many are not left.
        """
        with self._lock:
            if self.target.read_only:
                pytest.skip("--read-only sends no request to generate")
            if self.generates_left < count:
                msg = f"--max-generate {self.target.max_generate} leaves no request to generate for this"
                raise NotExercised(msg)
            self.generates_left -= count

    def send_generate(self, app_id: str | None = None, token: str | None = OWN_TOKEN) -> Exchange:
        """Send one request to generate that was counted already.

        Args:
            app_id: An app; the target's own when left out.
            token: The token; the target's own when left out, no header at all when None.

        Returns:
            The exchange.
        """
        exchange = self._send(Request("PUT", self.target.app_url(app_id), self._headers(token)))
        if exchange.response is not None and 200 <= exchange.response.status < 300:  # noqa: PLR2004 - success
            with self._lock:
                self.generated.append(exchange)
        return exchange

    def _headers(self, token: str | None, name: str = "X-Auth-Token") -> tuple[tuple[str, str], ...]:
        fixed = (("Accept", "application/json"), ("Accept-Encoding", "gzip"), ("User-Agent", "appcode-contract"))
        own = self.target.token if token == OWN_TOKEN else token
        return fixed if own is None else (*fixed, (name, own))

    def _send(self, request: Request, ignoring: Collection[str] = ()) -> Exchange:
        exchange = send(request, self.target.timeout)
        judgement = judge_response(exchange, self.target.base_path)
        with self._lock:
            self.exchanges.append(exchange)
            self.violations.extend(each for each in judgement.violations if each.clause not in ignoring)
            self.judged.update(judgement.judged - set(ignoring))
        return exchange

    def secrets(self) -> set[str]:
        """Give every credential used or seen."""
        tokens = {self.target.token, self.target.forbidden_token or ""}
        bodies = (exchange.response.body for exchange in self.exchanges if exchange.response is not None)
        found: set[str] = set().union(*(secrets_in(body.decode("utf-8", "replace")) for body in bodies))
        # A server that repeats the path in a message does not make a secret of it.
        urls = {exchange.request.url for exchange in self.exchanges}
        plain = {each for each in found if not any(each in url for url in urls)}
        # What is longer is never told in full: texts are cut.
        return tokens | {each for each in plain if len(each) <= _LONGEST_SECRET}


def _retry_after(exchange: Exchange) -> float | None:
    """Give the seconds to wait before asking again, or None when there is nothing to wait for."""
    response = exchange.response
    if response is None or response.status != RATE_LIMITED:
        return None
    text = response.header("Retry-After") or "1"
    return float(text) if text.isascii() and text.isdigit() else 1.0

"""A run's one way to the server: it sends, counts what may be sent, and judges every answer passively."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from appcode_contract.checks import judge_response
from appcode_contract.clauses import BY_ID
from appcode_contract.conformance.outcomes import NotExercised, Unwanted, status_of
from appcode_contract.conformance.pace import Pace, wait_asked_for
from appcode_contract.conformance.wire import Unreachable, Wire
from appcode_contract.messages import Request, Response
from appcode_contract.redaction import secrets_in, secrets_in_json

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange, Violation

    Send = Callable[[Request, float], Exchange]

OWN_TOKEN: Final = "\0own"  # noqa: S105 - no token
"""Stands for the target's own token, which no caller needs to repeat; no header can carry it."""
EVERY_CLAUSE: Final = frozenset(BY_ID)
"""For answers that the pages say nothing of."""
_LONGEST_SECRET: Final = 4096
_MOST_SECRETS: Final = 10_000
"""So many are looked for in texts: of a longer list, the AppCodes that are read again and again."""
_REPEATS: Final = 10
_UNAUTHORIZED: Final = 401
_TELLING_PART: Final = 16
_GENERATE: Final = "PUT"


class Sender:
    """Sends requests to the server under test.

    Args:
        target: The server, and what may be done to it.
        send: Brings a request to it and the answer back, within so many seconds; over the network when left out.

    Attributes:
        target: The server.
        clause: The clause that the running test judges; empty while none is running.
        exchanges: Everything sent, in order.
        violations: What was found, by the passive checks and beside the clause of the running test.
        judged: How many exchanges the passive checks judged, by clause.
        generated: The answered requests to generate that succeeded.
        random: Made-up ids and tokens come from here.
        pace: When the next request may be sent.
        lost: Why the run could not go on, after the server had answered; empty otherwise.
        over: Why nothing more is sent, as the token has expired or the server is silent; empty otherwise.
        repeated: How many queries had no whole answer, and were sent a second time.
        ended: Why no more is to be generated, whatever the budget; empty while there is no reason.
    """

    def __init__(self, target: Target, send: Send | None = None) -> None:
        """Begin; nothing is sent yet."""
        self.target = target
        self.clause = ""
        self.exchanges: list[Exchange] = []
        self.violations: list[Violation] = []
        self.judged: Counter[str] = Counter()
        self.generated: list[Exchange] = []
        self.random = random.Random(target.seed)  # noqa: S311 - repeatable on purpose; nothing here is a credential
        self.generates_left = target.generates
        self.pace = Pace(target.deadline, target.rate)
        self.ended = ""
        self.lost = ""
        self.over = ""
        self.repeated = 0
        self._send_once = send or Wire(target.ca_bundle, target.insecure).send
        self._generates_sent = 0
        self._accepted = False
        self._found: set[str] = set()
        self._ids: set[str] = set()
        self._codes: set[str] = set()
        self._searched = 0
        self._read: set[bytes] = set()
        self._tokens = {target.token, target.forbidden_token or ""}
        self._lock = threading.Lock()

    def query(
        self,
        query: Mapping[str, str] | None = None,
        *,
        url: str = "",
        token: str | None = OWN_TOKEN,
        header: str = "X-Auth-Token",
        ignoring: Collection[str] = (),
    ) -> Exchange:
        """Send one request to list.

        Args:
            query: Parameters as they are to stand on the wire, not yet percent-encoded.
            url: Where to; the list of the target's own app when left out.
            token: The token; the target's own when left out, no header at all when None.
            header: How the header's name is written.
            ignoring: Clauses that the passive checks cannot judge here.

        Returns:
            The exchange. A query changes nothing, so one without an answer is sent a second time, and after a 429,
            or a 503 with Retry-After, one is sent again when the wait is over.

        Raises:
            NotExercised: The server asks to wait longer than the run may take, or again and again; or the deadline is
                over.
        """
        address = url or self.target.app_url()
        if query:
            address += "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        request = Request("GET", address, self._headers(token, header))
        if self.over:
            raise NotExercised(self.over)
        own = token == OWN_TOKEN
        exchange = self._send(request, ignoring)
        if exchange.response is None:
            self.repeated += 1
            exchange = self._send(request, ignoring)
        for _ in range(_REPEATS):
            if wait_asked_for(exchange.response) is None:
                return self._unless_expired(exchange, header) if own else exchange
            exchange = self._send(request, ignoring)
        status = exchange.response.status if exchange.response is not None else 0
        msg = f"the server answered {status} {_REPEATS + 1} times (too many requests)"
        raise NotExercised(msg)

    def _unless_expired(self, exchange: Exchange, header: str) -> Exchange:
        """End the run when a token that was accepted is not any more, not even for a query without any parameter."""
        refused = status_of(exchange) == _UNAUTHORIZED
        if refused and self._accepted:
            plain = Request("GET", self.target.app_url(), self._headers(OWN_TOKEN))
            if status_of(self._send(plain, EVERY_CLAUSE)) == _UNAUTHORIZED:
                self.over = self.lost = "the token was accepted before and is not any more (401)"
                raise NotExercised(self.lost)
        if header == "X-Auth-Token":  # in other letters a server may know another header
            self._accepted = self._accepted or 200 <= status_of(exchange) < 300  # noqa: PLR2004 - success
        return exchange

    def repeat(self, exchange: Exchange) -> Exchange:
        """Send a query once more, for no check to look at.

        Args:
            exchange: One with a request to list.

        Returns:
            The new exchange.
        """
        return self._send(exchange.request, EVERY_CLAUSE)

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
        self._spend(1)
        return self._generate(app_id, token)

    def generate_together(self, count: int) -> tuple[Exchange, ...]:
        """Send requests to generate at the same time, each on a connection of its own; counted before they are sent.

        Args:
            count: How many.

        Returns:
            The exchanges, without those of requests that did not reach the server.

        Raises:
            NotExercised: So many may not be sent, or none reached the server.
        """
        self._spend(count)
        self.pace.turn(_GENERATE, count)
        pool = ThreadPoolExecutor(count)
        futures = [pool.submit(self._exchange_generate, None, OWN_TOKEN) for _ in range(count)]
        try:
            wait(futures)
        finally:
            # When the run is interrupted here, what these make still has to be told.
            wait(futures, self.target.timeout)
            pool.shutdown(wait=False)
        lost = [error for future in futures if (error := future.exception()) is not None]
        sent = tuple(future.result() for future in futures if future.exception() is None)
        if lost and (not sent or not isinstance(lost[0], NotExercised)):
            raise lost[0]
        self.ended = self.ended or (str(lost[0]) if lost else "")
        return sent

    def may_send(self, count: int = 1) -> None:
        """Say why no request to generate may be sent.

        Args:
            count: How many are wanted.

        Raises:
            NotExercised: So many are not left in the budget, or the server refuses to generate more.
        """
        if self.target.read_only:
            msg = "--read-only sends no request to generate"
            raise Unwanted(msg)
        if self.over or self.ended:
            raise NotExercised(self.over or self.ended)
        if self.generates_left < count:
            needed = self.target.generates - self.generates_left + count
            msg = f"--max-generate {self.target.max_generate} leaves no request to generate for this; {needed} would do"
            raise NotExercised(msg)

    def _spend(self, count: int) -> None:
        self.may_send(count)
        self.generates_left -= count

    def _generate(self, app_id: str | None, token: str | None) -> Exchange:
        self.pace.turn(_GENERATE)
        return self._exchange_generate(app_id, token)

    def _exchange_generate(self, app_id: str | None, token: str | None) -> Exchange:
        with self._lock:
            self._generates_sent += 1
        exchange = self._exchange(Request(_GENERATE, self.target.app_url(app_id), self._headers(token)))
        if exchange.response is not None and 200 <= exchange.response.status < 300:  # noqa: PLR2004 - success
            with self._lock:
                self.generated.append(exchange)
        return exchange

    def _headers(self, token: str | None, name: str = "X-Auth-Token") -> tuple[tuple[str, str], ...]:
        fixed = (("Accept", "application/json"), ("Accept-Encoding", "gzip"), ("User-Agent", "appcode-contract"))
        own = self.target.token if token == OWN_TOKEN else token
        if own is None:
            return fixed
        if len(own) >= _TELLING_PART:  # half of a short token is a word like any other
            self._tokens.add(own)
        return (*fixed, (name, own))

    def _send(self, request: Request, ignoring: Collection[str]) -> Exchange:
        self.pace.turn(request.method)
        return self._exchange(request, ignoring)

    def _exchange(self, request: Request, ignoring: Collection[str] = ()) -> Exchange:
        timeout = min(self.target.timeout, self.pace.left())
        started, begun = time.time(), time.monotonic()
        try:
            sent = self._send_once(request, timeout)
        except Unreachable as error:
            if not self.exchanges:
                raise
            self.lost = f"the server could not be reached any more: {error}"
            raise NotExercised(self.lost) from None
        exchange = replace(sent, started=started, seconds=time.monotonic() - begun)
        with self._lock:
            self.exchanges.append(exchange)
        if (wait := wait_asked_for(exchange.response)) is not None:
            self.pace.hold(request.method, wait)
        elif exchange.response is None and timeout < self.target.timeout:
            self.pace.left()  # cut short by the deadline, it says nothing of the server
        else:
            judgement = judge_response(exchange, self.target.base_path)
            with self._lock:
                self.violations.extend(
                    replace(each, found_by=self.clause) for each in judgement.violations if each.clause not in ignoring
                )
                self.judged.update(judgement.judged - set(ignoring))
        return exchange

    def secrets(self) -> set[str]:
        """Give every credential used or seen."""
        new = self.exchanges[self._searched :]
        self._searched += len(new)
        for response in (exchange.response for exchange in new if exchange.response is not None):
            # What succeeds is told in no report; an error, or a header, may repeat what was listed before.
            known_enough = 200 <= response.status < 300 and len(self._found) > _MOST_SECRETS  # noqa: PLR2004 - success
            if not known_enough and response.body not in self._read:
                self._read.add(response.body)
                self._learn(response.body)
        # A server that repeats the path in a message does not make a secret of it, and a long id is none either.
        urls = "\n".join({exchange.request.url for exchange in self.exchanges})
        ids = self._ids - self._codes
        return self._tokens | {each for each in self._found if each not in urls and each not in ids}

    def _learn(self, body: bytes) -> None:
        """Remember what is secret in a body; the same page comes again and again."""
        try:
            document = Response(0, (), body).json()
        except ValueError:
            found = secrets_in(body.decode("utf-8", "replace"))
        else:
            found = secrets_in_json(document)
            for record in _records(document):
                self._ids.add(str(record.get("id")))
                self._codes.add(str(record.get("app_code")))
        # What is longer is never told in full: texts are cut.
        self._found |= {each for each in found if len(each) <= _LONGEST_SECRET}

    @property
    def unanswered(self) -> int:
        """How many requests to generate were sent and not answered."""
        puts = [each for each in self.exchanges if each.request.method == _GENERATE]
        return self._generates_sent - sum(each.response is not None for each in puts)


def _records(body: object) -> Iterator[dict[str, Any]]:
    items = body.get("app_codes", [body]) if isinstance(body, dict) else []
    yield from (item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()

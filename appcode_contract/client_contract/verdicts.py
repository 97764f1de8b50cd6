"""How a test fails: with a text that names clause or trap and shows no credential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

import pytest

from appcode_contract.client_contract.calls import place_of, words_of
from appcode_contract.client_contract.compare import Difference, differences, list_differences
from appcode_contract.client_contract.failure import describe
from appcode_contract.client_contract.leaks import Secrets
from appcode_contract.messages import Violation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from appcode_contract.client_contract.shapes import Record
    from appcode_contract.messages import AppCodeRecord, Exchange
    from appcode_contract.stand_in import FakeAppCodes

_HELP: Final = "help(appcode_contract.client_contract) shows an adapter."
_LONGEST: Final = 300
_TOPICS: Final[Mapping[str, Sequence[str]]] = {
    "app_code": ("trap/spoilt-app-code",),
    "id": ("generate/id",),
    "app_id": ("generate/app-id/echo",),
    "create_time": (
        "generate/create-time/format",
        "list/create-time/format",
        "trap/nine-digits",
        "trap/time-zone",
    ),
}
"""What is said of a field that is not as it was answered: the first, unless the test is about one of them."""


class Verdicts:
    """Fails a test, and keeps credentials out of what it says.

    Args:
        topic: The clause or trap that the test judges.
        fake: Knows the credentials.

    Attributes:
        topic: The clause or trap that the test judges.
        secrets: The credentials of this test.
        called: The last call, as it is written in Python; empty when many are meant.
        sent: The exchanges of the last call.
        failed: Whether the test has failed.
        violation: Why, without credentials; None when it has not, or because of the adapter.
    """

    def __init__(self, topic: str, fake: FakeAppCodes) -> None:
        """Begin with the credentials that the fake knows now."""
        self.topic = topic
        self.secrets = Secrets({fake.token})
        self.called = ""
        self.sent: Sequence[Exchange] = ()
        self.failed = False
        self.violation: Violation | None = None
        self._fake = fake

    def fail(
        self, expected: str, actual: str, topic: str | None = None, sent: Sequence[Exchange] | None = None
    ) -> NoReturn:
        """Fail the test.

        Args:
            expected: What should have happened.
            actual: What happened.
            topic: The clause or trap; the test's own when left out.
            sent: The requests that show it; those of the last call when left out.
        """
        exchanges = self.sent if sent is None else sent
        topic = topic or self.topic
        shown = exchanges[-1] if exchanges else None
        self.violation = Violation(topic, self.cover(expected), self.cover(actual), shown)
        text = describe(topic, self.called, exchanges, expected, actual, self.cover)
        self._end("\n".join(map(self.cover, text.splitlines())))

    def misfit(self, message: str) -> NoReturn:
        """Fail the test because of the adapter or the test class."""
        self._end(f"{self.cover(message)}\n{_HELP}")

    def _end(self, text: str) -> NoReturn:
        self.failed = True
        # Without what led to it: pytest would show the client's own exception, as it is.
        raise pytest.fail.Exception(text, pytrace=False) from None

    def equal(self, expected: object, actual: object, what: str) -> None:
        """Fail the test if two values differ."""
        if expected != actual:
            self.fail(f"{what}: {expected}", f"{actual}")

    def same(self, expected: AppCodeRecord, actual: Record) -> None:
        """Fail the test if a record is not the server's."""
        wrong = differences(expected, actual)
        if wrong:
            self.fail("the AppCode as it was answered", wrong.text, self._topic_of(wrong))

    def same_list(self, expected: Sequence[AppCodeRecord], actual: Sequence[Record]) -> None:
        """Fail the test if records are not the server's, each once and in its order."""
        wrong = list_differences(expected, actual)
        if wrong:
            expected_text = f"{len(expected)} AppCodes, each once and in the server's order"
            self.fail(expected_text, wrong.text, self._topic_of(wrong))

    def topic_for(self, field: str, otherwise: str) -> str:
        """Give what is judged where one field is wrong: the test's topic if it is about that field."""
        return self.topic if self.topic in _TOPICS[field] else otherwise

    def _topic_of(self, wrong: Difference) -> str:
        # A trap that spoils AppCodes is told by its own name.
        if not wrong.field or (wrong.field == "app_code" and self.topic.startswith("trap/")):
            return self.topic
        return self.topic_for(wrong.field, _TOPICS[wrong.field][0])

    def newest(self, app_id: str | None = None) -> AppCodeRecord:
        """Give the AppCode that the server made last, which is the only one of this call."""
        kept = self._fake.app_codes(app_id)
        if not kept:
            self.fail("a request that makes an AppCode", "the server was asked for none")
        return kept[0]

    def hide(self, text: str) -> str:
        """Give a text of the client without credentials."""
        self._learn()
        return self.secrets.hide(text)

    def cover(self, text: str) -> str:
        """Give a text as it is when it shows no credential, and without them otherwise."""
        self._learn()
        return self.secrets.hide_known(text) if self.secrets.shown_in(text) else text

    def text_of(self, error: BaseException | None) -> str:
        """Give an exception's type and text, and where the client raised it, without credentials."""
        text = " ".join(self.hide("None" if error is None else words_of(error)).split())
        return f"{text[:_LONGEST]}{'…' * (len(text) > _LONGEST)}{'' if error is None else self.cover(place_of(error))}"

    def credentials(self) -> frozenset[str]:
        """Give the credentials that there are by now."""
        return self.secrets.known | self._fake.secrets()

    def _learn(self) -> None:
        self.secrets.learn(self._fake.secrets())

"""Whether hiding secrets takes time in proportion to the text, whatever is in it: figures, no verdict.

    python benchmarks/redaction.py

A mebibyte is hidden in beside an eighth of it; 8 times as long is in proportion, 64 times is quadratic.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from appcode_contract.redaction import Redactor, redact_text, secrets_in

if TYPE_CHECKING:
    from collections.abc import Callable

MEBIBYTE, TIMES = 1_048_576, 8
APP_CODE = "qVx7+Lw0Zr/T_2nE!9yK@d5M#u3H$f8B%c6P=aGjS1oNkQeXiRtYvWzAbCdDhJlU"
TEXTS: dict[str, Callable[[int], str]] = {
    "run": lambda size: "a" * size,
    "quotes": lambda size: '"' * size,
    "names": lambda size: '"app_code"' * (size // 10),
    "values": lambda size: '"app_code": "' * (size // 13),
    "backslashes": lambda size: '"app_code": "' + "\\" * size,
    "name without end": lambda size: '"' + "app" * (size // 3),
    "blanks": lambda size: '"app_code"' + " " * size,
    "hyphens": lambda size: "- " * (size // 2),
    "short runs": lambda size: ("a" * 39 + " ") * (size // 40),
}


def cost(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def tell(what: str, work: Callable[[int], Callable[[], object]], size: int) -> None:
    part = work(size // TIMES)
    small, large = min(cost(part) for _ in range(3)), cost(work(size))
    print(f"{what}: {large:.2f} s of processor, {large / small:.1f} times what an eighth of it takes")


def hiding(make: Callable[[int], str]) -> Callable[[int], Callable[[], object]]:
    def work(size: int) -> Callable[[], object]:
        text, redactor = make(size), Redactor([APP_CODE, "a" * 100, "made-up-token"])
        return lambda: (redact_text(text), secrets_in(text), redactor(text))

    return work


def knowing(size: int) -> Callable[[], object]:
    known = [f"{number:05}{APP_CODE}" for number in range(size)]
    text = " ".join(known[:20]) + "words of somebody " * 500
    return lambda: Redactor(known)(text)


def main() -> None:
    for what, make in TEXTS.items():
        tell(f"a mebibyte of {what}", hiding(make), MEBIBYTE)
    tell("10,000 secrets", knowing, 10_000)


if __name__ == "__main__":
    main()

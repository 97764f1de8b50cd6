"""Documents as text, in JSON and in YAML; the same document gives the same text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yaml import ScalarNode


def to_json(document: dict[str, Any]) -> str:
    """Write a document as JSON.

    Args:
        document: Any JSON object; its keys keep their order.

    Returns:
        Two spaces for each level, a newline at the end.
    """
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_yaml(document: dict[str, Any]) -> str:
    """Write a document as YAML.

    Args:
        document: Any JSON object; its keys keep their order.

    Returns:
        The same values as in JSON: no anchors, nothing folded, and quotes where YAML 1.1 would read another type.
    """
    from yaml import SafeDumper, dump  # noqa: PLC0415 - --help stays quick

    class Dumper(SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - PyYAML's own signature
            return True

        def lines(self, text: str) -> ScalarNode:
            return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)

    Dumper.add_representer(str, Dumper.lines)
    text: str = dump(document, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=math.inf)
    return text

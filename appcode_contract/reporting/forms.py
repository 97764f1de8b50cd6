"""The forms of a report file, by the suffix of its name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.reporting.document import to_json
from appcode_contract.reporting.har import to_har
from appcode_contract.reporting.junit import to_junit
from appcode_contract.reporting.markdown import to_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _to_html(document: Mapping[str, Any]) -> str:
    from appcode_contract.reporting.html_report import to_html  # noqa: PLC0415 - Jinja2 is imported when needed only

    return to_html(document)


FORMS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = MappingProxyType(
    {".json": to_json, ".xml": to_junit, ".html": _to_html, ".har": to_har, ".md": to_markdown}
)
"""What writes a report's document, by suffix."""

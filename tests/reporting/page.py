"""An HTML page taken apart with the standard library's parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "input", "link", "meta"}


@dataclass(slots=True)
class Element:
    """An element, its attributes, what it holds, and where it stands."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[Element, ...] = field(default=(), repr=False)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Every text within, its white space as one blank."""
        return " ".join("".join(self.parts).split())

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        return self.tag, tuple(self.attributes)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


class Page(HTMLParser):
    """A page.

    Args:
        html: Its source.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.unmatched: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.unmatched += [each.tag for each in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.unmatched.append(tag)
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for each in self._open:
            each.parts.append(data)

    def all(self, tag: str, *classes: str) -> list[Element]:
        """Give the elements of a kind, in order."""
        return [each for each in self.elements if each.tag == tag and each.classes >= set(classes)]

    def within(self, outer: Element, tag: str, *classes: str) -> list[Element]:
        """Give the elements of a kind inside another one."""
        return [each for each in self.all(tag, *classes) if any(parent is outer for parent in each.parents)]

    def by_id(self, sought: str) -> Element:
        (found,) = (each for each in self.elements if each.attributes.get("id") == sought)
        return found

"""The schemas as files for other tools: each stands alone, with the schemas it refers to inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appcode_contract.openapi.texts import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def standalone_schema(name: str, *, strict: bool = False) -> dict[str, Any]:
    """Give a schema that needs no other file.

    Args:
        name: One of ``schema_store.NAMES``.
        strict: Refuse unknown fields, which the pages do not.

    Returns:
        The schema as in schemas/, with each schema that it refers to, directly or not, under ``$defs`` with its own
        ``$id``: a compound document in the words of JSON Schema 2020-12.

    Raises:
        ValueError: There is no schema of that name.
        SchemaFileError: A schema file is missing or damaged.
    """
    root = _load(name, strict=strict)
    inside: dict[str, Any] = {}
    waiting = list(_referred(root))
    while waiting:
        other = waiting.pop(0)
        if other not in inside:
            inside[other] = _load(other, strict=strict)
            waiting.extend(_referred(inside[other]))
    return {**root, "$defs": inside} if inside else root


def _load(name: str, *, strict: bool) -> dict[str, Any]:
    from appcode_contract.schema_store import schema, strict_schema  # noqa: PLC0415 - --help stays quick

    return strict_schema(name) if strict else schema(name)


def _referred(node: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value.rpartition(":")[2]
            elif key != "examples":
                yield from _referred(value)
    elif isinstance(node, list):
        for value in node:
            yield from _referred(value)


def all_schemas(*, strict: bool = False) -> dict[str, Any]:
    """Give all schemas as one document.

    Args:
        strict: Refuse unknown fields, which the pages do not.

    Returns:
        A schema that restricts nothing, with all of them under ``$defs``, each by its name and with its own ``$id``.

    Raises:
        SchemaFileError: A schema file is missing or damaged.
    """
    from appcode_contract.schema_store import NAMES  # noqa: PLC0415 - --help stays quick

    inside = {name: _load(name, strict=strict) for name in NAMES}
    return {"$schema": inside[NAMES[0]]["$schema"], "$defs": inside}


def schema_text(name: str, *, strict: bool = False) -> str:
    """Give a schema that needs no other file, as text.

    Args:
        name: One of ``schema_store.NAMES``.
        strict: Refuse unknown fields, which the pages do not.

    Returns:
        JSON, with a newline at the end.

    Raises:
        ValueError: There is no schema of that name.
        SchemaFileError: A schema file is missing or damaged.
    """
    return to_json(standalone_schema(name, strict=strict))


def export_schemas(names: Iterable[str], folder: Path, *, strict: bool = False) -> list[Path]:
    """Write schemas as files that need no other file.

    Args:
        names: Some of ``schema_store.NAMES``; none means all of them.
        folder: Where to; made when it does not exist. Files of the same names are replaced.
        strict: Refuse unknown fields, which the pages do not.

    Returns:
        The files, ``NAME.json`` or ``NAME.strict.json``, in the order of the names.

    Raises:
        ValueError: There is no schema of one of the names; then nothing is written.
        SchemaFileError: A schema file is missing or damaged; then nothing is written.
        OSError: A file cannot be written.
    """
    from appcode_contract.schema_store import NAMES  # noqa: PLC0415 - --help stays quick

    ending = ".strict.json" if strict else ".json"
    texts = {folder / f"{name}{ending}": schema_text(name, strict=strict) for name in tuple(names) or NAMES}
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_bytes(text.encode())
    return list(texts)

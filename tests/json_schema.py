"""The part of JSON Schema that the contract uses; a keyword it does not know raises, so that nothing is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
_SILENT = {"title", "description", "default", "$defs", "$schema", "$comment"}


def errors(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "$") -> Iterator[str]:
    """Where ``value`` does not fit ``schema``."""
    root = schema if root is None else root
    for keyword, said in schema.items():
        if keyword in _SILENT:
            continue
        yield from _one(value, keyword, said, schema, root, at)


def _one(value: Any, keyword: str, said: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    fits = True
    if keyword == "$ref":
        yield from errors(value, root["$defs"][said.rpartition("/")[2]], root, at)
    elif keyword == "anyOf":
        fits = any(not list(errors(value, each, root, at)) for each in said)
    elif keyword == "type":
        fits = isinstance(value, _TYPES[said]) and (said == "boolean" or not isinstance(value, bool))
    elif keyword == "enum":
        fits = value in said
    elif keyword == "const":
        fits = value == said
    elif keyword == "pattern":
        fits = not isinstance(value, str) or re.search(said, value) is not None
    elif keyword in ("minimum", "maximum"):
        fits = not isinstance(value, int | float) or (value >= said if keyword == "minimum" else value <= said)
    elif keyword in ("minItems", "maxItems"):
        fits = not isinstance(value, list) or (len(value) >= said if keyword == "minItems" else len(value) <= said)
    elif keyword == "required":
        fits = not isinstance(value, dict) or set(said) <= set(value)
    elif keyword == "properties":
        for name in said.keys() & (value.keys() if isinstance(value, dict) else set()):
            yield from errors(value[name], said[name], root, f"{at}.{name}")
    elif keyword == "additionalProperties":
        extra = value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else set()
        fits = said is not False or not extra
        for name in extra if isinstance(said, dict) else ():
            yield from errors(value[name], said, root, f"{at}.{name}")
    elif keyword == "items":
        for index, each in enumerate(value if isinstance(value, list) else ()):
            yield from errors(each, said, root, f"{at}[{index}]")
    elif keyword == "prefixItems":
        for index, (each, part) in enumerate(zip(value if isinstance(value, list) else (), said, strict=False)):
            yield from errors(each, part, root, f"{at}[{index}]")
    else:
        raise NotImplementedError(keyword)
    if not fits:
        yield f"{at}: {keyword} {str(said)[:40]}"

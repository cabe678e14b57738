"""One record a line, each with the document it is from: for data tools and for reading as a stream."""

from __future__ import annotations

import json
from collections.abc import Sequence

from extractor.export.base import Layout
from extractor.types.record import ExtractionFile


def render(files: Sequence[ExtractionFile], layout: Layout) -> bytes:
    """UTF-8. A line is the contract's record with ``document`` before it, the document's own fields."""
    lines = []
    for file in files:
        document = file.document.model_dump(mode="json", exclude={"evidence"})
        for record in file.records:
            line = {"document": document, **record.model_dump(mode="json")}
            lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    return "".join(lines).encode()

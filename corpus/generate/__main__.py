"""Writes the sample documents, their manifest and their gold: ``python -m corpus.generate [--check]``."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

from corpus.generate import docx, html, pdf, text, xlsx
from corpus.generate.model import Document
from corpus.generate.spec import read

ROOT = Path(__file__).resolve().parents[2]
RENDERERS: dict[str, Callable[[Document], bytes]] = {
    "txt": text.render,
    "docx": docx.render,
    "pdf": pdf.render,
    "html": html.render,
    "xlsx": xlsx.render,
}
ORIGIN = "written for this project; fictional places"
LICENCE = "CC0-1.0"


def files(document: Document) -> dict[str, bytes]:
    """Format to content, for the formats the spec names (``formats``, default all but xlsx)."""
    wanted = document.meta.get("formats", "txt docx pdf html").split()
    return {name: RENDERERS[name](document) for name in wanted}


def manifest_line(document: Document, form: str, content: bytes) -> str:
    entry = {
        "file": f"{form}/{document.name}.{form}",
        "document": document.name,
        "format": form,
        "sha256": hashlib.sha256(content).hexdigest(),
        "title": document.meta["title"],
        "origin": ORIGIN,
        "licence": LICENCE,
        "split": document.meta.get("split", "dev"),
    }
    return json.dumps(entry, ensure_ascii=False)


def gold_text(document: Document) -> str:
    """One record a line, so that a change of one shows as one."""
    gold = document.gold()
    records = ",\n".join("  " + json.dumps(r, ensure_ascii=False) for r in gold["records"])
    head = json.dumps(gold["document"], ensure_ascii=False)
    return f'{{\n "document": {head},\n "tasks": "{gold["tasks"]}",\n "records": [\n{records}\n ]\n}}\n'


def build(root: Path = ROOT) -> dict[Path, bytes]:
    """Every generated file below ``root``, by path."""
    made: dict[Path, bytes] = {}
    lines = []
    for spec in sorted((ROOT / "corpus" / "specs").glob("*.spec")):
        document = read(spec)
        for form, content in files(document).items():
            made[root / "corpus" / form / f"{document.name}.{form}"] = content
            lines.append(manifest_line(document, form, content))
        made[root / "annotations" / f"{document.name}.json"] = gold_text(document).encode()
    made[root / "corpus" / "manifest.jsonl"] = ("\n".join(lines) + "\n").encode()
    return made


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m corpus.generate", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="where to write (default: the project)")
    root = parser.parse_args().root
    made = build(root)
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{len(made)} files, {sum(map(len, made.values())) // 1024} KiB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

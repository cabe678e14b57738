"""The lint of the pages' scripts and styles really finds what Chromium 90 lacks; vendored files are those listed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.house import vendor
from tests.house.left_out import FRONTEND, need_node_tools

STATIC = FRONTEND.parents[1] / "extractor" / "web" / "static"
LATE_JS = [
    ("[1].at(-1);", '"at()" is not in Chrome 90'),
    ("structuredClone({});", "structuredClone"),
    ("Object.hasOwn({}, 'a');", "hasOwn"),
    ("crypto.randomUUID();", "randomUUID"),
    ("AbortSignal.timeout(1);", "timeout"),
    ("document.body.inert = true;", "inert"),
    ("document.body.checkVisibility();", "checkVisibility"),
    ("[1].findLast((one) => one);", "findlast"),
    ("class A { static { A.b = 1; } }\nnew A();", "static-block"),
    ("document.body.innerHTML = '';", "never read as HTML"),
]
LATE_CSS = [
    (".a:has(.b) { color: red; }", "css-has"),
    (".a { .b & { color: red; } }", "css-nesting"),
    ("@layer x { .a { color: red; } }", "@layer"),
    ("@container (min-width: 1px) { .a { color: red; } }", "@container"),
    (".a { height: 100dvh; }", "viewport-unit"),
    (".a { color: color-mix(in srgb, red, blue); }", "color-mix"),
    (".a { text-wrap: balance; }", "text-wrap"),
    (".a { grid-template-columns: subgrid; }", "subgrid"),
]
FINE_JS = "class A { #b = 1; get c() { return this.#b; } }\nnew A().c?.toString() ?? 'a'.replaceAll('a', 'b');\nexport const when = { at: 1 }.at;\n"
FINE_CSS = ".a:focus-visible { inset: 0; gap: 1px; aspect-ratio: 1; content-visibility: auto; }\n"


def run(tool: str, config: str, file: Path) -> tuple[int, str]:
    command = [need_node_tools() / ".bin" / tool, "--config", FRONTEND / config, "--no-color", file.name]
    done = subprocess.run([*map(str, command)], cwd=file.parent, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the linters say, a line each, of one file that has every late feature; a tool start takes seconds."""
    folder = tmp_path_factory.mktemp("late")
    said = []
    for tool, config, cases in (
        ("eslint", "eslint.config.js", LATE_JS),
        ("stylelint", "stylelint.config.js", LATE_CSS),
    ):
        for number, (source, _) in enumerate(cases):
            (folder / f"{tool}{number}.{'js' if tool == 'eslint' else 'css'}").write_text(source + "\n")
        command = [need_node_tools() / ".bin" / tool, "--config", FRONTEND / config, "--no-color"]
        names = sorted(path.name for path in folder.glob(f"{tool}*"))
        done = subprocess.run([*map(str, command), *names], cwd=folder, capture_output=True, text=True)
        assert done.returncode != 0
        said.extend(re.split(r"\n(?=\S*(?:eslint|stylelint)\d+\.)", done.stdout + done.stderr))
    return said


@pytest.mark.parametrize(("tool", "number", "word"), [
    *(("eslint", number, word) for number, (_, word) in enumerate(LATE_JS)),
    *(("stylelint", number, word) for number, (_, word) in enumerate(LATE_CSS)),
])  # fmt: skip
def test_lint_finds_what_chromium_90_lacks(findings: list[str], tool: str, number: int, word: str) -> None:
    (said,) = [one for one in findings if re.match(rf"\S*{tool}{number}\.", one)]
    assert word in said


def test_lint_lets_pass_what_chromium_90_has(tmp_path: Path) -> None:
    (tmp_path / "fine.js").write_text(FINE_JS)
    (tmp_path / "fine.css").write_text(FINE_CSS)
    assert run("eslint", "eslint.config.js", tmp_path / "fine.js") == (0, "")
    assert run("stylelint", "stylelint.config.js", tmp_path / "fine.css") == (0, "")


def test_lock_has_hashes_and_no_addresses() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = [one for name, one in lock["packages"].items() if name]
    assert len(packages) > 100
    assert all(one["integrity"].startswith("sha512-") and "resolved" not in one for one in packages)


def test_vendored_files_are_those_listed() -> None:
    files = vendor.listed()
    names = {one[key] for one in files for key in ("file", "licence_file")}
    assert {path.name for path in vendor.FOLDER.iterdir()} == {*names, "vendor.json"}
    for one in files:
        assert vendor.digest(vendor.FOLDER / one["file"]) == one["sha256"]
        assert one["licence"] in ("0BSD", "MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0")
        assert (vendor.FOLDER / one["licence_file"]).stat().st_size > 100


def test_no_page_asks_another_host() -> None:
    """What the browser loads comes from the server itself; a link that a person follows may lead elsewhere."""
    sources = [path for path in STATIC.parent.rglob("*") if path.suffix in (".html", ".css", ".js")]
    assert sources
    for path in sources:
        if "vendor" not in path.parts:
            asked = re.findall(r"""(?:src=|url\(|import |@import )["']?(?:https?:)?//[^"')\s]+""", path.read_text())
            assert not asked, f"{path.name}: {asked}"

"""The spaCy face: builds, finds, saves, loads, combines and draws."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc

from extractor.nlp import GROUPS, build_nlp
from extractor.text.view import make_view
from tests.records.samples import targets_of

TEXT = "9月底前危房改造完成率达到95%以上；全年无安全事故。每发生一起扣2分（其中：瞒报的，从重。）。健全机制。"


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_nlp(2024)


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(TEXT)


def texts(doc: Doc, group: str) -> list[str]:
    return [span.text for span in doc.spans[group]]


def test_components_stand_in_order(nlp: Language) -> None:
    assert nlp.lang == "zh"
    assert nlp.pipe_names == ["policy_sentences", "policy_mentions", "policy_targets"]
    assert "problems" in nlp.analyze_pipes()
    assert not any(nlp.analyze_pipes()["problems"].values())


def test_span_groups(doc: Doc) -> None:
    assert set(doc.spans) == {*GROUPS, "targets"}
    assert "达到95%以上" in texts(doc, "quantities")
    assert texts(doc, "dates")[0] == "9月底前"
    assert texts(doc, "implicits") == ["无安全事故"]
    assert any("扣2分" in text for text in texts(doc, "points"))
    assert texts(doc, "targets")[:2] == ["达到95%以上", "无安全事故"]
    assert all(span.label_ == name.upper() for name in doc.spans for span in doc.spans[name])


def test_readings(doc: Doc) -> None:
    (quantity,) = [s for s in doc.spans["quantities"] if s.text == "达到95%以上"]
    assert (quantity._.reading["value"], quantity._.reading["op"], quantity._.reading["unit"]) == ("95", "ge", "%")
    assert doc.spans["dates"][0]._.reading["end"] == "2024-09-30"
    target = doc.spans["targets"][0]._.reading
    assert target["metric"] == "危房改造完成率"
    assert doc.spans["targets"][1]._.reading["implicit"] is True


def test_same_targets_as_the_functions() -> None:
    sentence = "到2027年，供水普及率达到98%，农村污水治理率达到60%，行政村通公交全覆盖。"
    doc = build_nlp(2024)(sentence)
    metrics = [each.partition(" ")[0] for each in targets_of(sentence)]
    assert [span._.reading["metric"] for span in doc.spans["targets"]] == metrics
    assert len(metrics) == 3


def test_sentences_are_not_cut_in_brackets(doc: Doc) -> None:
    sentences = [sentence.text for sentence in doc.sents]
    assert "".join(sentences) == TEXT
    assert sentences[0] == "9月底前危房改造完成率达到95%以上；"
    assert sentences[-1] == "健全机制。"
    assert len(sentences) == 4


def test_words_are_a_view_beside_the_characters(doc: Doc) -> None:
    assert "".join(doc._.words) == TEXT
    assert len(doc._.words) < len(doc) == len(TEXT)


def test_offsets_are_those_of_the_text_even_where_the_view_differs(nlp: Language) -> None:
    text = "  完成率 达到 ９５％ 以上。"
    doc = nlp(text)
    (span,) = doc.spans["targets"]
    assert make_view(span.text).text == "达到95%以上"
    assert text[span.start_char : span.end_char] == span.text


def test_without_a_year_partial_dates_have_no_end() -> None:
    doc = build_nlp()("9月底前完成。")
    (span,) = doc.spans["dates"]
    assert "end" not in span._.reading


def test_pipeline_to_disk_and_back(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "policy")
    loaded = spacy.load(tmp_path / "policy")
    assert loaded.pipe_names == nlp.pipe_names
    assert loaded.config["components"]["policy_mentions"]["year"] == 2024
    again, before = loaded(TEXT), nlp(TEXT)
    for name in before.spans:
        assert [(s.start_char, s.end_char, s._.reading) for s in again.spans[name]] == [
            (s.start_char, s.end_char, s._.reading) for s in before.spans[name]
        ]


def test_loads_where_nobody_imported_the_package(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "policy")
    program = "import spacy, sys; doc = spacy.load(sys.argv[1])(sys.argv[2]); print(len(doc.spans['targets']))"
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "policy"), "合格率达到95%。"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "1"


def test_doc_to_bytes_and_back(nlp: Language, doc: Doc) -> None:
    back = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert back.text == doc.text
    for name in doc.spans:
        assert [(s.start, s.end, s.label_, s._.reading) for s in back.spans[name]] == [
            (s.start, s.end, s.label_, s._.reading) for s in doc.spans[name]
        ]


def test_displacy_draws_the_targets(doc: Doc) -> None:
    markup = displacy.render(doc, style="span", options={"spans_key": "targets"}, page=False, jupyter=False)
    assert "TARGETS" in markup
    assert "displacy" in markup or "<div" in markup


def test_combines_with_other_components() -> None:
    nlp = build_nlp(2024)
    ruler = nlp.add_pipe("entity_ruler", first=True)
    ruler.add_patterns([{"label": "ORG", "pattern": "县民政局"}])  # type: ignore[attr-defined]
    doc = nlp("县民政局要确保合格率达到95%。")
    assert [(e.text, e.label_) for e in doc.ents] == [("县民政局", "ORG")]
    assert texts(doc, "targets") == ["达到95%"]


def test_factories_work_in_a_pipeline_of_ones_own() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("policy_targets", config={"year": 2023})
    doc = nlp("合格率达到95%。")
    assert set(doc.spans) == {"targets"}


def test_many_docs(nlp: Language) -> None:
    docs = list(nlp.pipe(["合格率达到95%。", "完善办法。", ""]))
    assert [len(doc.spans["targets"]) for doc in docs] == [1, 0, 0]

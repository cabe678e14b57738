from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from extractor.items.columns import label_of, read_columns
from extractor.items.learned_columns import load
from extractor.training.examples import read_examples
from extractor.training.recipe import Trained
from extractor.training.recipes import columns as recipe
from extractor.training.recipes.column_tables import made_tables, read_headers
from extractor.training.recipes.column_truth import true_labels
from extractor.training.recipes.columns import Columns
from extractor.training.traces import Trace, trace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def documents() -> dict[str, Trace]:
    """Two of the project's documents: headers that rules know, and headers that they don't."""
    examples = read_examples(ROOT / "annotations", [ROOT / "corpus" / "txt"], "own")
    wanted = {"own/11_division-table": "plain", "own/46_gov-service-scoring": "odd"}
    return {wanted[each.name]: trace(each) for each in examples if each.name in wanted}


@pytest.fixture(scope="module")
def trained(documents: dict[str, Trace]) -> Trained:
    return Columns(tables=300).train(list(documents.values()), lambda _: None)


def test_same_input_same_bytes(documents: dict[str, Trace], trained: Trained) -> None:
    again = Columns(tables=300).train(list(documents.values()), lambda _: None)
    assert again.files == trained.files
    assert trained.artifact().version == again.artifact().version


def test_documents_change_what_is_learned(trained: Trained) -> None:
    without = Columns(tables=300).train([], lambda _: None)
    assert without.figures["real_columns"] == 0 < trained.figures["real_columns"]
    assert without.files["weights.npz"] != trained.files["weights.npz"]


def test_weights_stay_small(trained: Trained) -> None:
    assert sum(map(len, trained.files.values())) < 1_000_000


def test_what_is_read_back_is_what_was_trained(documents: dict[str, Trace], trained: Trained) -> None:
    reader = load(trained.artifact())
    assert set(reader.model.classes) == {wording.role for wording in read_headers()}
    grid, columns = documents["plain"].grids[0]
    assert reader(grid) == columns  # the rules know every one of these headers


def test_wordings_kept_out_are_told_all_the_same() -> None:
    held = {wording.levels[-1] for wording in read_headers() if zlib.crc32(wording.levels[-1].encode()) % 5 == 0}
    model = recipe.fit([sample for sample in recipe.made_samples(count=700) if sample.head not in held])
    unseen = [sample for sample in recipe.made_samples(count=200, seed=1) if sample.head in held]
    said = [max(found := model.probabilities(sample.features), key=found.__getitem__) for sample in unseen]
    right = sum(label == sample.label for label, sample in zip(said, unseen, strict=True))
    assert len(unseen) > 60
    assert right / len(unseen) > 0.8


def test_made_tables_are_the_same_for_the_same_seed_alone() -> None:
    def texts(seed: int) -> list[str]:
        return [table.grid.text for table in made_tables(5, read_headers(), seed)]

    assert texts(1) == texts(1) != texts(2)


def test_made_tables_print_their_wordings_as_headers() -> None:
    for table in made_tables(40, read_headers(), 3):
        printed = [[table.grid.text[cell.span.start : cell.span.end] for cell in heads] for heads in table.grid.heads]
        assert printed == [list(wording.levels) for wording in table.wordings]


def test_every_role_has_headers_no_rule_reads_as_such() -> None:
    """A lexicon of what the rules know already would teach nothing."""
    missed = {
        wording.role
        for table in made_tables(300, read_headers(), 4)
        for column, wording in zip(read_columns(table.grid), table.wordings, strict=True)
        if column.filled and label_of(column) != wording.role
    }
    assert missed >= {wording.role for wording in read_headers()} - {"strength"}


def test_gold_tells_what_no_rule_knows(documents: dict[str, Trace]) -> None:
    [(_, columns, labels), *_] = true_labels(documents["odd"])
    told = {column.head: (column.kind, label) for column, label in zip(columns, labels, strict=True)}
    assert told["编次"] == ("plain", "number")
    assert told["二级维度"] == ("plain", "group")
    assert told["评价要点"] == ("hard", "hard")


def test_gold_bears_out_what_the_rules_know(documents: dict[str, Trace]) -> None:
    for _, columns, labels in true_labels(documents["plain"]):
        assert labels == tuple(label_of(column) for column in columns)


def test_without_gold_only_headers_that_rules_know_are_labelled(documents: dict[str, Trace]) -> None:
    odd = documents["odd"]
    bare = Trace(
        type(odd.example)(odd.example.name, odd.example.source, {**odd.example.gold, "records": []}),
        odd.document, odd.outline, odd.items, odd.grids, odd.asked, odd.made, odd.output,
    )  # fmt: skip
    [(_, columns, labels), *_] = true_labels(bare)
    told = {column.head: label for column, label in zip(columns, labels, strict=True)}
    assert (told["编次"], told["二级维度"], told["标准分"]) == (None, None, "points")

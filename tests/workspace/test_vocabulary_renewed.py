"""The next vocabulary out of what stands in the file, what was written before, and what approved documents show."""

from __future__ import annotations

from extractor.text.vocabulary import Entry, Vocabulary
from extractor.workspace.vocabulary import Kept, Learned, renewed

WHEN = Entry("when", 2, 1, (("d1", 2),))


def shown(*names: str) -> Learned:
    return {"units": {}, "aliases": {}, "columns": dict.fromkeys(names, WHEN)}


def in_turn(*renewals: Learned) -> list[tuple[Vocabulary, Kept]]:
    """Each renewal over the file that the one before it wrote."""
    made = [(Vocabulary(), Kept())]
    for learned in renewals:
        file, written = renewed(*made[-1], learned)
        made.append((file, Kept(file.revision, written)))
    return made[1:]


def test_what_is_deleted_in_an_older_copy_stays_deleted() -> None:
    """A clerk opens the file, two more approvals are written, the clerk saves."""
    opened, _, (_, kept) = in_turn(shown("甲列"), shown("甲列", "乙列"), shown("甲列", "乙列", "丙列"))
    assert set(opened[0].columns) == {"甲列"}
    saved = Vocabulary(revision=opened[0].revision)
    made, _ = renewed(saved, kept, shown("甲列", "乙列", "丙列"))
    assert set(made.columns) == {"乙列", "丙列"}, "the copy never had the other two"
    assert made.ignored["columns"] == {"甲列"}


def test_what_is_changed_in_an_older_copy_stays_changed() -> None:
    opened, _, (_, kept) = in_turn(shown("甲列"), shown("甲列", "乙列"), shown("甲列", "乙列", "丙列"))
    saved = Vocabulary(opened[0].revision, columns={"甲列": Entry("points", 2, 1, (("d1", 2),))})
    made, _ = renewed(saved, kept, shown("甲列", "乙列", "丙列"))
    assert made.columns["甲列"] == Entry("points")
    assert made.columns["甲列"].by_hand


def test_deleting_ones_own_line_refuses_what_documents_show() -> None:
    ((file, kept),) = in_turn(shown("甲列"))
    mended = Vocabulary(file.revision, columns={"甲列": Entry("points")})
    after, written = renewed(mended, kept, shown("甲列"))
    assert after.columns["甲列"].by_hand
    emptied = Vocabulary(after.revision)
    made, _ = renewed(emptied, Kept(after.revision, written), shown("甲列"))
    assert made.columns == {}
    assert made.ignored["columns"] == {"甲列"}

from __future__ import annotations

from extractor.archive.timeline import Timeline, timeline
from extractor.types.archive import Observation, Quantity
from tests.archive.observed import CITY, COUNTY, NATION, PROVINCE, again, indicator, observation, place


def of(*observations: Observation) -> Timeline:
    return timeline(indicator(*observations), observations)


def drawn(made: Timeline) -> dict[str, list[tuple[int, float]]]:
    return {one.label: [(point.year, point.value) for point in one.points] for one in made.series}


def test_a_place_has_a_point_a_year_and_higher_places_come_first() -> None:
    made = of(observation(48, 2025, COUNTY), observation(50, 2023), observation(55), observation(60, 2025, NATION))
    assert drawn(made) == {"全国": [(2025, 60)], "溪宁市": [(2023, 50), (2025, 55)], "青禾县": [(2025, 48)]}
    assert (made.unit, made.dimension, made.apart) == ("%", "share", ())


def test_places_of_one_level_are_ordered_by_how_much_they_say() -> None:
    much = place("白川市", "city")
    made = of(observation(50), observation(40, 2020, much), observation(45, 2025, much), observation(1, 2025, None))
    assert list(drawn(made)) == ["白川市", "溪宁市", ""]


def test_of_one_year_the_newest_document_stands_and_the_others_are_kept_beside_it() -> None:
    old, new, late = (observation(value, document_year=year) for value, year in ((55, 2021), (60, 2023), (58, None)))
    (series,) = of(old, new, late).series
    assert [point.observation for point in series.points] == [new]
    assert [point.observation for point in series.besides] == [old, late]


def test_what_can_not_be_drawn_is_told_apart() -> None:
    count = Quantity("count:张", "", "张", 800.0)
    fits, dateless, wordless, other = (
        observation(55), observation(56, None), observation(None), observation(800, quantity=count),
    )  # fmt: skip
    made = of(fits, again(fits, year=2023), dateless, wordless, other)
    assert drawn(made) == {"溪宁市": [(2023, 55), (2025, 55)]}
    assert made.apart == (dateless, wordless, other)


def test_a_base_of_its_own_is_a_quantity_of_its_own() -> None:
    per_month = observation(3, quantity=Quantity("count:次", "/月", "次", 3.0))
    per_year = [observation(value, quantity=Quantity("count:次", "/年", "次", float(value))) for value in (8, 9)]
    assert of(per_month, *per_year).apart == (per_month,)


def test_what_is_for_one_year_is_drawn_with_what_is_for_each() -> None:
    each, plain = (Quantity("count:张", base, "张", 800.0) for base in ("/年", ""))
    plan = observation(800, 2025, document_year=2021, quantity=each)
    notice = observation(800, 2023, document_year=2023, quantity=plain)
    whole = observation(4000, 2025, PROVINCE, document_year=2021, quantity=plain)
    made = of(plan, again(plan, year=2024), notice, whole)
    assert drawn(made) == {"溪宁市": [(2023, 800), (2024, 800), (2025, 800)]}
    assert made.apart == (whole,)


def test_only_members_count() -> None:
    ours, stranger = observation(55), observation(60, 2026)
    assert drawn(timeline(indicator(ours), [stranger, ours])) == {"溪宁市": [(2025, 55)]}


def test_nothing_to_draw() -> None:
    made = of(observation(None), observation(55, None))
    assert made.series == ()
    assert len(made.apart) == 2


def test_a_document_that_binds_several_has_a_line_for_each() -> None:
    quota = [
        observation(value, year, PROVINCE, document=f"{year}.docx", object=name)
        for year in (2023, 2025)
        for name, value in (("东部", 60), ("西部", 50))
    ]
    assert drawn(of(*quota)) == {
        "云岭省 · 东部": [(2023, 60), (2025, 60)],
        "云岭省 · 西部": [(2023, 50), (2025, 50)],
    }
    one_by_one = [observation(55, 2023, object="各县"), observation(60, 2025, object="各县(市、区)")]
    assert drawn(of(*one_by_one)) == {"溪宁市": [(2023, 55), (2025, 60)]}


def test_places_of_one_name_are_told_by_what_they_belong_to() -> None:
    here, there, bare = (place("河口区", "county", parent) for parent in ("溪宁市", "外山市", None))
    made = drawn(of(*(observation(50, 2025, one) for one in (here, there, bare))))
    assert set(made) == {"河口区（溪宁市）", "河口区（外山市）", "河口区"}


def test_a_place_that_only_one_document_says_the_parent_of_is_one_place() -> None:
    assert list(drawn(of(observation(50, 2023, CITY), observation(55, 2025, place("溪宁市", "city"))))) == ["溪宁市"]


def test_ranges_keep_both_ends() -> None:
    (series,) = of(observation(60, op="between", upper=70)).series
    assert (series.points[0].value, series.points[0].upper) == (60, 70)

"""Gold and results of one small document, as the figures see them; places are fictional."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

File = dict[str, Any]
Change = Callable[[list[File]], object]

TEXT = "城市生活垃圾无害化处理率达到98%以上，农村生活垃圾无害化处理率达到90%以上"


def target(metric: str, value: float | None = 98, unit: str | None = "%", **more: Any) -> File:
    return {"metric": metric, "op": "ge", "value": value, "unit": unit, **more}


def record(text: str, *targets: File, **more: Any) -> File:
    kind = "target" if targets else "task"
    return {"text": text, "kind": kind, "path": ["环境整治"], "targets": list(targets), **more}


def document(*records: File, **more: Any) -> File:
    return {
        "document": {"source_name": "云溪.txt", "title": "工作要点", "year": 2023},
        "records": list(records),
        **more,
    }


def sample() -> File:
    """Four records: two targets in one, a scored task with names and a date, a quota row, an assurance."""
    return document(
        record(
            TEXT,
            target("城市生活垃圾无害化处理率", 98, due="2023-12-31"),
            target("农村生活垃圾无害化处理率", 90, due="2023-12-31"),
            deadlines=[{"raw": "年底前", "end": "2023-12-31"}],
            points=4,
        ),
        record(
            "建立河湖长巡查台账并按月通报",
            responsible=[{"name": "云溪市水利局", "role": "lead"}, {"name": "生态环境局", "role": "support"}],
            deadlines=[{"raw": "每月", "recurrence": "monthly"}],
        ),
        record(
            "造林面积任务分配",
            target("造林面积", 1.2, "万亩", scope="东陵区"),
            target("造林面积", 0.8, "万亩", scope="澄湖区"),
        ),
        record("行政村公共厕所实现全覆盖", target("行政村公共厕所覆盖率", 100, implicit=True, baseline="2022年")),
    )


def changed(change: Change, source: Callable[[], File] = sample) -> File:
    """A copy of the sample with ``change`` made to its records."""
    made = copy.deepcopy(source())
    change(made["records"])
    return made


def put(at: int, field: str, value: object) -> Change:
    """Sets a field of the ``at``-th record."""
    return lambda records: records[at].__setitem__(field, value)


def put_target(at: int, n: int, **fields: object) -> Change:
    """Sets fields of the ``n``-th target of the ``at``-th record."""
    return lambda records: records[at]["targets"][n].update(fields)


def optional(at: int) -> Change:
    """Leaves the ``at``-th record open."""
    return put(at, "optional", True)


# What is changed, the figures that fall by it, and the mistakes that are listed.
WRONG: list[tuple[str, Change, set[str], set[str]]] = [
    ("path", put(0, "path", ["水利"]), {"path", "whole", "measured"}, {"path"}),
    ("kind", put(1, "kind", "veto"), {"kind", "whole"}, {"kind"}),
    ("points", put(0, "points", 5), {"points", "whole", "measured"}, {"points"}),
    ("points too many", put(2, "points", 5), {"points", "whole", "measured"}, {"points"}),
    ("tier", put(1, "tier", "优秀"), {"whole"}, set()),
    ("tier of a target", put(0, "tier", "优秀"), {"right", "whole", "measured"}, {"target wrong"}),
    ("per occurrence", put(0, "per_occurrence", True), {"whole", "measured"}, set()),
    ("deadline", put(1, "deadlines", []), {"deadlines", "whole"}, {"deadlines"}),
    ("name", put(1, "responsible", [{"name": "云溪市水利局", "role": "lead"}]), {"responsible", "whole"}, {"responsible"}),
    ("due", put_target(0, 1, due="2025-12-31"), {"due", "whole", "measured"}, {"due"}),
    ("op", put_target(0, 1, op="gt"), {"right", "whole", "measured"}, {"target wrong"}),
    ("per", put_target(3, 0, per="年"), {"right", "whole", "measured"}, {"target wrong"}),
    ("metric of another", put_target(0, 1, metric="城市生活垃圾无害化处理率"), {"right", "whole", "measured"}, {"target wrong"}),
    ("scope", put_target(2, 0, scope="澄湖区"), {"right", "whole", "measured"}, {"target wrong"}),
    ("value", put_target(0, 1, value=95), {"found", "right", "whole", "measured"}, {"found missed", "target extra"}),
    ("unit", put_target(2, 0, unit="亩"), {"found", "right", "whole", "measured"}, {"found missed", "target extra"}),
    ("printed", put_target(3, 0, implicit=False), {"found", "implicit", "right"}, {"implicit missed", "target extra"}),
    ("baseline", put_target(3, 0, baseline=None), {"measured"}, {"baseline"}),
    ("a target more", lambda records: records[0]["targets"].append(target("清运次数", 3, "次")),
     {"found", "right", "whole", "measured"}, {"target extra"}),
    ("a target less", lambda records: records[0]["targets"].pop(),
     {"found", "right", "whole", "measured"}, {"found missed"}),
    ("a record more", lambda records: records.append(record("广泛宣传动员")), {"records"}, {"record extra"}),
    ("a record less", lambda records: records.pop(1), {"records", "whole"}, {"record missed"}),
    ("half of it", put(1, "text", "建立河湖长巡查台账"), {"records", "whole"}, {"record missed"}),
]  # fmt: skip

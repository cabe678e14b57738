"""Documents made up for these tests, and the ways that tests wait for what happens elsewhere."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

from extractor.store.documents import DocumentRow
from extractor.types.review import Decide, Edit, FieldEdit
from extractor.workspace.service import Workspace

_numbers = itertools.count(1)
_NOTICE = """示例市2026年重点工作安排（第{number}稿）
一、改善出行
（一）6月底前，新建公共停车泊位不少于1200个，其中充电车位占比达到20%以上。（责任单位：市城管局、市住建局）
（二）全年改造农村公路80公里。（责任单位：市交通局）
（三）全年公交准点率达到95%。（责任单位：市交通局）
二、提升服务
（一）9月底前，政务服务事项网上可办率不低于98%。（责任单位：市政务局）
（二）组织开展志愿服务活动不少于30场次。（责任单位：团市委）
（三）加强值班值守工作。
"""
RECORDS = 6
PARKING, ROADS, BUSES, ONLINE, VOLUNTEERS, DUTY = range(RECORDS)


def notice() -> bytes:
    """A text of ``RECORDS`` records; no two are the same bytes."""
    return _NOTICE.format(number=next(_numbers)).encode()


def operation_id() -> str:
    return f"operation-{next(_numbers)}"


def wait(check: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What ``check`` gives once it is true."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if found := check():
            return found
        time.sleep(0.01)
    raise TimeoutError(check)


def finished(workspace: Workspace, id: str) -> DocumentRow:
    """The document once it is ready or has failed."""

    def done() -> DocumentRow | None:
        row = workspace.document(id)
        return row if row.state in ("ready", "failed") else None

    row: DocumentRow = wait(done)
    return row


def ready(workspace: Workspace, data: bytes | None = None, name: str = "安排.txt") -> str:
    """The id of a document whose drafts are complete."""
    row, _ = workspace.upload(name, notice() if data is None else data, "tester")
    row = finished(workspace, row.id)
    assert row.state == "ready", row.error
    return row.id


def ids(workspace: Workspace, id: str) -> list[str]:
    """The record ids in order."""
    return [each["record"]["record_id"] for each in workspace.records(id, "tester")["records"]]


def decide(record: str, op: Any = "accept", before: Any = "draft", **more: Any) -> Decide:
    return Decide(**{"op": op, "client_op_id": operation_id(), "record": record, "before": before, **more})


def edit(record: str, field: str, before: Any, after: Any) -> Edit:
    change = FieldEdit(field=field, before=before, after=after)
    return Edit(op="edit", client_op_id=operation_id(), record=record, changes=(change,))

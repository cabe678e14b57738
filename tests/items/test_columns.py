from __future__ import annotations

import pytest

from extractor.items.columns import KNOWN, read_columns
from extractor.items.table_grid import make_grid
from tests.items.table_samples import make_document


def kinds(table: str) -> list[str]:
    document = make_document(table)
    grid = make_grid(document.text, document.tables[0], KNOWN)
    return [column.kind for column in read_columns(grid)]


@pytest.mark.parametrize(
    ("head", "cell", "kind"),
    [
        ("序号", "1", "number"),
        ("一级指标", "组织领导", "group"),
        ("重点领域", "生态环境", "group"),
        ("考核内容", "建立台账，按月报送", "hard"),
        ("工作措施", "开展专项检查4次", "hard"),
        ("考核指标", "污水处理率", "soft"),
        ("评分细则", "少一次扣1分", "scoring"),
        ("考核标准", "未建立扣2分", "scoring"),
        ("考核标准", "建立健全制度", "hard"),
        ("考核内容及评分标准", "建立台账，未建立扣2分", "hard"),
        ("标准分", "5", "points"),
        ("权重", "10", "points"),
        ("牵头领导", "王建国", "who"),
        ("责任单位", "市水务局", "who"),
        ("责任股室(单位)", "基政股", "who"),
        ("配合部门", "市财政局", "who"),
        ("完成时限", "9月底前", "when"),
        ("进度安排", "全年推进", "when"),
        ("考核对象", "各县区", "assessed"),
        ("被考核单位", "各乡镇", "assessed"),
        ("考核单位", "市考核办", "notes"),
        ("负责考核部门", "市考核办", "notes"),
        ("数据来源", "市统计局", "notes"),
        ("备注", "含镇级", "notes"),
        ("自评得分", "", "blank"),
        ("扣分原因", "", "blank"),
        ("计量单位", "万亩", "unit"),
        ("单位", "公里", "unit"),
        ("单位", "东川县", "place"),
        ("2025年", "95", "target"),
        ("2020年现状", "80", "baseline"),
        ("目标值", "≥95%", "target"),
        ("指标属性", "约束性", "strength"),
        ("优秀", "达到95%", "tier"),
        ("达标", "达到80%", "tier"),
    ],
)
def test_kind_of_a_column(head: str, cell: str, kind: str) -> None:
    assert kinds(f"序号|任务|{head}|责任单位\n1|建成水厂|{cell}|市水务局\n2|改造管网|{cell}|市水务局")[2] == kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("王建国", "李明"), "who"),
        (("市水务局", "市财政局、市住建局"), "who"),
        (("9月底前", "2024年底"), "when"),
        (("约束性", "预期性"), "strength"),
        (("少一次扣1分，扣完为止", "每低1个百分点扣0.5分"), "scoring"),
        (("", ""), "blank"),
        (("建设规模以上水厂的若干配套设施", "改造城区老旧供水管网"), "plain"),
    ],
    ids=["persons", "units", "dates", "strength", "scoring", "empty", "text"],
)
def test_kind_by_content_where_the_header_is_unknown(cells: tuple[str, str], kind: str) -> None:
    assert kinds(f"序号|任务|情形甲\n1|建成水厂|{cells[0]}\n2|改造管网|{cells[1]}")[2] == kind


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("责任领导", "leader"),
        ("分管县领导", "leader"),
        ("牵头单位", "lead"),
        ("牵头（责任）单位", "lead"),
        ("责任单位及责任人", "duty"),
        ("牵头及配合单位", None),
        ("协办单位", "support"),
    ],
)
def test_role_of_a_who_column(head: str, role: str | None) -> None:
    document = make_document(f"任务|{head}\n建成水厂2座|市水务局")
    grid = make_grid(document.text, document.tables[0], KNOWN)
    column = read_columns(grid)[1]
    assert (column.kind, column.role) == ("who", role)

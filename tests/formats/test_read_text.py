from __future__ import annotations

import pytest

from extractor.errors import ReadError
from extractor.formats import ReadOptions, read
from extractor.types.document import Document


def texts(document: Document, layer: str | None = None) -> list[str]:
    return [document.text[b.span.start : b.span.end] for b in document.blocks if layer in (None, b.layer)]


def test_a_line_is_a_paragraph_and_the_text_stays_as_it_is() -> None:
    source = "　　关于印发方案的通知\r\n\r\n\u3000一、总体要求 \r\n到2033年，完成30户。\r\n"
    found = read(source.encode(), name="通知.txt")
    assert found.text == source
    assert texts(found) == ["关于印发方案的通知", "一、总体要求", "到2033年，完成30户。"]
    assert (found.source.name, found.source.format) == ("通知.txt", "text")


def test_lines_broken_at_a_fixed_width_are_joined() -> None:
    prose = "各地要把基层治理摆在突出位置，健全工作机制，压实各级责任，定期调度通报，" * 12
    lines = [
        "云岭市基层治理工作方案",
        "一、总体要求",
        *(prose[i : i + 30] for i in range(0, 390, 30)),
        "到位。",
        "二、目标",
    ]
    found = read("\n".join(lines).encode())
    assert texts(found) == [lines[0], lines[1], prose[:390] + "到位。", "二、目标"]
    assert [issue.code for issue in found.issues] == ["unwrapped"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["完成改造三十户并通过验收。"] * 40, id="equal lines that are sentences"),
        pytest.param([f"{'指标' * (3 + n % 11)}达到{n}%" for n in range(40)], id="lines of all lengths"),
        pytest.param(["各地要把基层治理摆在突出位置，健全工作机制，压实各级责任，定期调度"] * 3, id="too few"),
    ],
)
def test_other_lines_are_not_joined(lines: list[str]) -> None:
    assert texts(read("\n".join(lines).encode())) == lines


SAVED_PAGE = """首页 > 政务公开 > 规划计划
登录 注册 无障碍浏览
服务热线：400-800-1234
• 要闻
• 公告
搜索
云岭市2031年养老服务工作方案
索引号：113300/2031-0042  发布机构：云岭市民政局
发布日期：2031-03-05
字号：大 中 小 打印本页
为加快养老服务发展，制定本方案，请各地认真贯彻落实，确保取得实效。
一、工作目标
新增床位300张，会员单位不少于20家，注册志愿者达到5000名。
热线电话接通率达到95%。
云岭市民政局
2031年3月1日
上一篇：关于开展检查的通知
下载APP
扫一扫 关注微信公众号
版权所有：云岭市人民政府 ICP备31000001号"""


def test_saved_page() -> None:
    found = read(SAVED_PAGE.encode())
    lines = SAVED_PAGE.split("\n")
    assert texts(found, "metadata") == lines[7:9]
    assert texts(found, "body") == [lines[6], *lines[10:16]]
    assert texts(found, "chrome") == [*lines[:6], lines[9], *lines[16:]]


def test_labels_in_a_line_over_their_values() -> None:
    text = "云岭市民政规划\n发布时间 所属行业 地区\n2031-11-11 其他 云岭\n一、发展思路\n新增床位300张。"
    assert texts(read(text.encode()), "metadata") == ["发布时间 所属行业 地区", "2031-11-11 其他 云岭"]


def test_page_numbers_are_chrome() -> None:
    text = "新增床位300张。\n— 2 —\n第 3 页 共 12 页\n- 4 -\n第3页的表格须更新。"
    assert texts(read(text.encode()), "chrome") == ["— 2 —", "第 3 页 共 12 页", "- 4 -"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "关于加强会员管理的通知\n用户注册登录须实名。\n咨询电话：0999-1234567", id="a notice on users and phones"
        ),
        pytest.param("政务服务\n• 网上可办率100%\n• 热线接通率95%\n二维码覆盖率90%。", id="bullets with targets"),
        pytest.param("来源：财政资金\n完成投资300万元。", id="one label alone"),
        pytest.param("一、完善网站地图、联系我们、版权所有等栏目，客服响应不超过1分钟。", id="cues in an item"),
        pytest.param(
            "主要任务\n扫码就医、扫一扫支付覆盖二级以上医院，咨询电话公开率100%，" + "全面推行" * 60, id="long prose"
        ),
    ],
)
def test_documents_are_no_chrome(text: str) -> None:
    assert texts(read(text.encode()), "body") == text.split("\n")


def test_limit() -> None:
    with pytest.raises(ReadError) as caught:
        read(("字" * 101).encode(), options=ReadOptions(max_chars=100))
    assert caught.value.code == "too_large"
    assert read(("字" * 100).encode(), options=ReadOptions(max_chars=100)).text


def test_unreadable_byte_is_an_issue_with_its_place() -> None:
    data = ("完成改造三十户，" * 40).encode()
    (issue,) = read(data[:300] + b"\xff" + data[300:]).issues
    assert (issue.code, issue.start) == ("undecodable", 100)


def test_unreadable_bytes_beyond_the_listed_ones_are_counted() -> None:
    issues = read(("完成改造三十户，" * 400).encode() + b"\xff" * 25).issues
    assert [issue.start is None for issue in issues] == [False] * 20 + [True]
    assert "共有25处" in issues[-1].message

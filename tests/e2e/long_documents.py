"""PDFs of any length with a known number of records a page: invented tasks under numbered headings."""

from __future__ import annotations

import io
from functools import cache

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT, SIZE, PITCH, LEFT = "STSong-Light", 14, 25, 80
LINE = 31  # characters
PLACES = ("东河县", "南岭县", "西泽县", "北原县", "青禾区", "白石区", "云湖市", "临江区")
OFFICES = ("市教育局", "市民政局", "市农业农村局", "市住房城乡建设局", "市生态环境局")
SUBJECTS = (
    "新建村级文化服务点{n}个", "改造农村危旧房屋{n}户", "城区生活垃圾分类覆盖率达到{p}%以上", "培训基层骨干不少于{n}人次",
    "政务服务事项网上可办率达到{p}%", "新增绿化面积{n}亩", "规模以上企业研发投入增长{q}%以上", "困难群众帮扶率不低于{p}%",
)  # fmt: skip
WAYS = "健全工作台账，明确时间节点，统筹使用各级资金，加强部门之间的衔接配合，及时研究解决推进中的困难和问题，"
DIGITS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 to 999 in Chinese."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{DIGITS[hundreds - 1]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else DIGITS[tens - 1]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (DIGITS[ones - 1] if ones else "")


def tasks(page: int, count: int) -> list[str]:
    made = []
    for at in range(count):
        number = page * count + at
        subject = SUBJECTS[number % len(SUBJECTS)].format(n=20 + number % 380, p=60 + number % 40, q=3 + number % 20)
        made.append(
            f"{at + 1}.{numeral(number % 12 + 1)}月底前，{WAYS}{PLACES[number % len(PLACES)]}{subject}（责任单位：{OFFICES[number % 5]}）。"
        )
    return made


def wrapped(text: str) -> list[str]:
    text = "　　" + text
    return [text[at : at + LINE] for at in range(0, len(text), LINE)]


def lines_of(page: int, records: int) -> list[str]:
    body = [f"　　{numeral(page + 1)}、第{page + 1}项工作安排"]
    for task in tasks(page, records):
        body += wrapped(task)
    return body


@cache
def long_pdf(pages: int, records: int) -> bytes:
    """A PDF of ``pages`` pages with ``records`` records in all, spread as evenly as whole numbers allow."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle("2025年度重点工作任务安排")
    for page in range(pages):
        share = records * (page + 1) // pages - records * page // pages
        top = A4[1] - 90
        if page == 0:
            canvas.setFont(FONT, 20)
            canvas.drawCentredString(A4[0] / 2, top, "2025年度重点工作任务安排")
            top -= 50
        canvas.setFont(FONT, SIZE)
        for at, line in enumerate(lines_of(page, share)):
            canvas.drawString(LEFT + SIZE * (len(line) - len(line.lstrip("　"))), top - at * PITCH, line.lstrip("　"))
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(A4[0] / 2, 40, f"— {page + 1} —")
        canvas.showPage()
    canvas.save()
    return out.getvalue()

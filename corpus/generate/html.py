"""HTML: a government site's page with navigation and metadata block, or a bare page from a word processor."""

from __future__ import annotations

from html import escape

from corpus.generate.model import Document, Grid, Para

ALIGN = {
    "title": "center",
    "subtitle": "center",
    "docno": "center",
    "org": "center",
    "sign": "right",
    "date": "right",
    "caption": "center",
}
NAVIGATION = ("首页", "政务公开", "政务服务", "互动交流", "专题专栏")
SIDE = ("机构职能", "政策文件", "规划计划", "财政预决算", "行政权力", "建议提案办理")


def render(document: Document) -> bytes:
    body = "\n".join(table(e) if isinstance(e, Grid) else paragraph(e) for e in document.elements)
    page = portal(document, body) if document.meta.get("html", "portal") == "portal" else bare(document, body)
    return page.encode("utf-8")


def paragraph(element: Para) -> str:
    text = escape(element.number + element.text, quote=False)
    if element.style == "meta":
        name, _, value = text.partition("：")
        return f'<div class="xxgk-row"><span class="name">{name}：</span><span class="value">{value}</span></div>'
    if element.style == "chrome":
        return f'<div class="tools">{text}</div>'
    if element.style in {"h1", "h2"}:
        text = f"<strong>{text}</strong>"
    style = f"text-align:{ALIGN[element.style]}" if element.style in ALIGN else "text-indent:2em"
    if element.style == "title":
        text = f'<span style="font-size:22pt">{text}</span>'
    return f'<p style="{style}">{text}</p>'


def table(grid: Grid) -> str:
    rows: list[str] = []
    for r in range(grid.n_rows):
        cells = []
        for cell in (c for c in grid.cells if c.row == r):
            spans = (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "") + (
                f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
            )
            tag = "th" if r < grid.header_rows and grid.options.get("th") == "yes" else "td"
            text = "".join(f"<p>{escape(line, quote=False)}</p>" for line in cell.lines)
            cells.append(f"<{tag}{spans}>{text}</{tag}>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return '<table border="1" cellspacing="0">\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table>"


def head(document: Document) -> str:
    title = escape(document.meta["title"], quote=False)
    return f'<head>\n<meta charset="utf-8">\n<title>{title}</title>\n<style>td p {{margin:0}}</style>\n</head>'


def bare(document: Document, body: str) -> str:
    return f"<!DOCTYPE html>\n<html>\n{head(document)}\n<body>\n{body}\n</body>\n</html>\n"


def portal(document: Document, body: str) -> str:
    """The page as a site serves it: the article amid navigation, breadcrumb, side menu and footer."""
    site = document.meta.get("site", "政府门户网站")
    links = "".join(f'<li><a href="#">{name}</a></li>' for name in NAVIGATION)
    side = "".join(f'<li><a href="#">{name}</a></li>' for name in SIDE)
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
{head(document)}
<body>
<div class="header"><a href="#">{site}</a><form><input placeholder="请输入关键字"><button>搜索</button></form></div>
<ul class="nav">{links}</ul>
<div class="crumb">当前位置：<a href="#">首页</a> &gt; <a href="#">政务公开</a> &gt; <a href="#">政策文件</a></div>
<div class="main">
<div class="side"><ul>{side}</ul></div>
<div class="article" id="zoom">
{body}
</div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a> 【打印本页】 【关闭窗口】</div>
</div>
<div class="footer"><p>主办单位：{site}　网站标识码：0000000001</p><p>备案号：000000号　联系我们　网站地图</p></div>
</body>
</html>
"""

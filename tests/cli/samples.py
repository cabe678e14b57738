"""A notice and a table as a user would have them; places are fictional."""

from __future__ import annotations

NOTICE = """云溪市民政局关于印发《2023年养老服务工作要点》的通知
云民〔2023〕12号
各县（市、区）民政局：
现将《2023年养老服务工作要点》印发给你们，请认真贯彻落实。
云溪市民政局
2023年3月1日

2023年养老服务工作要点

一、完善养老服务体系
（一）加强设施建设
1.新增养老床位500张以上，护理型床位占比不低于55%。（责任单位：养老服务科；完成时限：11月底前）
2.每个县（市、区）至少建成1所县级特困人员供养服务设施。（责任单位：社会救助科、养老服务科）
二、提升服务质量
1.养老机构消防安全检查实现全覆盖。
2.每季度报送工作信息不少于3条。
"""
HTML = """<html><head><meta charset="utf-8"><title>任务表</title></head><body><h1>2023年任务分解表</h1>
<table border="1"><tr><th>工作领域</th><th>目标任务</th><th>分值</th><th>牵头单位</th></tr>
<tr><td rowspan="2">社会救助</td><td>低保对象认定准确率达到98%以上</td><td>5</td><td>社会救助科</td></tr>
<tr><td>每月走访困难群众不少于2次</td><td>3</td><td>社会救助科</td></tr></table></body></html>
"""

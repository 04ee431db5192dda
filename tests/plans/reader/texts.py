"""Short texts in the style of plans, written for these tests, and a way to read them."""

from __future__ import annotations

from pathlib import Path

from bilan.plans.reader import Document, read

PLAN = """临泽市“十五五”清洁城市规划

目 录

第一章 打好基础\t1
第一节 回顾\t1
第二节 差距\t2
第二章 干净的空气\t4
第一节 管住烟囱\t4
第二节 管住车轮\t6

临泽市“十五五”清洁城市规划
规划期限：2026—2030年。基准年：2025年。
第一章 打好基础

第一节 回顾

[bookmark: _Toc1]2025年，全市优良天数比例为**93.1%**，建成污水

处理厂六座。
 差距依然不小，老旧管网尚有120公里，分布在河东与河西两个片区，需要在今后几年里逐步更新改造。

 第二章 干净的空气
 第一节 管住烟囱

到2030年，全市单位工业增加值能耗比2025年下降12%；
完成锅炉改造40台。
 管住车轮要靠制度。到2028年底，公交车全部换成新能源车。

专栏一：清洁空气工程
\t锅炉改造工程。到2027年，改造燃煤锅炉40台。
公交更新工程。更新公交车300辆。

表1 临泽市“十五五”主要指标
\t类别
\t序号
\t指标
\t2025年
现状值
\t2030年
目标值
\t属性

\t空气
\t1
\t优良天数比例（%）
\t93.1
\t≥95
\t约束性

\t
\t2
\t细颗粒物浓度（μg/m3）
\t24
\t≤20
\t

\t水
\t3
\t主要污染物排放量（吨）
\t化学需氧量
\t5120
\t完成省下达目标
\t预期性

\t
\t
\t
\t氨 氮
\t410
\t完成省下达目标
\t

注：1.目标值以省下达的为准。
2.2025年现状值为初步统计数。
"""


def reading(folder: Path, text: str, name: str = "规划.txt") -> Document:
    """Read a text as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read(path)

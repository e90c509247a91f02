"""Catalogues: lists that the country publishes (industries, regions, licences), for look-up and search.

Facts stand in data/*.tsv; each file's head names its source and its state. One registry, by key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nominations.catalogues.base import Catalogue, Entry

CATALOGUES = {
    catalogue.key: catalogue
    for catalogue in (
        Catalogue("industries", "GB/T 4754-2017", ("门类", "大类", "中类", "小类")),
        Catalogue("emerging_industries", "战略性新兴产业分类（2018）", ("1", "2", "3")),
        Catalogue("regions", "省、市", ("省级", "地级", "直辖市区县", "省级直辖县级")),
        Catalogue("readiness", "技术就绪水平量值", ("",)),
        Catalogue("licences", "OSI认证开源许可证", ("2022", "now", "disputed")),
        Catalogue("associations", "省级科协", ("",)),
        Catalogue("societies", "全国学会、协会、研究会", ("理科", "工科", "农科", "医科", "交叉学科")),
    )
}


def suggestions(key: str, text: str, levels: Iterable[str] = ()) -> list[dict[str, Any]]:
    """What a page's search box shows for what was typed; empty for a catalogue that isn't there.

    Entries outside ``levels`` are left out: those shown can be chosen.
    """
    catalogue = CATALOGUES.get(key)
    if catalogue is None:
        return []
    return [
        {"code": e.code, "name": e.name, "path": catalogue.path_text(e.code), "choosable": True}
        for e in catalogue.search(text, levels)
    ]


__all__ = ["CATALOGUES", "Catalogue", "Entry", "suggestions"]

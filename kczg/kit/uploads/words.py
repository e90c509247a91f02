"""Why a file is refused, in words; the check itself only gives codes and figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

WORDS: dict[str, Any] = {
    "type": gettext_lazy("只能上传PDF、JPG或PNG"),
    "mismatch": gettext_lazy("文件内容与扩展名不符，另存为PDF、JPG或PNG后上传"),
    "empty": gettext_lazy("文件是空的"),
    "too_big": gettext_lazy("文件%(now)s MB，超过%(limit)s MB，降低扫描分辨率后重新上传"),
    "encrypted": gettext_lazy("文件有密码，去掉密码后上传"),
    "damaged": gettext_lazy("文件已损坏，打不开，重新导出或扫描后上传"),
    "no_pages": gettext_lazy("PDF中没有页面，重新导出后上传"),
    "too_many_pages": gettext_lazy("PDF有%(now)s页，超过%(limit)s页，拆分后上传"),
    "too_many_pixels": gettext_lazy(
        "图片%(width)s×%(height)s像素，超过%(limit)s万像素，降低扫描分辨率后重新上传"
    ),
    "unpacks_too_big": gettext_lazy("文件解压后超过%(limit)s MB，降低扫描分辨率后重新上传"),
    "too_heavy": gettext_lazy("文件过于复杂，检查未能在限定的时间和内存内完成，打印或扫描成新的PDF后上传"),
    "script": gettext_lazy("PDF中有脚本，打印成新的PDF后上传"),
    "action": gettext_lazy("PDF中有会自动执行的动作，打印成新的PDF后上传"),
    "embedded": gettext_lazy("PDF中嵌有其他文件，取出后单独上传"),
    "media": gettext_lazy("PDF中有音视频或三维内容，打印成新的PDF后上传"),
    "form": gettext_lazy("PDF中有可填写的表单，打印成新的PDF后上传"),
    "unchecked": gettext_lazy("检查未能完成，重新上传"),
}


def refusal(code: str, facts: Mapping[str, Any]) -> str:
    """The words of a refusal; ``facts`` are the figures that the check found."""
    words = str(WORDS.get(code, WORDS["type"]))
    try:
        return words % facts
    except (KeyError, TypeError, ValueError):  # A code and figures that no check of ours wrote.
        return str(WORDS["unchecked"])


def megabytes(size: int) -> str:
    """A size as messages say it: 23, or 20.4 where the whole number would hide that it is over a limit."""
    value = size / (1024 * 1024)
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"

"""The quota as a page of a unit shows it, read back from the HTML."""

from __future__ import annotations

import re

ROW = re.compile(
    r'<tr><th scope="row">([^<]+)</th>\s*<td class="num"[^>]*>(\d+)</td>\s*'
    r'<td class="num"[^>]*><span>(\d+)(?:<small class="muted">（([^<]*)）</small>)?</span></td>\s*'
    r'<td class="num[^>]*>(-?\d+)</td>'
)


def figures(html: str) -> dict[str, tuple[int, int, int, str]]:
    """Ranking and track → used, limit, left, and the sum by channel where there are several."""
    return {
        name: (int(used), int(limit), int(left), total or "")
        for name, used, limit, total, left in ROW.findall(html)
    }

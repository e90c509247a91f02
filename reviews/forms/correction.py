"""补正: what may be corrected, by section and by question, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.reopened import HELD
from nominations.views.unit_forms import ReturnForm

COMMON_REASONS = (
    gettext_lazy("缺少证明材料"),
    gettext_lazy("材料不清晰，无法辨认"),
    gettext_lazy("与所附材料不一致"),
    gettext_lazy("日期或编号有误"),
)
"""What the browser offers while a reason is typed."""


class CorrectionForm(ReturnForm):
    """As a unit's return, without the whole form and without what holds a place in the quota."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = [
            replace(section, single=[part for part in section.single if part.field not in HELD])
            for section in self.sections
        ]
        for name in ("common", "other", *(f"field-{key}" for key in HELD)):
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors and not any(given.get(part.name) for part in self.parts):
            raise ValidationError(_("勾选要补正的部分或栏目，写明原因"))
        return given

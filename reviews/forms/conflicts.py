"""What a body says about 回避: whom to keep from what, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from nominations.fields import characters
from nominations.models import Nomination, Track
from reviews import queries
from reviews.forms.kinds import Text
from reviews.models import Expert

LONGEST_REASON = 300


class RecogniseForm(PlainWords, forms.Form):
    """认定回避: one of the body's experts, a nomination by its number, the reason."""

    expert = forms.ChoiceField(label=gettext_lazy("专家"))
    number = Text(label=gettext_lazy("申报编号"), longest=20)
    reason = Text(label=gettext_lazy("回避原因"), longest=LONGEST_REASON)

    def __init__(self, *args: Any, track: Track, experts: Iterable[Expert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.track, self.experts = track, {str(expert.pk): expert for expert in experts}
        offered = [
            (key, _("%(name)s（%(employer)s）") % {"name": each, "employer": each.employer})
            for key, each in self.experts.items()
        ]
        self.fields["expert"].choices = [("", _("未选择")), *offered]  # type: ignore[attr-defined]

    def clean_expert(self) -> Expert:
        return self.experts[self.cleaned_data["expert"]]

    def clean_number(self) -> Nomination:
        typed = characters.narrow(self.cleaned_data["number"]).upper()
        found = queries.in_scope(self.track).filter(number=typed).select_related("season").first()
        if found is None:
            words = _("本领域没有编号为%(number)s且通过形式审查的申报")
            raise ValidationError(words % {"number": typed})
        return found


class LiftForm(PlainWords, forms.Form):
    """解除回避: why what was found is no conflict."""

    reason = Text(label=gettext_lazy("解除原因"), longest=LONGEST_REASON)

"""会议评审: when and where, who is called, how many rounds; and the choices that a ballot sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from reviews.forms.kinds import Moment, Text, Whole
from reviews.models import Expert, Meeting
from reviews.rules.voting import MOST_ROUNDS

AGENDA = gettext_lazy("一、介绍评分情况\n二、按评分名次逐项讨论\n三、无记名投票\n四、宣布结果")
MOST_CHOICES = 2000


class MeetingForm(PlainWords, forms.Form):
    """What a meeting is called with."""

    use_required_attribute = False

    title = Text(label=gettext_lazy("会议名称"), longest=100)
    begins = Moment(label=gettext_lazy("开始时间"), help_text=gettext_lazy("北京时间，写成2022-11-20 09:00"))
    ends = Moment(label=gettext_lazy("结束时间"), help_text=gettext_lazy("北京时间，写成2022-11-20 12:00"))
    place = Text(label=gettext_lazy("地点"), longest=200)
    agenda = Text(label=gettext_lazy("议程"), longest=2000, lines=True, initial=AGENDA)
    rounds_most = Whole(
        label=gettext_lazy("最多投票轮数"),
        least=1,
        most=MOST_ROUNDS,
        initial=3,
        help_text=gettext_lazy("投满后仍不足应选数的，空缺"),
    )
    members = forms.MultipleChoiceField(
        label=gettext_lazy("参会专家"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("会议通知发给所选专家；时间或地点改动的，再通知一次"),
    )
    chair = forms.ChoiceField(label=gettext_lazy("主持人"))

    def __init__(self, data: Mapping | None = None, *, experts: Iterable[Expert], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        people = [(str(expert.pk), _person(expert)) for expert in experts]
        self.fields["members"].choices = people  # type: ignore[attr-defined]
        self.fields["chair"].choices = [("", "—"), *people]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, meeting: Meeting | None, title: str, experts: Iterable[Expert]) -> MeetingForm:
        """The form as the meeting stands; for a new one all experts are ticked."""
        people = list(experts)
        if meeting is None:
            initial: dict[str, Any] = {"title": title, "members": [str(expert.pk) for expert in people]}
            return cls(experts=people, initial=initial)
        names = ("title", "begins", "ends", "place", "agenda", "rounds_most")
        initial = {name: getattr(meeting, name) for name in names}
        members = list(meeting.members.all())
        initial["members"] = [str(row.expert_id) for row in members]
        initial["chair"] = next((str(row.expert_id) for row in members if row.chair), "")
        return cls(experts=people, initial=initial)


def _person(expert: Expert) -> str:
    return _("%(name)s（%(employer)s）") % {"name": expert.user.name, "employer": expert.employer}


def ids(typed: Iterable[str]) -> list[int]:
    """Whole numbers among what a page sent, each once; 0, which nothing has, for what is none."""
    found = [int(text) if re.fullmatch(r"[0-9]{1,15}", text) else 0 for text in list(typed)[:MOST_CHOICES]]
    return list(dict.fromkeys(found))

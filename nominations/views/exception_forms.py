"""The form by which an extension is proposed: for whom, which matter, until when, why."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kczg.kit.clock import SHANGHAI
from kczg.kit.forms import PlainWords
from nominations.actions.extensions import Wish
from nominations.models import Extension, Nomination, Season
from nominations.views.office_forms import day_field, helper


def hour_field(label: Any, **options: Any) -> forms.TimeField:
    """A time of day in Beijing, to the minute; 24:00 ends the day."""
    words = _("%(name)s写成18:00这样的时间") % {"name": label}
    widget = forms.TimeInput(format="%H:%M", attrs={"class": "w-code", "inputmode": "numeric"})
    return forms.TimeField(
        label=label,
        widget=widget,
        input_formats=["%H:%M", "%H：%M"],
        error_messages={"invalid": words},
        **options,
    )


class ExtensionForm(PlainWords, forms.Form):
    """What is asked for an extension. ``wish`` is what was typed, once the form is valid."""

    scope = forms.ChoiceField(label=_("范围"), choices=Extension.Scope.choices, widget=forms.RadioSelect)
    ranking = forms.ChoiceField(
        label=_("榜单"), required=False, help_text=_("范围为一个榜单，或某时刻以前已建立的申报时填写")
    )
    number = forms.CharField(
        label=_("申报编号"),
        required=False,
        max_length=20,
        help_text=_("范围为一项申报时填写，例如2022XD00017"),
    )
    begun_day = day_field(
        _("建立日期"), required=False, help_text=_("范围为某时刻以前已建立的申报时填写，以操作记录为准")
    )
    begun_time = hour_field(_("建立时间"), required=False)
    whose = forms.ChoiceField(label=_("事项"), choices=Extension.Whose.choices, initial=Extension.Whose.BOTH)
    until_day = day_field(_("延至日期"))
    until_time = hour_field(_("延至时间"), required=False, help_text=_("北京时间；留空为当日24时"))
    reason = forms.CharField(
        label=_("原因"),
        help_text=_("记入操作记录，申报人可见"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, data: Any, *, season: Season):
        super().__init__(data)
        self.season = season
        rankings = [(row.key, row.name) for row in season.rankings.all()]
        self.fields["ranking"].choices = [("", _("不填")), *rankings]  # type: ignore[attr-defined]
        self.helper = helper(_("提出延期"))

    def clean_number(self) -> Nomination | None:
        typed = self.cleaned_data["number"].strip().upper()
        found = Nomination.objects.filter(season=self.season, number=typed).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError(_("本年度没有编号为%(number)s的申报") % {"number": typed})
        return found

    @property
    def wish(self) -> Wish:
        data = self.cleaned_data
        scope = data["scope"]
        keeps_ranking = scope in (Extension.Scope.RANKING, Extension.Scope.BEGUN) and data["ranking"]
        begun = moment(data["begun_day"], data["begun_time"] or time()) if data["begun_day"] else None
        return Wish(
            scope=scope,
            whose=data["whose"],
            until=moment(data["until_day"], data["until_time"]),
            reason=data["reason"],
            ranking=self.season.rankings.get(key=data["ranking"]) if keeps_ranking else None,
            nomination=data["number"] if scope == Extension.Scope.NOMINATION else None,
            begun_before=begun if scope == Extension.Scope.BEGUN else None,
        )


def moment(day: Any, at: time | None) -> datetime:
    """The instant on the wall clock in Beijing; without a time the end of the day (24时)."""
    if at is None:
        return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return datetime.combine(day, at, SHANGHAI)

"""An expert whom a body takes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from reviews.forms.kinds import Text


class ExpertForm(PlainWords, forms.Form):
    """An expert whom a body takes in."""

    name = Text(label=gettext_lazy("姓名"), longest=100)
    email = forms.EmailField(
        label=gettext_lazy("邮箱"), help_text=gettext_lazy("邀请发到此邮箱，也用于登录"), max_length=254
    )
    employer = Text(
        label=gettext_lazy("工作单位"), longest=200, help_text=gettext_lazy("填写全称，用于回避比对")
    )
    position = Text(label=gettext_lazy("职称/职务"), longest=100, required=False)
    expertise = Text(label=gettext_lazy("专业领域"), longest=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("maxlength", None)

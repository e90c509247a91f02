"""Texts, whole numbers and moments as the forms of the reviews ask for them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kczg.kit.clock import SHANGHAI, local
from nominations.fields import characters


class Text(forms.CharField):
    """A text whose limit is said in words and never cuts; characters that can't be kept are refused.

    ``draft``: it is wanted in the end, so that the label doesn't call it optional, but may be empty now.
    """

    def __init__(self, *, longest: int, lines: bool = False, draft: bool = False, **kwargs: Any) -> None:
        self.longest, self.lines, self.draft = longest, lines, draft
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        if self.draft and not str(value or "").strip():
            return ""
        text = super().clean(value)
        text = characters.lines(text) if self.lines else characters.one_line(text)
        name = str(self.label)
        if message := characters.refused(text, name):
            raise ValidationError(message)
        if len(text) > self.longest:
            words = _("%(name)s不超过%(limit)d个字符，现为%(now)d个")
            raise ValidationError(words % {"name": name, "limit": self.longest, "now": len(text)})
        return text


class Whole(forms.IntegerField):
    """A whole number in a range, with words that say the range. ``draft`` as for a text."""

    def __init__(self, *, least: int, most: int, draft: bool = False, **kwargs: Any) -> None:
        self.least, self.most, self.draft = least, most, draft
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-num"}), **kwargs)

    def clean(self, value: Any) -> int | None:
        text = characters.narrow(str(value or ""))[:20]
        if not text and self.draft:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text) or not self.least <= int(text) <= self.most:
            words = _("%(name)s应为%(least)d—%(most)d之间的整数，现为%(now)s")
            facts = {"name": self.label, "least": self.least, "most": self.most, "now": text or _("空")}
            raise ValidationError(words % facts)
        return int(text)


class Moment(forms.CharField):
    """A moment on the wall clock in Beijing, typed as 2022-11-20 09:00; gives an aware datetime."""

    FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"class": "w-code", "autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{local(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime:
        text = super().clean(characters.narrow(str(value or ""))[:30])
        for form in self.FORMS:
            with suppress(ValueError):
                return datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
        raise ValidationError(_("%(name)s写成2022-11-20 09:00这样的时间") % {"name": self.label})

"""Plain words for ordinary forms: each message names its field and says what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _

from kczg.kit.characters import refused


def wanted(field: forms.Field) -> str:
    """What a required field that was left empty asks for."""
    words = {"name": field.label}
    if isinstance(field, forms.FileField):
        return _("上传%(name)s") % words
    if isinstance(field.widget, forms.CheckboxInput):
        return _("勾选“%(name)s”") % words
    if isinstance(field.widget, forms.CheckboxSelectMultiple):
        return _("至少勾选一项%(name)s") % words
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return _("选择%(name)s") % words
    return _("填写%(name)s") % words


def readable(field: forms.CharField) -> None:
    """Lets a text field refuse what no reader sees: control characters, overrides of the direction (I5)."""

    def judge(value: str) -> None:
        if hindered := refused(value, str(field.label)):
            raise ValidationError(hindered)

    kept = [each for each in field.validators if not isinstance(each, ProhibitNullCharactersValidator)]
    field.validators = [*kept, judge]


class PlainWords:
    """Mixed into a form before Form or ModelForm. ``labels`` renames fields that another package named.

    Texts refuse control characters; a password may hold any (U1).
    """

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = wanted(field)
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                readable(field)
            if isinstance(field, forms.EmailField):
                words = {"name": field.label}
                field.error_messages["invalid"] = _("%(name)s应含有“@”和域名，例如name@example.cn") % words

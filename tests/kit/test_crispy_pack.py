"""The template pack: label, hint, error, control and counter in this order, tied together by their ids."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Div, Fieldset, Layout, Submit
from django import forms
from django.test import RequestFactory
from django.utils import translation

from kczg.kit.forms import PlainWords


class Sample(PlainWords, forms.Form):
    name = forms.CharField(label="技术名称", help_text="与证书一致")
    text = forms.CharField(
        label="技术介绍", required=False, widget=forms.Textarea(attrs={"data-min": 400, "data-max": 600})
    )
    track = forms.ChoiceField(
        label="领域", choices=[("a", "电子信息"), ("b", "生物医药")], widget=forms.RadioSelect
    )
    ways = forms.MultipleChoiceField(
        label="转化形式", choices=[("1", "交易")], widget=forms.CheckboxSelectMultiple
    )
    promise = forms.BooleanField(label="内容真实")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def rendered(form: forms.Form, helper: FormHelper | None = None) -> str:
    from django.template import engines

    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form helper %}")
    with translation.override("zh-hans"):
        return template.render(
            {"form": form, "helper": FormHelper() if helper is None else helper}, RequestFactory().get("/")
        )


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def test_a_field_is_label_hint_control():
    html = rendered(Sample())
    assert (
        html.index('<label for="id_name">技术名称')
        < html.index('id="id_name_helptext"')
        < html.index('name="name"')
    )
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'data-question="name"' in html


def test_what_may_be_left_out_says_so():
    html = rendered(Sample())
    assert '技术介绍<span class="optional">（选填）</span>' in html
    assert html.count("（选填）") == 1


def test_a_limit_shows_a_counter_that_describes_its_text():
    html = rendered(Sample())
    assert '<span class="counter" id="id_text_counter">要求400—600字</span>' in html
    assert 'aria-describedby="id_text_counter"' in html
    assert "maxlength" not in html


def test_an_error_is_tied_to_its_field_and_stands_in_the_summary():
    html = rendered(Sample({"name": ""}))
    assert '<div id="id_name_error"><p class="error">错误：填写技术名称</p></div>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<li><a href="#id_name">填写技术名称</a></li>' in html
    assert "<h2>有4处需修改</h2>" in html


def test_the_summary_links_a_group_by_its_first_choice():
    html = rendered(Sample({"name": "x"}))
    assert '<a href="#id_track_0">选择领域</a>' in html
    assert '<a href="#id_ways_0">至少勾选一项转化形式</a>' in html
    assert '<a href="#id_promise">勾选“内容真实”</a>' in html


def test_the_summary_takes_the_focus():
    html = rendered(Sample({}))
    assert '<div class="summary" id="summary" role="alert" tabindex="-1" autofocus>' in html
    assert "summary" not in rendered(Sample())


def test_a_group_is_a_fieldset_with_a_legend_that_its_error_describes():
    html = rendered(Sample({"name": "x"}))
    assert '<fieldset aria-describedby="id_track_error">' in html
    assert "<legend>领域</legend>" in html
    assert '<label for="id_track_0"><input type="radio" name="track" value="a"' in html


def test_the_form_has_no_bubbles_and_a_token():
    html = rendered(Sample())
    assert html.count("novalidate") == 1
    assert 'method="post"' in html
    assert html.count('name="secret"') == 1


def test_a_form_tag_can_be_left_to_the_page():
    helper = FormHelper()
    helper.form_tag = False
    assert "<form" not in rendered(Sample(), helper)


def test_the_summary_can_be_left_to_the_page():
    helper = FormHelper()
    helper.form_show_summary = False
    assert "summary" not in rendered(Sample({}), helper)


def test_attributes_of_the_helper_reach_the_form():
    helper = FormHelper()
    helper.attrs = {"data-autosave-url": "/save/", "data-version": "7"}
    assert 'data-autosave-url="/save/" data-version="7"' in rendered(Sample(), helper)


def test_layout_objects():
    helper = FormHelper()
    helper.layout = Layout(
        Fieldset("基本情况", Div("name", "text", css_class="pair")),
        "track", "ways", "promise", "secret",
        ButtonHolder(Submit("save", "保存并继续")),
    )  # fmt: skip
    html = rendered(Sample(), helper)
    assert "<legend>基本情况</legend>" in html
    assert '<div class="pair"' in html
    assert (
        '<button type="submit" name="save" value="1" class="btn btn-primary" id="submit-id-save">保存并继续</button>'
        in html
    )


def test_text_of_people_stays_text():
    html = rendered(Sample({"name": '"><script>alert(1)</script>'}))
    assert "<script>" not in html

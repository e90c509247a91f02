"""U1: what is said of a password that is refused, and that any character will do."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User

PERSON = User(username="tangyuqing", name="唐雨清", email="tangyuqing@example.org")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("清泉石上-2026", "密码至少10个字符，现有9个"),
        ("tangyuqing1", "密码与账号、姓名或邮箱相近，换一个密码"),
        ("1234567890", "密码过于常见，换一个密码"),
        ("松风-KCZG-2026-竹月", "密码不含本系统的名称，换一个密码"),
    ],
)
def test_U1_a_refusal_says_how_to_go_on(typed, words):
    with pytest.raises(ValidationError) as refused:
        validate_password(typed, PERSON)
    assert refused.value.messages == [words]


def test_U1_any_character_will_do():
    assert validate_password("松风 竹月 🎋 2026", PERSON) is None

"""The check code: short, without look-alikes, and forgiving of how it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.rules.check_code import ALPHABET, canonical, digest, from_digest, parse


def test_the_alphabet_has_no_look_alikes():
    assert len(ALPHABET) == 32
    assert not set(ALPHABET) & set("0O1I")


def test_a_digest_does_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": "字"}) == '{"a":"字","b":1}'.encode()
    assert digest({"b": 1, "a": "字"}) == digest({"a": "字", "b": 1})


@pytest.mark.parametrize(
    ("hex_digest", "code"),
    [("0" * 64, "2222-2222"), ("f" * 64, "ZZZZ-ZZZZ"), ("08864298e8" + "0" * 54, "3456-789A")],
)
def test_the_first_forty_bits_make_the_code(hex_digest, code):
    assert from_digest(hex_digest) == code


@pytest.mark.parametrize(
    "typed", ["7K3M-Q9TA", "7k3mq9ta", " 7K3M Q9TA ", "７Ｋ３Ｍ－Ｑ９ＴＡ", "7k3m—q9ta", "7 K 3 M q 9 t a"]
)
def test_what_people_type_is_understood(typed):
    assert parse(typed) == "7K3M-Q9TA"


@pytest.mark.parametrize(
    "typed", ["", "7K3M-Q9T", "7K3M-Q9TAA", "7K3M-Q9T0", "7K3M-Q9TO", "1K3M-Q9TA", "核验码"]
)
def test_what_cannot_be_a_code_is_none(typed):
    assert parse(typed) is None


@given(st.binary(min_size=1))
def test_every_code_reads_back(content):
    code = from_digest(digest(content.hex()))
    assert parse(code.lower().replace("-", "")) == code

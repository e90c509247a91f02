"""统一社会信用代码: right ones pass, each kind of wrong one is told."""

import pytest

from nominations.rules.credit_code import fault, plain


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("91110108MA000TQT95", True), ("91320500MA1T00013G", True), ("12420000000000019Q", True),
        ("51440300000000027A", True), ("52510000000000035W", True), ("N2330100MA000004XR", True),
        ("91110000600037341L", True), (" 9111 0108 ma000tqt95 ", True), ("９１１１０１０８ＭＡ０００ＴＱＴ９５", True),
        ("91110108MA000TQT96", False), ("91110108MA000TQT9", False), ("91110108MA000TQT950", False),
        ("9111010IMA000TQT95", False), ("A1110000600037341L", False), ("91110108MA000TQT09", False), ("统" * 18, False),
    ],
)  # fmt: skip
def test_a_code_is_right_or_the_fault_is_told(typed, right):
    assert (fault(plain(typed)) == "") is right


def test_the_words():
    assert fault("9" * 17) == "统一社会信用代码应为18位，现有17位"
    assert fault("91110108MA000TQT96").startswith("统一社会信用代码校验位不符")

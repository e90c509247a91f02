"""Fields: a figure that may be below zero, such as a rate of growth or an expected profit."""

from __future__ import annotations

from nominations.fields.decimal import Decimal


class Signed(Decimal):
    """A number of either sign."""

    name = "signed"
    example = "12.5"
    signed = True

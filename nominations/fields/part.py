"""Fields: a piece of a declaration, frozen, that turns into JSON and back without loss."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Self

_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Part:
    """A piece of a declaration that turns into JSON and back without loss.

    Fields at their default are left out of the JSON, so that a season's copy and its digest stay the same
    when the vocabulary grows.
    """

    nested: ClassVar[dict[str, type[Part]]] = {}

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                data[each.name] = _plain(value)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The part that the JSON describes; raises ValueError where it isn't such a part."""
        known = {each.name: each for each in fields(cls)}
        if not isinstance(data, Mapping) or set(data) - set(known):
            raise ValueError(f"{cls.__name__}: {data!r} does not describe one")
        absent = [n for n, each in known.items() if each.default is MISSING and n not in data]
        if absent:
            raise ValueError(f"{cls.__name__}: {', '.join(absent)} missing")
        return cls(**{name: cls._value(name, value) for name, value in data.items()})

    @classmethod
    def _value(cls, name: str, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        part = cls.nested.get(name)
        return tuple(part.from_json(each) if part else each for each in value)


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.to_json()
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def require_keys(keys: list[str], what: str) -> None:
    for key in keys:
        if not _KEY.match(key):
            raise ValueError(f"{what} {key!r}: a key is lower case letters, digits and underscores")
    if len(set(keys)) != len(keys):
        raise ValueError(f"{what} keys are not unique: {sorted(keys)}")

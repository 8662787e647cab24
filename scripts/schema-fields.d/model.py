# SPDX-License-Identifier: Apache-2.0
"""What a document says about an object: its fields, their types, and whether they may be absent or null."""
from dataclasses import dataclass, field
from typing import Optional, Union


@dataclass
class Primitive:
    """`string`, `number`, `boolean` or `any`."""
    name: str


@dataclass
class Word:
    """A string of which one value, or one of several, is documented."""
    words: list


@dataclass
class Reference:
    """Another object by its name."""
    name: str


@dataclass
class Array:
    element: "Type"


@dataclass
class Record:
    """An object with any members."""


@dataclass
class Either:
    """One of several types."""
    types: list


@dataclass
class Object:
    fields: list = field(default_factory=list)


Type = Union[Primitive, Word, Reference, Array, Record, Either, Object]


@dataclass
class Field:
    """`absent` and `null`: whether the document allows it; None where it does not say."""
    name: str
    type: Type
    absent: Optional[bool] = None
    null: Optional[bool] = None
    has_default: bool = False


@dataclass
class Shape:
    """An object of a document.

    `is_whole`: the document lists all its fields. `constants`: fields that tell which form of a union it is.
    `root`: the path of the object in the answer.
    """
    name: str
    origin: str
    object: Object
    is_whole: bool = True
    constants: dict = field(default_factory=dict)
    root: str = "$"


class Samples:
    """Values for a type, each of them different, so that one shows up in one place only."""

    def __init__(self, shapes: dict, repairs: dict):
        self.shapes, self.repairs, self.count = shapes, repairs, 1000

    def of(self, kind: Type, owner: str = "", name: str = ""):
        if (owner, name) in self.repairs:
            return self.repairs[owner, name]
        self.count += 1
        match kind:
            case Primitive("string"):
                return f"text-{self.count}"
            case Primitive("number"):
                return self.count
            case Primitive("boolean"):
                return True
            case Primitive("any"):
                return {"any": self.count}
            case Word(words):
                return words[0]
            case Reference(other):
                return self.object(self.shapes[other].object, other)
            case Array(element):
                return [self.of(element, owner), self.of(element, owner)]
            case Record():
                return {"member": self.count}
            case Either(types):
                return self.of(types[0], owner)
            case Object():
                return self.object(kind, owner)
        raise AssertionError(kind)

    def shape(self, shape: Shape) -> dict:
        return {**self.object(shape.object, shape.name), **shape.constants}

    def object(self, kind: Object, owner: str) -> dict:
        return {f.name: self.of(f.type, owner, f.name) for f in kind.fields}


def wrong(kind: Type) -> list:
    """Values that are of no type that the document allows; null apart."""
    strings, numbers = ["text"], [7]
    match kind:
        case Primitive("string"):
            return [7, True, [], {}]
        case Word():
            return [7, True, [], {}]
        case Primitive("number"):
            return [*strings, True, [], {}]
        case Primitive("boolean"):
            return [*strings, 0, 1, [], {}]
        case Primitive("any"):
            return []
        case Array():
            return [*strings, *numbers, True, {}]
        case Record() | Object() | Reference():
            return [*strings, *numbers, True, []]
        case Either(types):
            values = wrong(types[0])
            for other in types[1:]:
                refused = wrong(other)
                values = [v for v in values if any(v is r or (type(v) is type(r) and v == r) for r in refused)]
            return values
    raise AssertionError(kind)

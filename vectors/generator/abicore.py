# SPDX-License-Identifier: Apache-2.0
"""The contract ABI by our own encoder, and how values are shown."""

import re

from .family import h


def parts(type_):
    """(element type, length or None) of an array type, else None."""
    found = re.fullmatch(r"(.+)\[(\d*)\]", type_)
    return (found[1], int(found[2]) if found[2] else None) if found else None


def components(type_):
    """The member types of a tuple type, else None."""
    if not type_.startswith("("):
        return None
    found, depth, start = [], 0, 1
    for i, c in enumerate(type_):
        depth += (c == "(") - (c == ")")
        if (c == "," and depth == 1) or depth == 0:
            if i > start:
                found.append(type_[start:i])
            start = i + 1
    return found


def dynamic(type_):
    array = parts(type_)
    if array:
        return array[1] is None or dynamic(array[0])
    if type_.startswith("("):
        return any(dynamic(member) for member in components(type_))
    return type_ in ("bytes", "string")


def encoded(type_, value):
    array = parts(type_)
    if array:
        body = sequence([array[0]] * len(value), value)
        return (number(len(value)) if array[1] is None else b"") + body
    if type_.startswith("("):
        return sequence(components(type_), value)
    if type_ in ("bytes", "string"):
        data = value.encode() if isinstance(value, str) else value
        return number(len(data)) + data + bytes(-len(data) % 32)
    if type_.startswith("bytes"):
        return value + bytes(32 - len(value))
    if type_ == "address":
        return value.rjust(32, b"\x00")
    return number(int(value))


def number(value):
    return (value % 2**256).to_bytes(32, "big")


def sequence(types, values):
    """Head and tail of several values, as arguments are laid out."""
    bodies = [encoded(type_, value) for type_, value in zip(types, values, strict=True)]
    size = sum(32 if dynamic(type_) else len(body) for type_, body in zip(types, bodies, strict=True))
    head, tail = b"", b""
    for type_, body in zip(types, bodies, strict=True):
        if dynamic(type_):
            head, tail = head + number(size + len(tail)), tail + body
        else:
            head += body
    return head + tail


def shown(type_, value):
    """A value as the vector files spell it."""
    array = parts(type_)
    if array:
        return [shown(array[0], element) for element in value]
    if type_.startswith("("):
        return [shown(member, element) for member, element in zip(components(type_), value, strict=True)]
    if type_ == "bool" or type_ == "string":
        return value
    return h(value) if isinstance(value, (bytes, bytearray)) else str(value)

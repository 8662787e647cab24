# SPDX-License-Identifier: Apache-2.0
"""Reads what the document of the operations says about their answers."""
import re
from pathlib import Path

from model import Field, Object, Primitive, Reference, Shape, Word

HEADING = re.compile(r"[a-z]\w+")
ROW = re.compile(r"(\w+?)(string|number|boolean|object|KmsInfo|false|true)(\?)?([A-Z].*)?")
# Words after `Returns:` that name no type.
UNIONS = ("Union", "Updated", "Discriminated")
RETURNS = re.compile(r"Returns: (\w+)(?: with (?:the new )?(\w+))?")


def snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def row(line: str):
    """A row of a table whose columns ran into each other: `correlationIdstringTracking ID`."""
    found = ROW.fullmatch(line)
    if not found:
        return None
    name, kind, optional, _ = found.groups()
    if kind in ("false", "true"):
        return Field(name, Word([kind]), False, False)
    types = {"KmsInfo": Reference("KmsInfoLegacy"), "object": Object()}
    return Field(snake(name), types.get(kind, Primitive(kind)), bool(optional), None if optional else False)


def answers(path: Path) -> tuple:
    """The named results with the fields that are named with them, and the forms of the unions."""
    named, forms, operation, lines = {}, [], "", path.read_text().splitlines()
    for index, line in enumerate(lines):
        if HEADING.fullmatch(line) and index + 2 < len(lines) and re.match(r"(PATCH|POST|GET) /", lines[index + 2]):
            operation = line
        for found in RETURNS.finditer(line):
            if found.group(1) not in UNIONS:
                named.setdefault(found.group(1), [])
                if found.group(2):
                    named[found.group(1)].append(Field(found.group(2), Primitive("string")))
        if line == "FieldTypeDescription":
            rows = []
            for following in lines[index + 1:]:
                one = row(following)
                if not one:
                    break
                rows.append(one)
            result = RETURNS.search(lines[index - 1])
            if result and result.group(1) not in UNIONS:
                named[result.group(1)] = rows
            else:
                forms.append((operation, Object(rows)))
        union = re.search(r"\{ (status: .*) \}", line)
        if union:
            fields = []
            for part in union.group(1).split(", "):
                name, _, word = part.partition(": ")
                kind = Word([word.strip('"')]) if word else Primitive("string")
                if name == "kms_info":
                    kind = Reference("KmsInfoLegacy")
                fields.append(Field(name, kind))
            forms.append((operation, Object(fields)))
    return named, forms


def shapes(path: Path, names: dict) -> list:
    """The results as shapes.

    `names` gives the Swift types of the forms of the unions, by their operation and the word that tells them apart,
    and the field that carries the word on the wire, if it is there.
    """
    named, forms = answers(path)
    found = [Shape(name, path.name, Object(fields), is_whole=False) for name, fields in named.items()]
    for operation, form in forms:
        mark, rest = form.fields[0], form.fields[1:]
        word = mark.type.words[0]
        name, is_on_wire = names.get((operation, word), (f"{operation} {word}", False))
        shape = Shape(name, path.name, Object(rest), is_whole=False)
        if is_on_wire:
            shape.constants = {mark.name: word}
        found.append(shape)
    return found


def listed_fields(path: Path) -> list:
    """The fields of an image that the example of the list reads."""
    return [Field(name, Primitive("string")) for name in re.findall(r"\bimg\.(\w+)", path.read_text())]

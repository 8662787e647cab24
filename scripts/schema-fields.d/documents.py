# SPDX-License-Identifier: Apache-2.0
"""Reads the objects that the documents describe: schemas in TypeScript, tables of fields, examples in JSON."""
import json
import re
from pathlib import Path

from model import Array, Either, Field, Object, Primitive, Record, Reference, Shape, Word

TOKEN = re.compile(r'\s*(?://[^\n]*|("[^"]*")|(\w+)|([{}\[\]<>?:;|&,()]))')


class Schema:
    """A type as TypeScript writes it."""

    def __init__(self, text: str):
        self.tokens, self.position = [], 0
        offset = 0
        while offset < len(text):
            found = TOKEN.match(text, offset)
            if not found:
                break
            offset = found.end()
            if found.group(1) or found.group(2) or found.group(3):
                self.tokens.append(found.group(1) or found.group(2) or found.group(3))

    def peek(self):
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        if not token or expected and token != expected:
            raise ValueError(f"expected {expected}, found {token or 'the end'}")
        self.position += 1
        return token

    def union(self):
        """The types of a union without null, and whether null is one of them."""
        types, null = [], False
        while True:
            if self.peek() == "|":
                self.take()
            one = self.postfix()
            if one == "null":
                null = True
            else:
                types.append(one)
            if self.peek() != "|":
                break
        words = [word for one in types if isinstance(one, Word) for word in one.words]
        if words and len(words) == len(types):
            return Word(words), null
        return types[0] if len(types) == 1 else Either(types), null

    def postfix(self):
        one = self.single()
        while self.peek() == "[":
            self.take("[")
            self.take("]")
            one = Array(one)
        return one

    def single(self):
        token = self.take()
        if token == "{":
            self.position -= 1
            return self.object()
        if token.startswith('"'):
            return Word([token.strip('"')])
        if token in ("string", "number", "boolean", "any"):
            return Primitive(token)
        if token == "null":
            return "null"
        if token in ("Array", "Record"):
            self.take("<")
            inner, _ = self.union()
            if token == "Record":
                self.take(",")
                self.union()
            self.take(">")
            return Array(inner) if token == "Array" else Record()
        return Reference(token)

    def object(self) -> Object:
        self.take("{")
        fields = []
        while self.peek() != "}":
            name, absent = self.take(), False
            if self.peek() == "?":
                self.take()
                absent = True
            self.take(":")
            kind, null = self.union()
            # The service leaves out what is null.
            fields.append(Field(name, kind, absent or null, null or kind == Primitive("any")))
            if self.peek() in (";", ","):
                self.take()
        self.take("}")
        return Object(fields)


def schemas(path: Path) -> dict:
    """The objects of a document that has a heading, maybe a sentence, and then `{ … }` or `Name & { … }`."""
    lines, found = path.read_text().splitlines(), {}
    for index, line in enumerate(lines):
        heading = next((lines[i] for i in (index - 1, index - 2) if i >= 0 and re.fullmatch(r"[A-Z]\w+", lines[i])), "")
        start = re.fullmatch(r"(?:(\w+) & )?\{", line)
        if not start or not heading:
            continue
        text = "\n".join(lines[index:])
        base = start.group(1)
        kind = Schema(text[text.index("{"):]).object()
        if base:
            kind = Object(found[base].object.fields + kind.fields)
        found[heading] = Shape(heading, path.name, kind)
    return found


def examples(path: Path) -> list:
    """The JSON texts of a document that begin with a bracket alone on a line."""
    text, found = path.read_text(), []
    for start in re.finditer(r"^[\[{]$", text, re.M):
        try:
            value, _ = json.JSONDecoder().raw_decode(text, start.start())
        except ValueError:
            continue
        found.append(value)
    return found


def inferred(value) -> object:
    """The type of a value in an example."""
    match value:
        case bool():
            return Primitive("boolean")
        case str():
            return Primitive("string")
        case int() | float():
            return Primitive("number")
        case []:
            return Array(Primitive("any"))
        case list():
            return Array(inferred(value[0]))
        case dict():
            return Object([Field(name, inferred(inner)) for name, inner in value.items()])
    return Primitive("any")


ROW_TYPE = re.compile(r"(?:(string|integer|number|boolean)|(\w+) · object)(\[\])?(?:<[\w-]+>)?( \| null)?")


def table(path: Path, section: str, example: dict) -> tuple:
    """The rows of the table after a heading, and the names of the objects in them; what is inside is inferred."""
    lines = path.read_text().splitlines()
    start = max(index for index, line in enumerate(lines) if line == section)
    end = next((i for i in range(start + 1, len(lines)) if lines[i] in ("Body", "Response")), len(lines))
    fields, names = [], {}
    for index in range(start + 1, end - 1):
        row = ROW_TYPE.fullmatch(lines[index + 1])
        if not row or not re.fullmatch(r"[a-z]\w*", lines[index]):
            continue
        name, rest = lines[index], lines[index + 2:index + 3]
        primitive, reference, many, null = row.groups()
        if reference:
            names[name] = reference
            kind = inferred(example[name][0] if many else example[name])
        else:
            kind = Primitive({"integer": "number"}.get(primitive, primitive))
        required = rest == ["required"]
        # Objects that may be null are shown without it, so that only those that are required say anything.
        fields.append(Field(name, Array(kind) if many else kind, not required,
                            True if null else None if reference and not required else False,
                            bool(rest) and rest[0].startswith("default:")))
    return fields, names

# SPDX-License-Identifier: Apache-2.0
"""Reads the schemas of the OpenAPI file, for objects of which the other documents show only an example."""
import json
from pathlib import Path

from model import Array, Either, Field, Object, Primitive, Record, Reference, Shape, Word


class OpenAPI:
    """`aliases`: the Swift names of schemas that are not called as in the file."""

    def __init__(self, path: Path, aliases: dict):
        self.origin, self.aliases = path.name, aliases
        self.schemas = json.loads(path.read_text())["components"]["schemas"]

    def shape(self, name: str, found: dict) -> str:
        """Adds a schema, and those that it refers to, to the shapes; the name that it has there."""
        alias = self.aliases.get(name, name)
        if alias in found:
            return alias
        schema, shape = self.schemas[name], Shape(alias, self.origin, Object())
        found[alias] = shape
        for key, value in schema["properties"].items():
            kind, null = self.type(value, found)
            shape.object.fields.append(
                Field(key, kind, key not in schema.get("required", []), null, "default" in value))
        return alias

    def type(self, schema: dict, found: dict) -> tuple:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if "properties" not in self.schemas[name]:
                return self.type(self.schemas[name], found)
            return Reference(self.shape(name, found)), False
        if "anyOf" in schema:
            parts = [self.type(part, found)[0] for part in schema["anyOf"] if part.get("type") != "null"]
            null = any(part.get("type") == "null" for part in schema["anyOf"])
            strings = [part for part in parts if part == Primitive("string") or isinstance(part, Word)]
            if len(parts) > 1 and len(strings) == len(parts):
                parts = [Primitive("string")]
            if len(parts) > 1 and all(isinstance(part, Array) for part in parts):
                parts = [Primitive("any")]
            return (parts[0] if len(parts) == 1 else Either(parts)), null
        if "enum" in schema:
            return Word(schema["enum"]), False
        kinds = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean"}
        match schema.get("type"):
            case "array":
                return Array(self.type(schema.get("items", {}), found)[0]), False
            case "object":
                return Record(), False
            case str(name) if name in kinds:
                return Primitive(kinds[name]), False
        return Primitive("any"), True

# SPDX-License-Identifier: Apache-2.0
"""Compares the objects of the documents with the Swift types, by reflection and by what they accept."""
import copy
import json
import re
import subprocess

from model import Array, Either, Field, Object, Primitive, Record, Reference, Samples, Shape, Word, wrong

OPEN_WORDS = {"KmsType", "BillingPeriod", "UserRole", "InstanceIdRefreshStatus", "GpuConfig.AttachMode",
              "InstanceIdSource"}


def plain(name: str) -> str:
    """A name in any spelling: `vm_uuid`, `vmUUID`."""
    return name.replace("_", "").lower()


class Program:
    """Reads a value as a type, in a process of its own that lives on."""

    def __init__(self, path: str):
        self.process = subprocess.Popen([path, "decode"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def decode(self, name: str, value) -> dict:
        self.process.stdin.write(json.dumps({"type": name, "value": value}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the program ended at {name}: {json.dumps(value)[:2000]}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Check:
    """`wider`: what a Swift type accepts beyond its document, by type and field, each with its reason.
    `renamed`: properties that are called otherwise than their fields."""

    def __init__(self, program: Program, shapes: dict, repairs: dict, wider: dict, renamed: dict):
        self.program, self.shapes, self.repairs = program, shapes, repairs
        self.wider, self.renamed = wider, renamed
        self.samples = Samples(shapes, repairs)
        self.sample: dict = {}
        self.listing: list[str] = []
        self.differences, self.types, self.fields, self.checks = [], set(), 0, 0

    def differ(self, shape: Shape, path: str, text: str):
        self.differences.append(f"{shape.name} ({shape.origin}) {path}: {text}")

    def shape(self, shape: Shape):
        sample = self.sample = self.samples.shape(shape)
        answer = self.program.decode(shape.name, sample)
        self.checks += 1
        if "unknown" in answer:
            return self.differ(shape, "$", "there is no type of this name")
        if "ok" not in answer:
            return self.differ(shape, answer.get("path", "$"), f"the sample is refused: {answer}")
        self.types.add(shape.name)
        self.extras(shape, sample)
        properties = answer["ok"]["value"]
        if shape.is_whole:
            known = {self.property(shape, f) for f in shape.object.fields} | {"json", "hash"}
            for name in properties:
                if plain(name) not in known:
                    self.differ(shape, f".{name}", "a property that the document does not have")
        self.object(shape, shape.object, sample, [], properties)

    def property(self, shape: Shape, field: Field) -> str:
        return self.renamed.get((shape.name, field.name), plain(field.name))

    def extras(self, shape: Shape, sample: dict):
        """A field that nobody knows is kept; what is no object is refused."""
        more = {**sample, "field_of_tomorrow": "kept"}
        answer = self.program.decode(shape.name, more)
        self.checks += 1
        if "ok" not in answer:
            self.differ(shape, "$", f"an unknown field is refused: {answer}")
        elif isinstance(answer["ok"]["value"], dict) and "json" in answer["ok"]["value"]:
            if answer["ok"]["value"]["json"]["value"].get("field_of_tomorrow") != "kept":
                self.differ(shape, "$", "an unknown field is lost")
        for value in ([], "text", None, 7) if shape.root == "$" else ():
            self.refused(shape, value, "$", "what is no object")

    def object(self, shape: Shape, kind: Object, sample: dict, path: list, properties: dict):
        for field in kind.fields:
            self.fields += 1
            where = [*path, field.name]
            text = self.text(where)
            name = self.property(shape, field) if not path else plain(field.name)
            found = [value for key, value in properties.items() if plain(key) == name]
            if not found:
                self.differ(shape, text, "there is no property for it")
                continue
            node = found[0]
            self.static(shape, field, text, node)
            value = self.at(sample, where)
            if not self.shows(field.type, value, node):
                self.differ(shape, text, f"{value!r} became {json.dumps(node)[:300]}")
            self.checks += 2
            self.presence(shape, field, where)
            for other in wrong(field.type):
                if "CloudID" in node["type"] and isinstance(other, str):
                    continue
                self.refused(shape, self.replaced(shape, where, other), text, f"{other!r}")
            self.inside(shape, field, where, value, node)

    def inside(self, shape: Shape, field: Field, where: list, value, node: dict):
        match field.type:
            case Object() as inner if inner.fields:
                self.object(shape, inner, self.sample, where, node["value"])
            case Array(Object() as inner) if inner.fields:
                self.object(shape, inner, self.sample, [*where, 0], node["value"][0]["value"])
            case Array(element):
                for other in wrong(element):
                    self.refused(shape, self.replaced(shape, [*where, 1], other), self.text([*where, 1]), f"{other!r}")
            case Word(words) if len(words) > 1:
                answer = self.program.decode(shape.name, self.replaced(shape, where, "word-of-tomorrow"))
                self.checks += 1
                if "ok" not in answer or "word-of-tomorrow" not in json.dumps(answer):
                    self.differ(shape, self.text(where), "an unknown word does not survive")
            case Word():
                self.refused(shape, self.replaced(shape, where, "another"), self.text(where), "another word")
            case Primitive("boolean"):
                answer = self.program.decode(shape.name, self.replaced(shape, where, False))
                self.checks += 1
                if "ok" not in answer:
                    self.differ(shape, self.text(where), f"false is refused: {answer}")

    def static(self, shape: Shape, field: Field, text: str, node: dict):
        """The Swift type and whether it is an optional."""
        name = node["type"]
        self.listing.append(f"{shape.name} {text}: {name}")
        optional = re.fullmatch(r"Optional<(.*)>", name)
        may_miss = field.absent or field.null
        is_wider = (shape.name, field.name) in self.wider
        if optional and may_miss is False and not is_wider:
            self.differ(shape, text, f"{name} is an optional, but the field is always there")
        if not optional and may_miss and not field.has_default:
            self.differ(shape, text, f"{name} is no optional, but the field may be missing")
        if (shape.name, field.name) not in self.repairs and not self.fits(
                field.type, optional.group(1) if optional else name):
            self.differ(shape, text, f"{name} is no type for {field.type}")

    def fits(self, kind, name: str) -> bool:
        match kind:
            case Primitive("string"):
                return name == "String" or name in OPEN_WORDS
            case Word(words):
                return name in OPEN_WORDS if len(words) > 1 else name == "String"
            case Primitive("number"):
                return name in ("Int", "UInt64", "JSONNumber", "CloudID")
            case Primitive("boolean"):
                return name == "Bool"
            case Primitive("any"):
                return name == "JSON"
            case Record():
                return name == "JSONObject"
            case Reference(other):
                return name == other
            case Object():
                return name not in ("JSON", "JSONObject", "String")
            case Array(element):
                inner = re.fullmatch(r"Array<(.*)>", name)
                return bool(inner) and self.fits(element, inner.group(1))
            case Either(types):
                return name == ("ComposeFileContent" if Record() in types else "CloudAmount")
        return False

    def shows(self, kind, value, node: dict) -> bool:
        """Whether a value stands where it belongs in what was read."""
        held = node["value"]
        match kind:
            case Reference(other):
                return self.shows(self.shapes[other].object, value, node)
            case Object(fields):
                if not isinstance(held, dict):
                    return False
                by_name = {plain(key): inner for key, inner in held.items()}
                return all(plain(f.name) in by_name and self.shows(f.type, value[f.name], by_name[plain(f.name)])
                           for f in fields)
            case Array(element):
                return isinstance(held, list) and len(held) == len(value) and all(
                    self.shows(element, one, inner) for one, inner in zip(value, held))
        if isinstance(value, list) and isinstance(held, str):
            return held == ".".join(map(str, value))
        return held == value or (isinstance(held, str) and not isinstance(value, bool) and held == str(value))

    def presence(self, shape: Shape, field: Field, where: list):
        """Absent and null: accepted where the document allows it, else refused with the path."""
        if (shape.name, field.name) in self.wider:
            return
        text, without = self.text(where), copy.deepcopy(self.sample)
        del self.at(without, where[:-1])[where[-1]]
        for allowed, value, what in [(field.absent, without, "absent"),
                                     (field.null, self.replaced(shape, where, None), "null")]:
            if allowed is None:
                continue
            if allowed:
                self.checks += 1
                answer = self.program.decode(shape.name, value)
                if "ok" not in answer:
                    self.differ(shape, text, f"{what} is refused: {answer}")
            else:
                self.refused(shape, value, text, what)

    def refused(self, shape: Shape, value, path: str, what: str):
        self.checks += 1
        answer = self.program.decode(shape.name, value)
        if "ok" in answer:
            self.differ(shape, path, f"{what} is accepted")
        elif answer.get("path") != path.replace("$", shape.root, 1):
            self.differ(shape, path, f"{what} is refused with another path: {answer}")

    # Values.

    def replaced(self, shape: Shape, where: list, value):
        root = copy.deepcopy(self.sample)
        self.at(root, where[:-1])[where[-1]] = value
        return root

    @staticmethod
    def at(value, where: list):
        for step in where:
            value = value[step]
        return value

    @staticmethod
    def text(where: list) -> str:
        return "$" + "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in where)

# SPDX-License-Identifier: Apache-2.0
"""compose_hash.json."""

import copy
import hashlib
import importlib.util
import json

from .family import Family, agree

FORMAT = (
    "compose: an app-compose object; form dstack-sdk: keys sorted at every level, no white space, raw UTF-8; form "
    "phala-js: keys sorted, indented by 4, and then every '\": ' of the text, inside strings too, written '\":' "
    "(always normalized); normalize: at the top level, runner bash drops docker_compose_file, runner docker-compose "
    "drops bash_script, and a falsy pre_launch_script is dropped; canonical: the text that is hashed; hash: its "
    "SHA-256"
)
COMPOSE = (
    "services:\n  app:\n    image: registry.example/app@sha256:"
    + "ab" * 32
    + '\n    ports: ["8080:8080"]\n    environment:\n      - TOKEN=${TOKEN}\n'
)
BASE = {
    "manifest_version": 2,
    "name": "app",
    "runner": "docker-compose",
    "docker_compose_file": COMPOSE,
    "kms_enabled": True,
    "gateway_enabled": True,
    "public_logs": True,
    "public_sysinfo": True,
    "public_tcbinfo": True,
    "local_key_provider_enabled": False,
    "key_provider_id": "",
    "allowed_envs": ["TOKEN", "A_B"],
    "no_instance_id": False,
    "secure_time": False,
    "pre_launch_script": '#!/bin/sh\nset -e\necho "ready"\n',
}


def normalized(value):
    result = {name: member for name, member in value.items()}
    dropped = {"bash": "docker_compose_file", "docker-compose": "bash_script"}.get(result.get("runner"))
    if dropped:
        result.pop(dropped, None)
    if not result.get("pre_launch_script"):
        result.pop("pre_launch_script", None)
    return result


def quoted(text):
    """A JSON string with the fewest escapes."""
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(short.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def written(value, width=None, level=0):
    """JSON text by our own writer: compact, or over several lines."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int):
        return str(value)
    inner, outer = ("\n" + " " * (width * (level + 1)), "\n" + " " * (width * level)) if width else ("", "")
    if isinstance(value, list):
        parts, marks = [written(element, width, level + 1) for element in value], "[]"
    else:
        colon = ": " if width else ":"
        parts = [quoted(name) + colon + written(value[name], width, level + 1) for name in sorted(value)]
        marks = "{}"
    return marks[0] + (",".join(inner + part for part in parts) + outer if parts else "") + marks[1]


class Writer:
    def __init__(self, family, sdk):
        self.family, self.sdk = family, sdk

    def add(self, identifier, compose, sdk_too=True):
        """The case in both forms, the first also as it is."""
        for normalize in (False, True):
            object_ = normalized(compose) if normalize else compose
            text = agree(
                written(object_), json.dumps(object_, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            )
            digest = hashlib.sha256(text.encode()).hexdigest()
            if sdk_too:
                agree(digest, self.sdk.get_compose_hash(copy.deepcopy(compose), normalize=normalize))
            name = f"{identifier}-dstack-sdk" + ("-normalized" if normalize else "")
            self.put(name, compose, "dstack-sdk", normalize, text)
        object_ = normalized(compose)
        text = agree(written(object_, 4), json.dumps(object_, sort_keys=True, indent=4, ensure_ascii=False)).replace(
            '": ', '":'
        )
        self.put(f"{identifier}-phala-js", compose, "phala-js", True, text)

    def put(self, name, compose, form, normalize, text):
        self.family.add(
            name,
            compose=compose,
            form=form,
            normalize=normalize,
            canonical=text,
            hash="0x" + hashlib.sha256(text.encode()).hexdigest(),
        )


def random_value(random, depth):
    texts = (
        "",
        "a",
        "x: y",
        'say ": "',
        "tab\tnew\nline",
        "ünï",
        "测试",
        "\u2028",
        "\u007f",
        "slash/",
        "back\\slash",
        "\x01",
        "🔑",
    )
    choice = random.randrange(8 if depth else 6)
    if choice < 2:
        return random.choice(texts)
    if choice < 6:
        return random.choice((True, False, 0, -1, random.randrange(2**31), 2**53 - 1, [], {}))
    if choice == 6:
        return [random_value(random, depth - 1) for _ in range(random.randrange(4))]
    return {
        name: random_value(random, depth - 1)
        for name in random.sample(("a", "B", "_", "é", "zz", "a_b", "Z"), random.randrange(5))
    }


def build(distributions):
    family, source = Family("compose_hash", FORMAT), distributions["dstack-sdk"]
    path = source.path("dstack_sdk/get_compose_hash.py")
    family.source(
        source.credit("dstack_sdk/get_compose_hash.py", "form dstack-sdk", "the rules, and one of the implementations")
    )
    family.own(
        "own writer = Python's json, hashlib; form dstack-sdk also = dstack-sdk 0.5.4 (not where a top-level null is)"
    )
    specification = importlib.util.spec_from_file_location("published_compose", path)
    sdk = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(sdk)
    cases, random = Writer(family, sdk), family.random()
    cases.add("gen/runner-only", {"runner": "docker-compose"})
    cases.add("gen/base", BASE)
    cases.add("gen/reversed", dict(reversed(BASE.items())))
    for label, changes in (
        ("empty-script", {"pre_launch_script": ""}),
        ("bash", {"runner": "bash", "bash_script": "echo 1\n"}),
        ("bash-script-left", {"bash_script": "echo left over\n"}),
        ("other-runner", {"runner": "other", "bash_script": "x"}),
        ("colon-in-string", {"name": 'a": b", ": ": c'}),
        ("nested", {"docker_config": {"username": "u", "registry": "r", "token_key": "t"}}),
        ("deep", {"x": {"pre_launch_script": "", "b": [{"z": 1, "a": [[], {}, [{}]]}], "a": None}}),
        ("no-envs", {"allowed_envs": []}),
        ("unicode", {"name": "héllo – 测试 🔑 \u2028\u2029\u007f"}),
        ("controls", {"name": '\x00\x01\x1f\b\f\n\r\t"\\/'}),
        ("numbers", {"swap_size": 2**53 - 1, "neg": -5, "zero": 0}),
        ("storage", {"storage_fs": "zfs", "features": ["kms", "tproxy-net"]}),
    ):
        cases.add(f"gen/{label}", {**BASE, **changes})
    cases.add("gen/null", {**BASE, "key_provider": None, "pre_launch_script": None}, sdk_too=False)
    cases.add("gen/no-runner", {name: value for name, value in BASE.items() if name != "runner"}, sdk_too=False)
    for number in range(20):
        names = random.sample(sorted(BASE), random.randrange(2, len(BASE)))
        compose = {"runner": random.choice(("docker-compose", "bash"))} | {
            name: BASE[name] for name in names if name != "runner"
        }
        compose |= {f"extra_{name}": random_value(random, 3) for name in "ab"}
        cases.add(f"gen/random-{number}", compose)
    return [family]

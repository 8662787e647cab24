# SPDX-License-Identifier: Apache-2.0
"""Compiles every contract of this folder; used by `build`, needs Vyper."""
import json
import sys
from pathlib import Path

from vyper import __version__ as vyper_version
from vyper.compiler import compile_code

HERE = Path(__file__).resolve().parent


def artifact(source: Path) -> str:
    out = compile_code(
        source.read_text(),
        contract_path=source.name,
        output_formats=["abi", "bytecode", "bytecode_runtime", "method_identifiers"],
    )
    return json.dumps(
        {
            "contract": source.stem,
            "compiler": f"vyper {vyper_version}",
            "methods": out["method_identifiers"],
            "bytecode": out["bytecode"],
            "runtime": out["bytecode_runtime"],
            "abi": out["abi"],
        },
        indent=1,
    ) + "\n"


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--write"]):
        print("usage: build [--write]", file=sys.stderr)
        return 64
    different = 0
    for source in sorted(HERE.glob("*.vy")):
        target = source.with_suffix(".json")
        made = artifact(source)
        if arguments:
            target.write_text(made)
            print(f"{target.name}: written")
        elif not target.exists() or target.read_text() != made:
            print(f"{target.name}: differs from what {source.name} compiles to")
            different = 1
        else:
            print(f"{target.name}: same")
    return different


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

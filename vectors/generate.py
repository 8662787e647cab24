# SPDX-License-Identifier: Apache-2.0
"""Writes the vector files beside this script, or with --check compares them with what it would write.

Run it in an environment with requirements.txt installed. The distributions of sources.txt are fetched once
into that environment.
"""

import argparse
import sys
from pathlib import Path

from generator import (
    abi,
    addresses,
    compose,
    ecdsa,
    env_signature,
    environment,
    keccak,
    keystore,
    messages,
    rlps,
    transactions,
    tx_invalid,
    typeddata,
)
from generator.sources import distributions

HERE = Path(__file__).resolve().parent
MODULES = (
    keccak, rlps, transactions, tx_invalid, ecdsa, addresses, keystore, compose, abi, messages, typeddata, environment,
    env_signature,
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on a difference")
    options = parser.parse_args()
    found, changed, total = distributions(), [], 0
    for module in MODULES:
        for family in module.build(found):
            path, text = HERE / f"{family.kind}.json", family.text()
            total += len(family.cases)
            print(f"{family.kind:18} {len(family.cases):5} cases {len(text.encode()):8} bytes")
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                changed.append(path.name)
                if not options.check:
                    path.write_text(text, encoding="utf-8")
    print(f"{total} cases; {'differing' if options.check else 'written'}: {', '.join(changed) or 'none'}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())

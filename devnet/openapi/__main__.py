# SPDX-License-Identifier: Apache-2.0
"""`python -m devnet.openapi FOLDER [--complete]`: the report on a run whose processes had COUNTERSIGN_REQUEST_LOG
set to FOLDER. Exit code 1 if a request broke the contract; with --complete also if a deviation was not used or an
operation not sent. Without the OpenAPI file it says so and exits with 0."""
import argparse
import sys
from pathlib import Path

from . import document
from .report import Report

parser = argparse.ArgumentParser(prog="devnet.openapi", description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("--complete", action="store_true", help="everything has to have been sent")
given = parser.parse_args()
report = Report(given.folder)
print("\n".join(report.lines()))
bad = report.problems or (given.complete and (report.unused or report.unsent))
sys.exit(1 if bad and document.location() is not None else 0)

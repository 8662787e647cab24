# SPDX-License-Identifier: Apache-2.0
"""What the tests of this and of the program share: a test fails if a request broke the contract."""
import pytest

from . import document
from .recorder import Recorder


@pytest.fixture(autouse=True)
def requests_keep_the_contract():
    """Looks at every simulator of this process when a test is over."""
    yield
    found = sorted({problem for recorder in list(Recorder.everyone) for problem in recorder.take()})
    assert not found, "requests that the OpenAPI file does not allow:\n" + "\n".join(found)


def header() -> str:
    """For the head of a test report."""
    path = document.location()
    return f"requests are checked by {path.name}" if path else "requests are not checked: there is no OpenAPI file"

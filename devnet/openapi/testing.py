# SPDX-License-Identifier: Apache-2.0
"""What the tests of this and of the program share: a test fails if a request broke the contract.

A test that makes the program send something wrong on purpose says what: `@pytest.mark.sends_wrong("query.user_id")`
excuses the problems in which these words are."""
import pytest

from . import document
from .recorder import Recorder


def register(config) -> None:
    """For `pytest_configure`."""
    config.addinivalue_line("markers", "sends_wrong(words…): problems of requests that this test is about")


@pytest.fixture(autouse=True)
def requests_keep_the_contract(request):
    """Looks at every simulator of this process when a test is over."""
    Recorder.excused = tuple(w for mark in request.node.iter_markers("sends_wrong") for w in mark.args)
    yield
    Recorder.excused = ()
    found = sorted({problem for recorder in Recorder.everyone for problem in recorder.take()})
    assert not found, "requests that the OpenAPI file does not allow:\n" + "\n".join(found)


def header() -> str:
    """For the head of a test report."""
    path = document.location()
    return f"requests are checked by {path.name}" if path else "requests are not checked: there is no OpenAPI file"

# SPDX-License-Identifier: Apache-2.0
"""The peer of the bench `client`: lists all CVMs with the official Python client, a page at a time.

    peer_list.py API_URL PAGE_SIZE

Prints the nanoseconds of processor time from the first request to the last object, the number of CVMs, and how many of them run.
"""
import sys
import time

from phala_cloud import create_client


def main(api_url: str, size: str) -> None:
    client = create_client(api_key="bench", base_url=api_url, version="2026-01-21")
    count = running = number = 0
    pages = 1
    begun = time.process_time_ns()
    while number < pages:
        number += 1
        page = client.get_cvm_list({"page": number, "page_size": int(size)})
        pages = page.pages
        for cvm in page.items:
            count += 1
            running += cvm.status == "running"
    print(time.process_time_ns() - begun, count, running)


main(*sys.argv[1:])

# SPDX-License-Identifier: Apache-2.0
"""The OS images that CVMs can run."""
import hashlib
from dataclasses import dataclass
from typing import Iterable, Optional


@dataclass(frozen=True)
class Image:
    """An image by its name, `dstack-0.5.5` or `dstack-dev-0.5.5`."""

    name: str

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    @property
    def slug(self) -> str:
        return f"{self.name}-{self.hash[:8]}"

    @property
    def version(self) -> str:
        return self.name.rpartition("-")[2]

    @property
    def is_dev(self) -> bool:
        return "-dev-" in self.name

    def listed(self) -> dict:
        """The entry of the flat list."""
        return {"name": self.name, "slug": self.slug, "version": self.version, "os_image_hash": self.hash,
                "is_dev": self.is_dev, "requires_gpu": False}

    def variant(self, current: str) -> dict:
        """The entry of the list by versions."""
        return {"name": self.name, "slug": self.slug, "os_image_hash": self.hash, "is_current": self.name == current}


def find_image(names: Iterable[str], text: str) -> Optional[Image]:
    """The image of a name or slug."""
    return next((i for i in map(Image, names) if text in (i.name, i.slug)), None)


def by_version(names: Iterable[str], current: str) -> list[dict]:
    """Newest first, production and development builds of a version together."""
    found: dict[tuple, dict] = {}
    for image in map(Image, names):
        numbers = tuple(int(n) for n in image.version.split("."))
        entry = found.setdefault(numbers, {"version": list(numbers), "prod": None, "dev": None})
        entry["dev" if image.is_dev else "prod"] = image.variant(current)
    return [found[numbers] for numbers in sorted(found, reverse=True)]

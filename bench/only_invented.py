"""A plugin of pytest for bench.tests: of the site, tests look at the pages of invented lessons and few others."""

from typing import Any

from bench.tests import MARK


def pytest_collection_finish() -> None:
    from tests.site.conftest import Pages

    find = Pages.__init__

    def only(self: Any, site: Any) -> None:
        find(self, site)
        kept = {*self.one_of_each_kind(), *(address for address in self.real if MARK in address)}
        self.real = [address for address in self.real if address in kept]

    Pages.__init__ = only  # type: ignore[method-assign]

"""The same browser and the same running product as the pages' own browser tests."""

from tests.browser.conftest import browser, chromium, desk_of, site

__all__ = ["browser", "chromium", "desk_of", "site"]

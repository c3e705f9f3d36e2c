"""Where the site will be, as mkdocs.yml and the environment say it."""

import pytest

from generator.config import HERE, NoSite, about
from tests.generator.conftest import ROOT


@pytest.mark.parametrize(
    ("given", "url", "is_published"),
    [
        ("https://example.org", "https://example.org/", True),
        ("https://example.org/glossary/", "https://example.org/glossary/", True),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8001/", True),
        (HERE, HERE, False),
        (None, HERE, False),  # what mkdocs.yml says where nobody says anything
    ],
)
def test_a_site_is_published_where_somebody_said_where(monkeypatch, given, url, is_published):
    if given is None:
        monkeypatch.delenv("TERMLAB_URL", raising=False)
    else:
        monkeypatch.setenv("TERMLAB_URL", given)
    found = about(ROOT)
    assert (found.url, found.is_published) == (url, is_published)


@pytest.mark.parametrize(
    "given", ["example.org", "/glossary/", "ftp://example.org/", "https://", "https://a b/", "https://a/?x"]
)
def test_what_is_no_address_is_refused_with_one_that_would_be(monkeypatch, given):
    monkeypatch.setenv("TERMLAB_URL", given)
    with pytest.raises(NoSite, match=r"is no address of a site\n    hint: .*TERMLAB_URL=https://example.org/glossary/"):
        about(ROOT)

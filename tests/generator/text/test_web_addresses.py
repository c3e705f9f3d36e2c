"""Web addresses: which name a site, and which lead to the same page."""

import pytest

from generator.text.web_addresses import names_a_site, same_page


@pytest.mark.parametrize(
    "url",
    ["https://example.org", "http://a-b.c1.example.co.uk:8080/x?y#z", "https://münchen.de/", "https://EXAMPLE.ORG",
     "https://x.xn--p1ai"],
)  # fmt: skip
def test_an_address_that_names_a_site_is_fine(url):
    assert names_a_site(url)


@pytest.mark.parametrize(
    "url",
    ["https://", "https:///x", "https://example", "https://.org", "https://a..org", "https://-a.org",
     "https://127.0.0.1",
     "https://[::1]/", "https://[", "https://a.org:x", "https://a.org:99999", "https://user@a.org",
     "https://a.org@b.org", "https://..", "https://a.1", "https://?a.org", "https://#a.org"],
)  # fmt: skip
def test_an_address_without_a_site_is_none(url):
    assert not names_a_site(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org/b", "http://A.org/b/"),
        ("https://www.a.org/b", "https://a.org/b"),
        ("https://a.org", "https://a.org/"),
        ("https://a.org:443/b%20c", "https://a.org/b%20c"),
        ("https://doi.org/10.1038/323533a0", "https://dx.doi.org/10.1038/323533A0"),
        ("https://arxiv.org/abs/1706.03762", "https://arxiv.org/pdf/1706.03762v5.pdf"),
        ("https://arxiv.org/abs/1706.03762", "https://export.arxiv.org/html/1706.03762v1"),
        ("https://arxiv.org/abs/cs/9301111", "https://www.arxiv.org/abs/cs/9301111v1"),
        ("https://a.org/%7Eb", "https://a.org/~b"),
    ],
)
def test_two_addresses_of_one_page_are_the_same(one, other):
    assert same_page(one) == same_page(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org/b", "https://a.org/B"),
        ("https://a.org/b?c=1", "https://a.org/b?c=2"),
        ("https://a.org/book#one", "https://a.org/book#two"),
        ("https://a.org/v1", "https://a.org/v2"),
        ("https://a.org:8080/b", "https://a.org/b"),
        ("https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/1706.03763"),
        ("https://www.org/b", "https://org.www/b"),
    ],
)
def test_addresses_of_two_pages_are_not(one, other):
    assert same_page(one) != same_page(other)

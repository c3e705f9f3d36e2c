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
    "given",
    [
        "example.org", "/glossary/", "ftp://example.org/", "https://", "https://a b/", "https://a/?x", "https://me:you@a/",
        "https://a:99999/", "https://a:x/", "https://a/<b>/", 'https://a/"b/', "https://a/b//c/", "https://a/../b/",
        "https://.../", "https://a/\u202eb/", "https://a/&amp;/", "https://a:0/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_one_that_would_be(monkeypatch, given):
    monkeypatch.setenv("TERMLAB_URL", given)
    with pytest.raises(NoSite, match=r"is no address of a site\n    hint: .*TERMLAB_URL=https://example.org/glossary/"):
        about(ROOT)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("site_url: [", "mkdocs.yml:1:12: this is not valid YAML: "),
        ("a: b: c\n", "mkdocs.yml:1:5: this is not valid YAML: mapping values are not allowed here"),
        ("site_url: !unknown x\n", "mkdocs.yml:1:11: this is not valid YAML: could not determine a constructor"),
        ("", "mkdocs.yml: settings are expected, each as name: value"),
        ("- a\n- b\n", "mkdocs.yml: settings are expected, each as name: value"),
        ("just words", "mkdocs.yml: settings are expected, each as name: value"),
        ("site_name: x\n", "mkdocs.yml: there is no site_url"),
        ("site_url: 5\n", "'5' is no address of a site"),
        ("site_url: [https://example.org/]\n", "is no address of a site"),
        (
            "site_url: https://example.org/\ndocs_dir: /etc\n",
            "docs_dir is '/etc', and this generator builds in build/docs",
        ),
        (
            "site_url: https://example.org/\nsite_dir: [a]\n",
            "site_dir is ['a'], and this generator builds in build/site",
        ),
        ("site_url: https://example.org/\nextra: [a]\n", "mkdocs.yml: extra holds no settings"),
        ("site_url: https://example.org/\nextra: words\n", "mkdocs.yml: extra holds no settings"),
        (
            "site_url: https://example.org/\nextra: {repository: 'javascript:alert(1)'}\n",
            "is no address of a repository",
        ),
        ("a: " + "[" * 100_000 + "]" * 100_000 + "\n", "mkdocs.yml: this is nested too deeply to be read"),
        *(
            (f"site_url: https://example.org/\nextra: {{repository: '{address}'}}\n", "is no address of a repository")
            for address in ("https://a.b", "https://a.b/<c>", 'https://a.b/"c', "https://a.b/c/d/tree/main")
        ),
        ("site_url: https://example.org/\nextra: {repository: [a]}\n", "is no address of a repository"),
        ("site_url: https://example.org/\nextra: {repository: 'owner/name'}\n", "is no address of a repository"),
        ("site_url: https://example.org/\nextra: {repository: 'https://a b/c'}\n", "is no address of a repository"),
        ("site_url: https://example.org/\nextra: {repository: 'https://me:you@example.org/c'}\n", "is no address of a"),
    ],
)
def test_a_broken_mkdocs_yml_is_told_in_a_sentence(tmp_path, content, told):
    (tmp_path / "mkdocs.yml").write_text(content, encoding="utf-8")
    with pytest.raises(NoSite) as error:
        about(tmp_path)
    assert told in str(error.value)
    assert "\n    hint: " in str(error.value)


def test_a_mkdocs_yml_that_is_no_text_or_no_file_is_told(tmp_path):
    with pytest.raises(NoSite, match=r"has no mkdocs.yml"):
        about(tmp_path)
    (tmp_path / "mkdocs.yml").write_text("site_url: https://example.org/\n", encoding="utf-16")
    with pytest.raises(NoSite, match=r"mkdocs.yml: this is not text in UTF-8\n    hint: save"):
        about(tmp_path)
    (tmp_path / "mkdocs.yml").unlink()
    (tmp_path / "mkdocs.yml").mkdir()
    with pytest.raises(NoSite, match=r"mkdocs.yml: this file can not be read: .*\n    hint: restore"):
        about(tmp_path)


def test_addresses_of_the_environment_are_looked_at(monkeypatch):
    monkeypatch.setenv("TERMLAB_REPOSITORY", "https://example.org/owner/name/")
    assert about(ROOT).repository == "https://example.org/owner/name"
    monkeypatch.setenv("TERMLAB_REPOSITORY", "example.org/owner")
    with pytest.raises(
        NoSite, match=r"'example.org/owner' is no address of a repository\n    hint: .*TERMLAB_REPOSITORY="
    ):
        about(ROOT)

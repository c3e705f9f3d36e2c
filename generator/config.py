"""Edge: reads mkdocs.yml for what pages need to know of the site they are on."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import yaml
import yaml_env_tag

from generator.problems import Refused


@dataclass(frozen=True)
class Site:
    """What pages need to know of the site they are on."""

    url: str  # where it will be served, with a slash at the end
    repository: str = ""  # where its sources are on the web, if anywhere
    no_runtime: str = ""  # why demos can not run in its pages, if they can not
    python_megabytes: int = 10  # Python and what draws, compressed as they come over the wire; a test holds it
    is_published: bool = True  # whether somebody said where; if not, it is where `serve` shows it, and nowhere else

    def file_url(self, file: str) -> str:
        """Where a file of the project can be read on the web; empty where it is not there, as below."""
        return f"{self.repository}/blob/main/{file}" if self.repository else ""

    def edit_url(self, file: str) -> str:
        """Where a file can be edited on the web."""
        return f"{self.repository}/edit/main/{file}" if self.repository else ""

    def issue_url(self, form: str, **filled_in: str) -> str:
        """A form of .github/ISSUE_TEMPLATE for a new issue, with some of its fields filled in, by their ids."""
        fields = urlencode({"template": form, **filled_in}, quote_via=quote, safe="")
        return f"{self.repository}/issues/new?{fields}" if self.repository else ""

    def error_url(self, title: str, path: str) -> str:
        """The form for an error on a page, which knows already which page it was."""
        return self.issue_url("error.yml", title=f"Error: {title}", page=self.url + url(path))


@lru_cache(maxsize=4096)  # some are on every page
def url(path: str) -> str:
    """The address of a page below the site: terms/neuron.md -> terms/neuron/."""
    page, mark, anchor = path.partition("#")
    if page.endswith(".md"):
        stem = page.removesuffix(".md")
        page = stem.removesuffix("index") if stem.split("/")[-1] == "index" else stem + "/"
    return page + mark + anchor


HERE = "http://127.0.0.1:8000/"  # the address in mkdocs.yml, which says that nobody has said where the site will be

FOLDERS = {"docs_dir": "build/docs", "site_dir": "build/site.new"}  # where pages and site are made, as mkdocs.yml says

NOWHERE = (
    "This build is to be looked at on this machine. To publish it, say where: TERMLAB_URL=https://… make site.\n"
    "Without that, pages have no share cards and no canonical addresses, robots.txt names no sitemap, and hover\n"
    f"previews and the page for what is not there work at {HERE} alone."
)


class NoSite(Refused):
    """Why mkdocs.yml does not say where the site will be."""


class ConfigLoader(yaml.SafeLoader):
    """mkdocs.yml with its !ENV values filled in."""


ConfigLoader.add_constructor("!ENV", yaml_env_tag.construct_env_tag)


def settings(root: Path) -> dict[str, Any]:
    """What mkdocs.yml says. Raises NoSite where it can not be read as settings."""
    try:
        text = (root / "mkdocs.yml").read_text(encoding="utf-8")
        said = yaml.load(text, Loader=ConfigLoader)  # not libyaml's, which has no bound to how deep it goes
    except FileNotFoundError:
        raise NoSite(f"{root} has no mkdocs.yml\n    hint: {_RESTORE}") from None
    except UnicodeDecodeError:
        raise NoSite("mkdocs.yml: this is not text in UTF-8\n    hint: save the file as UTF-8") from None
    except OSError as error:
        raise NoSite(f"mkdocs.yml: this file can not be read: {error.strerror}\n    hint: {_RESTORE}") from None
    except RecursionError:
        raise NoSite(f"mkdocs.yml: this is nested too deeply to be read\n    hint: {_RESTORE}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        why = getattr(error, "problem", None) or "it can not be read"
        raise NoSite(f"mkdocs.yml{line}: this is not valid YAML: {why}\n    hint: {_RESTORE}") from None
    if not isinstance(said, dict):
        raise NoSite(f"mkdocs.yml: settings are expected, each as name: value\n    hint: {_RESTORE}")
    return said


_RESTORE = "restore it; it configures the site"


def _names_a_place(address: str, *, in_a_folder: bool = False) -> bool:
    """Whether an address is one that pages may carry: of a server, perhaps with a port, and of folders on it. No name
    and password, which everybody would read; no mark that would end the address where it stands.

    in_a_folder: whether it must be below the top of its server.
    """
    found = re.fullmatch(
        r"https?://(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?/((?:(?!\.+/)[a-zA-Z0-9._~%@+-]+/)*)",
        address,
    )
    return found is not None and int(found[1] or 80) in range(1, 65536) and (bool(found[2]) or not in_a_folder)


def about(root: Path) -> Site:
    """What mkdocs.yml says about the site."""
    config = settings(root)
    if not config.get("site_url"):
        raise NoSite("mkdocs.yml: there is no site_url\n    hint: say where the site will be served")
    address = str(config["site_url"]).rstrip("/") + "/"
    if not _names_a_place(address):
        hint = "write where the site will be served, as in TERMLAB_URL=https://example.org/glossary/"
        raise NoSite(f"'{config['site_url']}' is no address of a site\n    hint: {hint}")
    for name, ours in FOLDERS.items():
        if (said := config.get(name, ours)) != ours:
            hint = f"write {name}: {ours}; the finished site is exchanged into build/site"
            raise NoSite(f"mkdocs.yml: {name} is {said!r}, and this generator builds in {ours}\n    hint: {hint}")
    extra = config.get("extra") or {}
    if not isinstance(extra, dict):
        raise NoSite("mkdocs.yml: extra holds no settings\n    hint: write below it what it holds, as name: value")
    repository = str(extra.get("repository") or "").rstrip("/").removesuffix(".git")
    of_a_file = re.search("/(?:tree|blob|edit|issues)/", repository)
    if repository and (of_a_file or not _names_a_place(repository + "/", in_a_folder=True)):
        hint = "write where the sources are, as in TERMLAB_REPOSITORY=https://example.org/owner/name"
        raise NoSite(f"'{repository}' is no address of a repository\n    hint: {hint}")
    return Site(url=address, is_published=address != HERE, repository=repository)

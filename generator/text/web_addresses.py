"""Web addresses: whether one names a site, and whether two lead to the same page."""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from demos._run.unseen import UNSEEN, character_in_words

_SITE = re.compile(r"(?:\w(?:[\w-]*\w)?\.)+[^\W\d_](?:[\w-]*\w)?")  # example.org, and neither "example" nor "a..b"
# What is written before the name of a site and changes nothing, and other names of the same sites.
_BEFORE = re.compile(r"(?:www\d?|export)\.(?=.+\.)")
_ALSO = {"dx.doi.org": "doi.org"}


@lru_cache(maxsize=1024)  # several rules ask about the addresses of an entry
def names_a_site(url: str) -> bool:
    """Whether an address that starts with https:// goes on with the name of a site, as a browser would read it."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # refuses what is no number
    except ValueError:
        return False
    return "@" not in parts.netloc and _SITE.fullmatch(parts.hostname or "") is not None


@lru_cache(maxsize=1024)
def same_page(url: str) -> str:
    """The same text for all addresses of a page: http or https, www or not, a slash at the end or not, abs or pdf.

    What stands behind a # counts, since it may be a chapter.
    """
    parts = urlsplit(url)
    host = _BEFORE.sub("", (parts.hostname or "").casefold())
    host, path = _ALSO.get(host, host), unquote(parts.path).rstrip("/")
    if host == "doi.org":
        path = path.casefold()
    elif host == "arxiv.org":  # the abstract, the paper and each version of it are one work
        path = re.sub(r"^/(?:pdf|html)/", "/abs/", path)
        path = re.sub(r"(?:v\d+)?(?:\.pdf)?$", "", path)
    port = "" if parts.port in (None, 80, 443) else str(parts.port)
    return " ".join([host, port, path, parts.query, parts.fragment])


def disguised(url: str) -> str:
    """The name of the site in an address where it is not in Latin letters alone, or is the code of one that is not
    (xn--…): readers can not tell it from another. Empty for the names that nearly all sites have."""
    host = urlsplit(url).hostname or ""
    return "" if host.isascii() and not any(part.startswith("xn--") for part in host.split(".")) else host


def told_disguised(host: str) -> tuple[str, str]:
    """What is wrong with such a name, and the remedy."""
    message = f"the site {host} is written in letters that readers can not tell from others"
    return message, "see whether it is the site that is meant, and name one in plain Latin letters"


def unseen_in(url: str) -> str:
    """A character in an address that nobody sees, written with % or not, as some come along when it is copied from a
    document; empty for none."""
    found = UNSEEN.search(unquote(url)) if "%" in url else None
    return found[0] if found else ""


def told_unseen(url: str, character: str) -> tuple[str, str]:
    """What is wrong with an address that holds one, and the remedy."""
    code = "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
    message = f"the address {url} holds {code}, {character_in_words(character)}"
    return message, "take it out, and see that the address still leads where it should"

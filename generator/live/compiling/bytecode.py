"""Edge: modules as Python would compile them on their first import, put into the archives that a page loads.

It runs in the Python of the page itself, started by compile.mjs, since bytecode belongs to one version of Python. In
WebAssembly, to compile the sources of the standard library and of NumPy takes most of the time of a start.
"""

import importlib.util
import zipfile
from collections.abc import Callable
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]  # the format of .pyc files

# What is of no use in a page, by the start of its path or its end: types, headers, sources in C, and the helper of a
# Fortran compiler; what needs processes, servers or a terminal; alphabets of single countries and old systems.
NEEDLESS_ENDS = (".pyi", ".h", ".pxd", ".pyx", ".c", ".in", ".a", ".lib", ".typed", ".build")
NEEDLESS_STARTS = (
    *("numpy/f2py/", "numpy/_core/include/", "numpy/_core/lib/", "numpy/random/_examples/"),
    *("multiprocessing/", "_pyrepl/", "xmlrpc/", "wsgiref/", "imaplib.", "poplib.", "smtplib.", "ftplib.", "mailbox."),
    *(f"encodings/{name}" for name in ("big5", "cp7", "cp8", "cp9", "cp11", "cp12", "euc_", "gb", "hp_", "hz", "iso")),
    *(f"encodings/{name}" for name in ("johab", "koi8", "kz1048", "mac_", "palmos", "ptcp", "shift_", "tis_")),
)
KEPT = ("/licenses/", "encodings/cp1252", "encodings/iso8859_1.")


def needed(name: str) -> bool:
    """Whether a page can use a file of an archive; licenses always stay."""
    return any(kept in name for kept in KEPT) or not (name.endswith(NEEDLESS_ENDS) or name.startswith(NEEDLESS_STARTS))


def compiled(source: str, target: str, compiles: Callable[[str], bool]) -> None:
    """Writes what is needed of one archive into another, some .py as .pyc; the same bytes every time.

    compiles: whether a module, by its dotted name, is compiled
    """
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.is_dir() or not needed(entry.filename):
                continue
            name, content = entry.filename, old.read(entry)
            if name.endswith(".py") and compiles(module(name)):
                code = compile(content, name, "exec", dont_inherit=True)
                # Found by what it was made of and never compared with a source, which is not there.
                content = bytes(_code_to_hash_pyc(code, importlib.util.source_hash(content), checked=False))
                name += "c"
            made = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            made.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(made, content)


def module(name: str) -> str:
    """email/message.py -> email.message, and email/__init__.py -> email."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

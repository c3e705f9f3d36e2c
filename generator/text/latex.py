"""LaTeX as an author writes it, made into LaTeX that the converter reads as it is meant.

The converter takes the first closing brace for the end of a text, a name of an operator for letters only, and knows a
few environments by another name. What it could not do at all is refused here, with what to write instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache


class NotShown(ValueError):  # noqa: N818 -- a sentence for an author
    """Why a formula can not be shown, and in `hint` what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def readable(latex: str) -> str:
    """LaTeX for the converter. Characters that it would misread stand in it as private ones; see as_meant().

    Raises NotShown.
    """
    if extra := latex.count("{") - latex.count(r"\{") - latex.count("}") + latex.count(r"\}"):
        raise NotShown("the braces do not match", "close the brace" if extra > 0 else _TOO_MANY)
    if _PRIVATE.search(latex):
        raise NotShown("it can not be read", "take the characters out that no font has")
    if not latex.isascii():
        latex = unicodedata.normalize("NFC", latex)
        if mark := _ACCENT.search(latex):
            called = unicodedata.name(mark[0], f"U+{ord(mark[0]):04X}").lower()
            raise NotShown(f"an accent stands alone, the {called}", r"write it as a command, as in \hat{y}")
    if "\\begin" in latex or "\\end" in latex:
        latex = _with_environments(latex)
    if "%" in latex and _COMMENT.search(latex):
        raise NotShown("a % starts a comment in LaTeX: what follows it would be lost", r"write \% for percent")
    if "\\operatorname" in latex:
        if _BARE_OPERATOR.search(latex):
            hint = r"write it in braces, as in \operatorname{softmax}"
            raise NotShown(r"the name of an operator is missing after \operatorname", hint)
        latex = _arguments(latex, _OPERATOR, _operator)
    if "\\text" in latex or "box" in latex or "\\emph" in latex:
        latex = _arguments(latex, _TEXT, _text)
    if unknown := next(filter(None, _COMMAND.findall(latex)), ""):
        only = ": here stands nothing but mathematics"
        hint = only if unknown[1:] in _MARKS else r", or write \backslash for the sign"
        raise NotShown(f"the command {unknown} is not known", f"take it out{hint}")
    return latex


# A command of letters or of a sign that the converter knows, and in brackets any other.
_COMMAND = re.compile(r"\\(?:[A-Za-z]|[!#$%&,:;>\\_{|}\s])|(\\.?)", re.DOTALL)
_MARKS = ("(", ")", "[", "]")  # of mathematics inside of a text
_ACCENT = re.compile("[\u0300-\u036f\u20d0-\u20f0]")  # what no letter has taken up
_TOO_MANY = "take the brace out that closes nothing, or open one before it"


def as_meant(text: str) -> str:
    """A text of the converter with the characters for which readable() put others."""
    return _PRIVATE.sub(lambda match: chr(ord(match[0]) - _MOVED), text)


_MOVED = 0xE000
_PRIVATE = re.compile("[\ue000-\ue07f]")


def _private(character: str) -> str:
    return chr(_MOVED + ord(character)) if character.isascii() else character


# --- environments -----------------------------------------------------------------------------------------

# What has several lines, as the converter knows it.
_MATRICES = [f"{kind}matrix{star}" for kind in ("", "p", "b", "B", "v", "V") for star in ("", "*")]
_ENVIRONMENTS = {
    "aligned": "align*", "align": "align*", "align*": "align*", "split": "split", "eqnarray": "array",
    "gathered": "matrix", "gather": "matrix", "gather*": "matrix", "cases": "cases", "dcases": "cases",
    "array": "array", "smallmatrix": "smallmatrix", **{name: name for name in _MATRICES},
}  # fmt: skip
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")


_COLUMNS = re.compile(r"\\begin\s*\{\s*array\s*\}(?!\s*\{[lcr|:\s]+\})")
_DISTANCE = re.compile(r"\\\\\s*(?:\*\s*)?(\[\s*[+-]?[\d.]+\s*(?:em|ex|pt|mm|cm|in|mu|px)\s*\])")


def _with_environments(latex: str) -> str:
    """The LaTeX with environments by the names that the converter knows, each closed by its own."""
    if distance := _DISTANCE.search(latex):
        hint = "take it out: all lines are equally far apart"
        raise NotShown(f"the page would show {distance[1]} as it stands", hint)
    if _COLUMNS.search(latex):
        raise NotShown("an array does not say what columns it has", r"write it as in \begin{array}{lcr}")
    written = _ENVIRONMENT.sub(_environment, latex)
    opened = list[str]()
    for match in _ENVIRONMENT.finditer(latex):
        which, name = match[1], "".join(match[2].split())
        if which == "begin":
            opened.append(name)
        elif not opened:
            hint = rf"take it out, or write \begin{{{name}}} before it"
            raise NotShown(rf"\end{{{name}}} ends what has not begun", hint)
        elif (begun := opened.pop()) != name:
            raise NotShown(rf"\begin{{{begun}}} is ended by \end{{{name}}}", rf"write \end{{{begun}}}")
    return written


def _environment(match: re.Match[str]) -> str:
    which, name = match[1], "".join(match[2].split())
    if name not in _ENVIRONMENTS:
        if name.rstrip("*") in ("equation", "displaymath", "math", "multline"):
            raise NotShown(f"the environment '{name}' is not known", "take it out: what stands in it is enough")
        near = get_close_matches(name, _ENVIRONMENTS, 1) or ["aligned"]
        raise NotShown(f"the environment '{name}' is not known", rf"did you mean \begin{{{near[0]}}}?")
    columns = "{rcl}" if (which, name) == ("begin", "eqnarray") else ""
    return rf"\{which}{{{_ENVIRONMENTS[name]}}}{columns}"


# --- names of operators -----------------------------------------------------------------------------------

_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
_BARE_OPERATOR = re.compile(r"\\operatorname(?![a-zA-Z])(?!\s*\*?\s*\{)|\\operatornamewithlimits(?!\s*\{)")
_OPERATOR = re.compile(r"\\operatorname(?:withlimits|\s*\*)?\s*(?=\{)")
_SPACES = {",": "\u2009", ":": "\u2005", ";": "\u2005", " ": "\u00a0", "!": "", "-": "-"}
# What may stand in a name: a space of LaTeX, a command that says how letters look, a letter.
_IN_NAME = re.compile(
    r"\\([,:; !-])|\\(?:text|mathrm|mathop|rm|up)(?:rm|up|normal)?(?![a-zA-Z])|[{}]|([\w .,~-])|(.)", re.S
)


def _operator(command: str, name: str) -> str:
    if name.isascii() and name.isalpha():
        return f"{command}{{{name}}}"
    said = ""
    for space, character, other in _IN_NAME.findall(name):
        if other:
            hint = r"write letters and spaces, as in \operatorname*{arg\,max}"
            raise NotShown(f"{'a command' if other == chr(92) else other} stands in the name of an operator", hint)
        said += _SPACES[space] if space else {"~": "\u00a0", " ": ""}.get(character, character)
    if not said.strip():
        raise NotShown("the name of an operator is empty", r"write one, as in \operatorname{softmax}")
    coded = "".join(f"{ord(character):06x}" for character in said).translate(_AS_LETTERS)
    return f"{command}{{TlName{coded}}}"


_AS_LETTERS = {ord(digit): chr(ord("g") + int(digit)) for digit in "0123456789"}
_AS_DIGITS = {letter: chr(digit) for digit, letter in ((digit, ord(letter)) for digit, letter in _AS_LETTERS.items())}
_CODED = re.compile(r"TlName((?:[a-p]{6})+)")


def name_as_meant(text: str) -> str:
    """The name of an operator, for which the converter was given letters."""
    return _CODED.sub(lambda match: "".join(_decoded(match[1].translate(_AS_DIGITS))), text)


def _decoded(digits: str) -> Iterator[str]:
    for i in range(0, len(digits), 6):
        yield chr(int(digits[i : i + 6], 16))


# --- texts ------------------------------------------------------------------------------------------------

_TEXT = re.compile(r"\\(?:text(?:bf|it|md|normal|rm|sf|tt|up)?|emph|mbox|hbox|fbox)\s*(?=\{)")
_IN_TEXT = re.compile(
    r"""\\(?:text(?:bf|it|md|normal|rm|sf|tt|up)?|emph|mbox|hbox)\s*(?=\{)   # a text of its own
      | \$(?:\\.|[^$\\])*\$ | \\\((?:(?!\\\)).)*\\\)                         # mathematics
      | \\[a-zA-Z]+\s* | \\. | [{}~$]
    """,
    re.VERBOSE | re.DOTALL,
)


def _text(command: str, body: str) -> str:
    if command.startswith(r"\fbox"):
        return rf"\boxed{{{_text(chr(92) + 'text', body)}}}"
    if not any(mark in body for mark in "\\{}~$"):
        return f"{command}{{{body}}}"
    pieces = list(_pieces(command, body))
    return pieces[0] if len(pieces) == 1 else f"{{{''.join(pieces)}}}"


def _pieces(command: str, body: str) -> Iterator[str]:
    """A text as texts and mathematics in turn, none of which holds a brace of its own."""
    plain, end = "", 0
    while match := _IN_TEXT.search(body, end):
        plain += body[end : match.start()]
        end, mark = match.end(), match[0]
        if mark in ("{", "}", "\\(", "\\)"):  # braces in a text only group
            continue
        if mark == "~":
            plain += "\u00a0"
        elif mark[0] == "$" or mark.startswith("\\("):
            if len(mark) < 2 or not mark.strip("$ \\()"):
                raise NotShown("a $ in a text opens mathematics that does not close", r"write \$ for the sign")
            yield from _plain(command, plain)
            inside = mark[1:-1] if mark[0] == "$" else mark[2:-2]
            yield f"{{{readable(inside)}}}"
            plain = ""
        elif _TEXT.match(body, match.start()):
            yield from _plain(command, plain)
            close = _closing(body, end)
            yield from _pieces(mark.strip(), body[end + 1 : close])
            plain, end = "", close + 1
        elif mark == "\\\\":
            raise NotShown(r"a \\ stands in a text", "take it out: a text in a formula has one line")
        elif mark[1].isalpha():
            near = r"close the text before it, as in \text{if } x \in A"
            raise NotShown(f"the command {mark.strip()} stands in a text", near)
        else:
            plain += _SPACES[mark[1]] if mark[1] in _SPACES else _private(mark[1])
    yield from _plain(command, plain + body[end:])


def _plain(command: str, text: str) -> Iterator[str]:
    if text:
        yield f"{command.strip()}{{{text}}}"


def _arguments(latex: str, command: re.Pattern[str], written: Callable[[str, str], str]) -> str:
    """The LaTeX with each of these commands and what stands in its braces written anew."""
    out, end = [], 0
    for match in command.finditer(latex):
        if match.start() >= end:
            close = _closing(latex, match.end())
            name = "".join(match[0].split())
            out += [latex[end : match.start()], written(name, latex[match.end() + 1 : close])]
            end = close + 1
    return "".join([*out, latex[end:]])


def _closing(latex: str, opening: int) -> int:
    """Where the brace closes that opens there."""
    depth = 0
    for match in _BRACE.finditer(latex, opening):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    raise NotShown("the braces do not match", "close the brace")


def what_does_not_match(latex: str) -> tuple[str, str] | None:
    """What closes before it was opened in LaTeX that the converter refused, and the remedy; None for nothing."""
    depth = 0
    for match in _BRACE.finditer(latex):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth < 0:
            return "the braces do not match", _TOO_MANY
    sides = re.findall(r"\\(left|right|middle)(?![A-Za-z])", latex)
    if sides.count("right") > sides.count("left"):
        return r"a \right has no \left", r"take it out, or write \left. where nothing is to be shown"
    if "middle" in sides and "left" not in sides:
        return r"a \middle stands outside of \left and \right", r"write \mid, or \left and \right around it"
    return None


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)

# --- what there is ----------------------------------------------------------------------------------------


def near_command(command: str) -> str:
    """What to write for a command that is not known: one that is near, or else how to write a name of an operator."""
    if command in _FOR_NUMBERS:
        return "take it out: formulas have no numbers here"
    near = get_close_matches(command, _commands(), 9, cutoff=0.7)
    start = {command[1], command[2:3]}  # slips are seldom in the first letter, but for the first two in the other order
    if alike := [
        one for one in near if one != command and one[1] in start and (one[1] == command[1] or one[2] in start)
    ]:
        return f"did you mean {alike[0]}?"
    return rf"write a name that LaTeX does not know as \operatorname{{{command[1:]}}}"


_FOR_NUMBERS = (r"\label", r"\ref", r"\eqref", r"\nonumber", r"\notag", r"\numberwithin")


def is_command(text: str) -> bool:
    r"""Whether a word with a backslash, as \alpha, is a command of LaTeX that the converter knows."""
    return text in _commands()


@cache
def _commands() -> list[str]:
    """All commands that the converter knows."""
    from latex2mathml import commands, symbols_parser  # slow to import, and only needed where there is a mistake

    named = [value for value in vars(commands).values() if isinstance(value, str)]
    known = {*named, *commands.FUNCTIONS, *symbols_parser.SYMBOLS, r"\operatorname", r"\begin"}
    return sorted(one for one in known if re.fullmatch(r"\\[A-Za-z]+", one))

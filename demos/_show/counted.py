"""Words that are counted, as all commands and messages say them: "1 entry", "2 entries", "1,200 entries"."""


def counted(number: int, noun: str) -> str:
    """A number and its noun, which is in the plural unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {plural(noun)}"


def plural(name: str) -> str:
    """The regular English plural of the last word."""
    if name.endswith(("s", "x", "z", "ch", "sh")):
        return name + "es"
    if name.endswith("y") and name[-2:-1] not in ("", *"aeiou"):
        return name[:-1] + "ies"
    return name + "s"

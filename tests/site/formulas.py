"""A page of the formulas that browsers would show otherwise than LaTeX means them, for a browser of any kind."""

from pathlib import Path

from tests.generator.conftest import PROSE, entry, write_yaml
from tests.site.conftest import small_project

# What each shows, and the formula. Each is on a line of its own on the page, in this order.
FORMULAS = {
    "a bold italic letter": r"\boldsymbol{x}",
    "a bold Greek letter": r"\mathbf{\theta}",
    "bold letters": r"\mathbf{Wx}",
    "bold digits and signs": r"\mathbf{1 + 2}",
    "a double-struck one": r"\mathbb{1}",
    "double-struck letters": r"\mathbb{RE}",
    "script letters": r"\mathcal{LBx}",
    "fraktur letters": r"\mathfrak{gC}",
    "monospaced letters": r"\mathtt{ab}",
    "bold text": r"\textbf{bold words}",
    "plain text": r"\text{bold words}",
    "italic text": r"\textit{bold words}",
    "typed text": r"\texttt{bold words}",
    "an upright T": r"x^\mathrm{T} T",
    "an upright d": r"\mathrm{d} d",
    "an upright word": r"\mathrm{KL}(p \| q)",
    "a tilde": r"a \sim b",
    "an equality": r"a = b",
    "brackets and signs": r"\langle x \rangle \pm \lfloor y \rfloor \iff z",
    "cases": r"f = \begin{cases} x + y & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    "aligned lines": r"\begin{aligned} a &= b + c \\ xyz &= d \end{aligned}",
    "columns": r"\begin{array}{lr|c} a & b + c & d \\ \hline xyz & d & e \end{array}",
    "a box": r"\boxed{x + y}",
    "a bar over three": r"\overline{xyz}",
    "a bar under three": r"\underline{xyz}",
    "two letters": r"a b",
    "two letters closer": r"a \! b",
    "a space of minus an em": r"a \hspace{-1em} b",
    "a limit below": r"\operatorname*{arg\,max}_x f",
    "a limit below a known name": r"\argmax_x f",
    "a limit below two names": r"\arg\max_x f",
    "a sum": r"\sum_{i=1}^n x_i",
    "a name with a hyphen": r"\operatorname{top-k}(x)",
    "braces in a text": r"\text{a {b} c}",
    "mathematics in a text": r"\text{if $x > 0$, then \textbf{b}}",
    "a sign that is struck out": r"a \not\in b \not= c",
    "an arrow over a letter": r"\vec{x}",
    "an arrow with a letter over it": r"a \xrightarrow{f} b",
}
IN_LINE = r"\operatorname*{arg\,max}_x f"


def project_of_formulas(folder: Path) -> Path:
    """A project whose one term shows all of them: terms/neuron/."""
    project = small_project(folder)
    shown = [f"What follows is {name}:\n\n$${latex}$$" for name, latex in FORMULAS.items()]
    text = "\n\n".join([PROSE, f"In a line it is ${IN_LINE}$.", *shown])
    write_yaml(project / "terms" / "neuron.yml", entry(explanation=text))
    return project

"""The first mention of a term becomes a link, and nothing else does."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from generator.pages.links import Linker
from generator.problems import plural
from generator.text.folding import folded
from generator.text.markdown import hand_links, parts, shown
from generator.text.spelling import is_acronym
from tests.generator.conftest import a_glossary, a_term, as_html

TERMS = [
    a_term("Neuron", aliases=["unit", {"text": "node", "link": False}]),
    a_term("Neural Network", aliases=["NN", "net", {"text": "neural network library", "link": False}]),
    a_term("Network Architecture"),
    a_term("Multilayer Perceptron", "mlp", aliases=["MLP", "MLPs of old"]),
    a_term("Gradient"),
    a_term("Gradient Descent", aliases=[{"text": "GD", "link": False}]),
    a_term("Byte-Pair Encoding", "bpe", aliases=["BPE", "BPE tokenizer"]),
    a_term("ReLU", "relu", definition="ReLU is a thing."),
    a_term("Policy"),
    a_term("Loss"),
    a_term("GPT-2", "gpt-2", definition="GPT-2 is a thing."),
    a_term("Artificial Network", "ann", aliases=[{"text": "ANN", "ambiguous": True}]),
    a_term("Nearest Neighbors", "nearest", aliases=[{"text": "ANN", "ambiguous": True}]),
    a_term("A*", "a-star", definition="A* is a thing.", aliases=["C++ search"]),
]
GLOSSARY = a_glossary(*TERMS)
LINKER = Linker(GLOSSARY)


def linked(text, term=None, nolink=()):
    return LINKER.page(term, [text], lambda slug: slug, nolink).markdown(text)


# --- what is a mention ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the first mention, at the start, at the end, alone
        ("neuron", "[neuron](neuron)"),
        ("a neuron and a neuron", "a [neuron](neuron) and a neuron"),
        ("the unit, then the neuron", "the [unit](neuron), then the neuron"),
        ("no term here", "no term here"),
        # the longest name wins, and takes the words of the shorter one with it
        ("gradient descent", "[gradient descent](gradient-descent)"),
        ("gradient descent follows a gradient", "[gradient descent](gradient-descent) follows a [gradient](gradient)"),
        ("gradient descent, gradient descent", "[gradient descent](gradient-descent), gradient descent"),
        ("neural network architecture", "[neural network](neural-network) architecture"),
        # case: of no matter for words, of matter for acronyms
        ("Neuron", "[Neuron](neuron)"),
        ("NEURAL Network", "[NEURAL Network](neural-network)"),
        ("an MLP, not an mlp", "an [MLP](mlp), not an mlp"),
        ("an Mlp", "an Mlp"),
        ("relu, RELU", "relu, RELU"),
        ("BPE Tokenizer", "[BPE Tokenizer](bpe)"),
        ("bpe tokenizer", "bpe tokenizer"),
        # plurals
        ("neurons", "[neurons](neuron)"),
        ("neural networks", "[neural networks](neural-network)"),
        ("policies and losses", "[policies](policy) and [losses](loss)"),
        ("MLPs, not mlps or MLPS", "[MLPs](mlp), not mlps or MLPS"),
        # possessives and punctuation
        ("the neuron's weights", "the [neuron](neuron)'s weights"),
        ("the neurons’ weights", "the [neurons](neuron)’ weights"),
        ("(neuron) “neuron”", "([neuron](neuron)) “neuron”"),
        ("neuron.", "[neuron](neuron)."),
        ("**neuron**", "**[neuron](neuron)**"),
        # whole words only
        ("interneurons, neuronal", "interneurons, neuronal"),
        ("a neuron-like unit", "a neuron-like [unit](neuron)"),
        ("self-gradient", "self-gradient"),
        ("inter\u2011neuron, multi\u2010neuron", "inter\u2011neuron, multi\u2010neuron"),
        ("neuron_1 and _neuron_", "neuron_1 and _neuron_"),
        ("neuron.py and GPT-2.5", "neuron.py and GPT-2.5"),
        (r"\neuron !neuron", r"\neuron !neuron"),
        ("GPT-2, GPT-20", "[GPT-2](gpt-2), GPT-20"),
        # hyphens, line breaks and hard spaces are spaces
        ("neural\nnetwork", "[neural\nnetwork](neural-network)"),
        ("neural-network", "[neural-network](neural-network)"),
        ("neural\u00a0network", "[neural\u00a0network](neural-network)"),
        ("byte pair encoding", "[byte pair encoding](bpe)"),
        ("Byte\u2011Pair\nEncodings", "[Byte\u2011Pair\nEncodings](bpe)"),
        ("neural\n\nnetwork", "neural\n\nnetwork"),
        ("neural, network", "neural, network"),
        # names with odd characters, letters that change their length in lower case
        ("C++ search", "[C++ search](a-star)"),
        ("İİ neuron ẞ unit", "İİ [neuron](neuron) ẞ unit"),
        # an alias that is not to be linked, alone, in the plural, and inside and around other names
        ("a node, nodes", "a node, nodes"),
        ("by GD", "by GD"),
        ("a neural network library", "a neural network library"),
        ("a neural network library for a neural network",
         "a neural network library for a [neural network](neural-network)"),
        # an acronym with two meanings is never linked, its full names are
        ("ANN or ANNs", "ANN or ANNs"),
        ("an artificial network (ANN)", "an [artificial network](ann) (ANN)"),
        # a name that is written down beats the plural of another
        ("MLPs of old", "[MLPs of old](mlp)"),
    ],
)  # fmt: skip
def test_a_mention_becomes_a_link(text, expected):
    assert linked(text) == expected


ODD = [
    a_term("Bayes' Theorem", "bayes"),
    a_term("Kullback–Leibler Divergence", "kl"),
    a_term("k-Means", "k-means"),
    a_term("C#", "c-sharp", aliases=["C"]),
    a_term("C++", "c-plus-plus"),
    a_term("A* Search", "a-star", aliases=["A*"]),
    a_term("<eos> Token", "eos"),
    a_term("[MASK]", "mask"),
    a_term("x<y", "less"),
    a_term("R&D", "rd"),
    a_term("Bias/Variance Tradeoff", "tradeoff"),
    a_term("Élő Rating", "elo"),
    a_term("Poincaré Ball", "ball"),
    a_term("Gradient"),
    a_term("Gradient Descent"),
    a_term("Stochastic Gradient Descent", "sgd"),
]
ODD_LINKER = Linker(a_glossary(*ODD))


def oddly_linked(text):
    return ODD_LINKER.page(None, [text], lambda slug: slug).markdown(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # typographic variants, in the name or in the text
        ("by Bayes’ theorem", "by [Bayes’ theorem](bayes)"),
        ("by Bayes' theorem", "by [Bayes' theorem](bayes)"),
        ("by Bayes&#39; theorem", "by [Bayes&#39; theorem](bayes)"),
        ("the Kullback-Leibler divergence", "the [Kullback-Leibler divergence](kl)"),
        ("the Kullback–Leibler divergence", "the [Kullback–Leibler divergence](kl)"),
        ("the Kullback\u2011Leibler divergence", "the [Kullback\u2011Leibler divergence](kl)"),
        ("k–means, k‑means", "[k–means](k-means), k‑means"),
        ("an E\u0301lo\u030b rating", "an [E\u0301lo\u030b rating](elo)"),
        ("the Poincare\u0301 ball", "the [Poincare\u0301 ball](ball)"),
        ("the gradient—descent comes later", "the [gradient](gradient)—descent comes later"),
        # signs that Markdown has a meaning for, bare, escaped, as entities
        ("in C# and C++", "in [C#](c-sharp) and [C++](c-plus-plus)"),
        (r"in C\# or C", r"in [C\#](c-sharp) or C"),
        ("in C&#35;.", "in [C&#35;](c-sharp)."),
        (r"C+, C\*, C#1", r"C+, C\*, C#1"),
        (r"with A\* and A\* search", r"with [A\*](a-star) and A\* search"),
        ("with A&#42; search", "with [A&#42; search](a-star)"),
        (r"an \<eos> token", r"an [\<eos> token](eos)"),
        ("an &lt;eos&gt; token", "an [&lt;eos&gt; token](eos)"),
        (r"a \[MASK\] here", r"a [\[MASK\]](mask) here"),
        (r"where x\<y", r"where [x\<y](less)"),
        ("where x&lt;y", "where [x&lt;y](less)"),
        ("in R&D and R&amp;D", "in [R&D](rd) and R&amp;D"),
        # two words with a stroke between them are no acronym
        ("the bias/variance tradeoff", "the [bias/variance tradeoff](tradeoff)"),
        ("Bias/Variance Tradeoffs", "[Bias/Variance Tradeoffs](tradeoff)"),
        # the longest name across emphasis, or none
        ("**Gradient** descent", "[**Gradient** descent](gradient-descent)"),
        ("gradient **descent**", "[gradient **descent**](gradient-descent)"),
        ("*gradient* **descent**", "[*gradient* **descent**](gradient-descent)"),
        ("**gradient descent**", "**[gradient descent](gradient-descent)**"),
        ("***Gradient*** descent", "[***Gradient*** descent](gradient-descent)"),
        ("stochastic *gradient* descent", "[stochastic *gradient* descent](sgd)"),
        ("**a gradient** descent", "**a gradient** descent"),
        ("gradient **descent is** steep", "gradient **descent is** steep"),
        ("**the gradient**, then", "**the [gradient](gradient)**, then"),
        ("a **C#** program", "a **[C#](c-sharp)** program"),
        (r"**A\* search**", r"**[A\* search](a-star)**"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_a_text_spells_it(text, expected):
    assert oddly_linked(text) == expected


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("in C# and C++", {"c-sharp": "C#", "c-plus-plus": "C++"}),
        (r"with A\* search", {"a-star": "A* search"}),
        (r"an \<eos> token", {"eos": "<eos> token"}),
        (r"a \[MASK\] here", {"mask": "[MASK]"}),
        ("a [MASK] here", {"mask": "[MASK]"}),
        ("**Gradient** descent", {"gradient-descent": "Gradient descent"}),
        ("*gradient* **descent** by R&D", {"gradient-descent": "gradient descent", "rd": "R&D"}),
        ("[[gradient|the slope $\\frac{a}{b}$ here]]", {"gradient": "the slope ab here"}),
        ("[about $x_1$](https://example.org)", {"https://example.org": "about x1"}),
    ],
)
def test_such_links_are_links_for_the_engine_too(text, links):
    page = ODD_LINKER.page(None, [text], lambda slug: slug)
    html = BeautifulSoup(as_html(page.markdown(text, shown)), "html5lib")
    assert {link["href"]: link.text for link in html.find_all("a")} == links


def test_a_written_name_beats_the_plural_of_another_whichever_comes_first():
    one, other = a_term("Embedding"), a_term("Vector Table", "table", aliases=["embeddings"])
    for terms in ([one, other], [other, one]):
        linker = Linker(a_glossary(*terms))
        page = linker.page(None, [], lambda slug: slug)
        assert page.prose("embeddings, an embedding") == "[embeddings](table), an [embedding](embedding)"


@pytest.mark.parametrize("word", ["ANN", "ReLU", "GPT", "LoRA", "kNN"])
def test_two_capitals_make_an_acronym(word):
    assert is_acronym(word)
    assert not is_acronym(word.lower())
    assert not is_acronym(word.capitalize())


@given(st.text())
def test_folding_moves_no_letter(text):
    assert len(folded(text)) == len(text)


# --- where no link may be ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "protected",
    [
        "# neuron",
        "## About the neuron",
        "`neuron`",
        "`` a ` neuron ``",
        "```\nneuron\n```",
        "~~~python\nneuron\n~~~",
        "$neuron$",
        "$$\nneuron\n$$",
        "[neuron](https://example.org)",
        "![neuron](https://example.org)",
        "[about a](https://example.org/neuron)",
        "<b title=neuron>",
        "<https://example.org/neuron>",
        "https://example.org/neuron",
        "<!-- neuron -->",
    ],
)
def test_nothing_is_linked_inside(protected):
    assert linked(protected) == protected
    assert linked(f"{protected}\n\nA neuron.") == f"{protected}\n\nA [neuron](neuron)."


def test_a_term_is_not_linked_on_its_own_page_and_takes_its_words_with_it():
    page = GLOSSARY.terms["gradient-descent"]
    assert linked("Gradient descent and [[gradient-descent]].", page) == "Gradient descent and gradient descent."
    assert linked("Gradient descent, the gradient.", page) == "Gradient descent, the [gradient](gradient)."


def test_a_page_links_each_target_once_over_all_its_texts():
    page = LINKER.page(None, ["", ""], lambda slug: slug)
    assert page.markdown("The neuron `and` the neuron.") == "The [neuron](neuron) `and` the neuron."
    assert page.markdown("The neuron, the gradient.") == "The neuron, the [gradient](gradient)."


def test_a_page_can_opt_out_a_word_with_its_plural():
    term = a_term("Other", nolink=["Gradient", "neural network"])
    assert linked("gradients, gradient descent", term) == "gradients, [gradient descent](gradient-descent)"
    assert linked("neural-networks, a net", term) == "neural-networks, a [net](neural-network)"
    assert linked("the unit", nolink=["unit"]) == "the unit"


# --- by hand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[gradient]]", "[gradient](gradient)"),
        ("[[bpe]]", "[byte-pair encoding](bpe)"),
        ("[[gradient|the slope]]", "[the slope](gradient)"),
        ("[[gradient| the\nslope ]]", "[the slope](gradient)"),
        ("[[gradient-\ndescent]]", "[gradient descent](gradient-descent)"),
        ("[[gradient|<b>]]", "[&lt;b>](gradient)"),
        ("[[a-star]]", "[A&#42;](a-star)"),
        ("[[gradient]] and [[gradient|slope]]", "[gradient](gradient) and slope"),
        ("a gradient, [[gradient|slope]], gradients", "a gradient, [slope](gradient), gradients"),
        ("`[[gradient]]`", "`[[gradient]]`"),
    ],
)
def test_a_link_by_hand_is_the_one_link_of_its_target(text, expected):
    assert linked(text) == expected


def test_links_by_hand_are_known_before_any_text_is_linked():
    page = LINKER.page(None, ["a gradient", "[[gradient|slope]]"], lambda slug: slug)
    assert page.markdown("a gradient") == "a gradient"
    assert page.markdown("[[gradient|slope]]") == "[slope](gradient)"


def test_the_slugs_of_links_by_hand_are_found():
    assert hand_links("[[a]] `[[b]]` [[c|d e]] [f](https://g.h)") == ["a", "c"]


# --- what always holds ------------------------------------------------------------------------------------

NAMES = sorted({name for term in TERMS for name in term.names})
PROTECTED = ["`neuron`", "$gradient$", "[net](https://a.b/net)", "<b net>", "<https://a.b/unit>", "https://a.b/neuron"]
GLUE = [*" -\n\\x_é![]()*`$", "\n\n", ", ", "'s ", "s "]
PIECES = [*NAMES, *map(str.lower, NAMES), *(f" {part} " for part in PROTECTED), *GLUE]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
LINK = re.compile(r"\[([^\[\]]*)\]\(@([a-z0-9-]+)\)")


def marked(text):
    return LINKER.page(None, [text], lambda slug: "@" + slug).markdown(text)


@given(texts)
def test_the_text_comes_back_when_its_links_are_removed(text):
    assert LINK.sub(r"\1", marked(text)) == text


@given(texts)
def test_no_target_is_linked_twice(text):
    targets = [match[2] for match in LINK.finditer(marked(text))]
    assert len(targets) == len(set(targets))


@given(texts)
def test_what_is_protected_stays_as_it_is(text):
    before = [part for kind, part in parts(text) if kind != "prose"]
    after = [part for kind, part in parts(marked(text)) if kind != "prose" and not LINK.fullmatch(part)]
    assert after == before


@given(texts)
def test_a_link_holds_a_name_of_its_target_as_whole_words(text):
    result = marked(text)
    for match in LINK.finditer(result):
        names = [folded(name) for name in GLOSSARY.terms[match[2]].names]
        words = folded(match[1])
        assert any(words == name or (words.startswith(name[:-1]) and words.endswith("s")) for name in names)
        around = result[: match.start()][-1:] + result[match.end() :][:1]
        assert not re.search(r"\w", around)


letters = st.characters(exclude_categories=["C", "Z"], exclude_characters="[]()`$\\<>&#~")
any_names = st.lists(
    st.text(letters, min_size=1, max_size=8), min_size=1, max_size=5, unique_by=lambda name: name.casefold()
)


@given(any_names, st.data())
def test_names_of_any_letters_link_without_changing_a_letter(names, data):
    """Letters whose small form is longer, letters joined to others, digits, signs: places stay what they are."""
    terms = [a_term("Title", f"t{i}", aliases=[name]) for i, name in enumerate(names)]
    linker = Linker(a_glossary(*terms))
    pieces = st.one_of(
        st.sampled_from([*names, *map(str.upper, names), *map(str.lower, names)]), st.text(letters, max_size=3)
    )
    text = " ".join(data.draw(st.lists(pieces, max_size=12)))
    result = linker.page(None, [text], lambda slug: "@" + slug).prose(text)
    assert LINK.sub(r"\1", result) == text
    for match in LINK.finditer(result):
        found, target = folded(match[1]), terms[int(match[2][1:])]
        assert any(found in (folded(name), folded(plural(name))) for name in target.names)

"""Questions in good English, answered from the data."""

import pytest

from generator.pages.questions import questions, standard
from tests.generator.conftest import a_comparison, a_glossary, a_term

NETWORK = a_term("Neural Network", definition="A neural network is a stack. It learns.")
EMBEDDINGS = a_term("Embeddings", definition="Embeddings are vectors. They stand for words.")
ATTENTION = a_term("Attention", definition="Attention is a mix.")
LSTM = a_term("LSTM", definition="An LSTM is a cell.")
ADAM = a_term("Adam", definition="Adam is a rule.", examples=["It trains with Adam.", "Two."])
BPE = a_term("Byte-Pair Encoding", "bpe", definition="BPE is a code.", aliases=["BPE"])


def asked(term, *closest, **glossary):
    terms = {one.slug: one for one in (term, *closest)}
    return {one.question: one.answer for one in standard(term, a_glossary(*terms.values(), **glossary), closest)}


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (NETWORK, ["What is a neural network?", "What is an example of a neural network?",
                   "How does a neural network relate to Adam?", "Is a neural network hard to understand?"]),
        (EMBEDDINGS, ["What are embeddings?", "What is an example of embeddings?",
                      "How do embeddings relate to Adam?", "Are embeddings hard to understand?"]),
        (ATTENTION, ["What is attention?", "What is an example of attention?",
                     "How does attention relate to Adam?", "Is attention hard to understand?"]),
        (LSTM, ["What is an LSTM?", "What is an example of an LSTM?",
                "How does an LSTM relate to Adam?", "Is an LSTM hard to understand?"]),
        (BPE, ["What is BPE?", "What is an example of BPE?", "How does BPE relate to Adam?",
               "Is BPE hard to understand?"]),
    ],
)  # fmt: skip
def test_the_standard_questions_ask_in_good_english(term, expected):
    assert list(asked(term, ADAM)) == expected


TURING = [{"title": "Thing", "url": "https://example.org/things", "year": 1950, "kind": "paper",
           "authors": "A. M. Turing, Ann Zorn"}]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "changes", "name"),
    [
        ("Bayes' Theorem", {"definition": "Bayes' theorem is a rule."}, "Bayes' theorem"),
        ("Bayes’ Theorem", {"definition": "Bayes' theorem is a rule."}, "Bayes' theorem"),
        ("Moore's Law", {"definition": "Moore's law is a rule."}, "Moore's law"),
        ("Winner's Curse", {"definition": "Winner's curse is a rule."}, "winner's curse"),
        ("Q-Learning", {"definition": "Q-learning is a rule."}, "Q-learning"),
        ("F1 Score", {"definition": "F1 score is a number."}, "F1 score"),
        ("A* Search", {"definition": "A* search is a rule."}, "A* search"),
        ("k-Means", {"definition": "K-means is a rule."}, "k-means"),
        ("K-Means", {"definition": "K-means is a rule.", "examples": ["Cluster with k-means.", "Two."]}, "k-means"),
        ("Markov Chains", {"definition": "Markov chains are things."}, "Markov chains"),
        ("Poincaré Maps", {"definition": "Poincaré maps are things."}, "Poincaré maps"),
        ("Zorn Search", {"definition": "Zorn search is a rule.", "sources": TURING}, "Zorn search"),
        ("Qwert Search", {"definition": "Qwert search is a rule.", "examples": ["It is like Qwert trees.", "Two."]},
         "Qwert search"),
        ("Kullback–Leibler Divergence", {"definition": "Kullback–Leibler divergence is a number."},
         "Kullback–Leibler divergence"),
        ("Byte-Pair Encoding", {"definition": "Byte-Pair encoding is a code."}, "byte-pair encoding"),
        ("Bias/Variance Tradeoff", {"definition": "Bias/variance tradeoff is a thing."}, "bias/variance tradeoff"),
        ("Softmax", {"definition": "Softmax is a function."}, "softmax"),
        ("Backpropagation", {"definition": "Backpropagation is a rule."}, "backpropagation"),
        ("Attention", {"definition": "Attention is a mix."}, "attention"),
        ("ReLU Networks", {"definition": "ReLU networks are stacks."}, "ReLU networks"),
    ],
)  # fmt: skip
def test_a_name_in_a_question_is_spelled_as_inside_of_a_sentence(title, changes, name):
    are = "are" if title.endswith("s") and " are " in changes["definition"] else "is"
    assert next(iter(asked(a_term(title, **changes)))) == f"What {are} {name}?"


@pytest.mark.parametrize(
    "definition",
    ["Adam is a rule, e.g. Nesterov's with a twist.", "Adam is a rule that A. M. Turing never saw.",
     "Adam is a rule of D. P. Kingma et al. Ba made it too.", "Adam is faster than SGD, i.e. Plain descent."],
)  # fmt: skip
def test_an_answer_quotes_a_whole_sentence(definition):
    term = a_term("Adam", definition=f"{definition} It learns.")
    assert definition in next(answer for question, answer in asked(NETWORK, term).items() if "relate" in question)


def test_a_question_names_others_with_their_article_and_only_the_two_closest():
    relations = [question for question in asked(ADAM, NETWORK, EMBEDDINGS, LSTM) if question.startswith("How")]
    assert relations == ["How does Adam relate to a neural network?", "How does Adam relate to embeddings?"]


def test_what_it_is_and_an_example_are_answered_in_the_words_of_the_entry():
    answers = asked(a_term("Cost", definition="A cost is 2 * 3 of `x` in $.", examples=["*One*.", "Two."]))
    assert answers["What is a cost?"] == "A cost is 2 &#42; 3 of &#96;x&#96; in &#36;."
    assert answers["What is an example of a cost?"] == "*One*."


def needs(term, *slugs):
    return term.model_copy(update={"prerequisites": list(slugs)})


@pytest.mark.parametrize(
    ("term", "other", "answer"),
    [
        (needs(NETWORK, "adam"), ADAM, "Adam comes first: a neural network builds on it. Adam is a rule."),
        (ADAM, needs(NETWORK, "adam"), "Adam comes first: a neural network builds on it. A neural network is a stack."),
        (needs(ATTENTION, "embeddings"), EMBEDDINGS,
         "Embeddings come first: attention builds on them. Embeddings are vectors."),
        (needs(EMBEDDINGS, "neural-network"), NETWORK,
         "A neural network comes first: embeddings build on it. A neural network is a stack."),
        (ATTENTION, LSTM,
         "They are neighbors, and neither needs the other first. Attention is a mix. An LSTM is a cell."),
    ],
)  # fmt: skip
def test_how_two_terms_relate_follows_from_what_needs_what(term, other, answer):
    relation = next(answer for question, answer in asked(term, other).items() if question.startswith("How"))
    assert relation == answer


def test_a_relation_leads_to_the_page_that_compares_both():
    one, other = a_term("Neuron"), a_term("Gradient")
    pages = {"a": a_comparison("a", sides=["neuron", "loss"]), "b": a_comparison("b"), "c": a_comparison("c")}
    answer = asked(one, other, comparisons=pages)["How does a neuron relate to a gradient?"]
    assert answer.endswith(" They stand [[comparisons/b|side by side]].")
    assert "side by side" not in asked(one, other)["How does a neuron relate to a gradient?"]


@pytest.mark.parametrize(
    ("term", "answer"),
    [
        (NETWORK, "This is a beginner's term, and nothing else in this glossary has to come first."),
        (NETWORK.model_copy(update={"level": "intermediate", "prerequisites": ["bpe"]}),
         "This is an intermediate term. It is easier after [[bpe|BPE]]."),
        (EMBEDDINGS.model_copy(update={"level": "advanced", "prerequisites": ["bpe", "adam", "neural-network"]}),
         "This is an advanced term. They are easier after [[bpe|BPE]], [[adam|Adam]], "
         "and [[neural-network|neural network]]."),
    ],
)  # fmt: skip
def test_how_hard_it_is_follows_from_the_level_and_what_comes_first(term, answer):
    assert list(asked(term, BPE, ADAM, NETWORK).values())[-1] == answer


def test_written_questions_come_first_and_take_the_place_of_standard_ones():
    faq = [
        {"question": "Why?", "answer": "So."},
        {"question": "What IS a neural  network", "answer": "This."},
    ]
    term = a_term("Neural Network", definition="A neural network is a stack.", faq=faq)
    found = questions(term, a_glossary(term, ADAM), [ADAM])
    assert [one.question for one in found] == [
        "Why?",
        "What IS a neural network",
        "What is an example of a neural network?",
        "How does a neural network relate to Adam?",
        "Is a neural network hard to understand?",
    ]
    assert [one.answer for one in found[:2]] == ["So.", "This."]


@pytest.mark.parametrize("title", ["R*", "`x`", "[a](b)", "<b>", "$5"])
def test_the_characters_of_a_name_mean_nothing_to_markdown(title):
    odd = a_term(title, "odd", definition=f"{title} is odd.")
    answers = [asked(needs(NETWORK, "odd"), odd), asked(odd, needs(NETWORK, "odd"))]
    for answer in [one for found in answers for one in found.values()]:
        assert title not in answer

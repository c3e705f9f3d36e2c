"""Names become addresses that a reader could type."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.entries import SLUG
from generator.text.slugs import slugify
from tests.generator.conftest import ROOT


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Byte-Pair Encoding", "byte-pair-encoding"),
        ("GPT-2", "gpt-2"),
        ("GPT-3.5", "gpt-3-5"),
        # signs that are read aloud
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("  A*  search ", "a-star-search"),
        ("A*", "a-star"),
        ("3*3", "3-3"),
        ("3×3", "3x3"),
        ("x≤3", "x-at-most-3"),
        ("x≥3", "x-at-least-3"),
        ("a ≠ b", "a-not-b"),
        ("∑", "sum"),
        ("∇f", "nabla-f"),
        # letters with marks, and letters that are no ASCII letter with a mark
        ("Naïve Bayes", "naive-bayes"),
        ("Nai\u0308ve Bayes", "naive-bayes"),
        ("Łukasiewicz Logic", "lukasiewicz-logic"),
        ("Élő Rating", "elo-rating"),
        ("Bjørn Æther Weiß", "bjorn-aether-weiss"),
        ("L₂ norm", "l2-norm"),
        ("R²", "r2"),
        ("ﬁne-tuning", "fine-tuning"),
        # dashes, hyphens and quotes of every kind
        ("Kullback–Leibler Divergence", "kullback-leibler-divergence"),
        ("k‑Means", "k-means"),
        ("k\u2010Means", "k-means"),
        ("k−Means", "k-means"),
        ("Bayes’ Theorem", "bayes-theorem"),
        ("Bayes' Theorem", "bayes-theorem"),
        ("“Attention”", "attention"),
        # Greek letters as they are called
        ("β-VAE", "beta-vae"),
        ("ε-Greedy Search", "epsilon-greedy-search"),
        ("ϵ-Greedy Search", "epsilon-greedy-search"),
        ("TD(λ)", "td-lambda"),
        ("λ", "lambda"),
        ("χ² Test", "chi2-test"),
        ("μP", "mu-p"),
        ("µP", "mu-p"),
        ("αβ Pruning", "alpha-beta-pruning"),
        ("Σ-Algebra", "sigma-algebra"),
        ("ς", "sigma"),
        ("λόγος", "logos"),
        # nothing to type or to read aloud
        ("¿?", ""),
        ("“”", ""),
    ],
)
def test_a_name_becomes_an_address(name, slug):
    assert slugify(name) == slug


@given(st.text(max_size=20))
def test_an_address_is_a_slug_or_nothing_and_is_its_own_address(name):
    import re

    slug = slugify(name)
    assert not slug or re.match(SLUG, slug)
    assert slugify(slug) == slug


def test_addresses_of_ascii_names_need_no_library():
    said = (
        "import sys; from generator.text.slugs import slugify; slugify('K–L’s β-VAE'); print('anyascii' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"

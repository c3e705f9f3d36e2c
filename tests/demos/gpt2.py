"""The GPT-2 of the `transformers` library with the weights of a model of ours, and weights that make mistakes show."""

import numpy as np
import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from demos.parts.gpt2_names import to_gpt2

NO_CARD = "needs a graphics card that PyTorch can compute on"
DEVICES = [
    "cpu",
    pytest.param("cuda", marks=[pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason=NO_CARD)]),
]


def scrambled(model, seed=0, spread=0.3):
    """The same model with every weight drawn anew, gains and biases included, and far from zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            gain = weight.ndim == 1 and name.endswith("weight")
            drawn = spread * torch.randn(weight.shape, generator=generator)
            weight.copy_(drawn.to(weight) + (1.0 if gain else 0.0))
    return model


def gpt2(shape, **settings):
    """A GPT-2 of this shape without dropout, and without a token that ends a text."""
    config = GPT2Config(
        vocab_size=shape.vocabulary,
        n_positions=shape.context,
        n_embd=shape.width,
        n_layer=shape.depth,
        n_head=shape.heads,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=0,
        **settings,
    )
    return GPT2LMHeadModel(config).eval()


def twin_of(model, **settings):
    """A GPT-2 of `transformers` with the weights of our model, as exact as they are."""
    twin = gpt2(model.shape, **settings).to(model.tokens.weight)
    twin.load_state_dict(to_gpt2(model))
    return twin


def texts(shape, rows, length, seed=0):
    """Random ids [rows, length]."""
    return torch.as_tensor(np.random.default_rng(seed).integers(shape.vocabulary, size=(rows, length)))

"""GPT-2 names: the same weights as this project names them, as the `transformers` library does, and as NumPy has them.

GPT-2 keeps the weights of a layer as [in, out], PyTorch as [out, in], so matrices change places on the way. Queries,
keys and values are one matrix in both, and three in NumPy's form, which is described in demos/transformer_forward.py.

Source: https://huggingface.co/docs/transformers/model_doc/gpt2
"""

import re

import numpy as np
import torch

from demos import CannotRun

# ours in a block -> GPT-2's; what is a matrix there is turned
BLOCK = {
    "norm_1": "ln_1",
    "queries_keys_values": "attn.c_attn",
    "mix": "attn.c_proj",
    "norm_2": "ln_2",
    "up": "mlp.c_fc",
    "down": "mlp.c_proj",
}
OUTSIDE = {"tokens.weight": "wte.weight", "positions.weight": "wpe.weight", "norm": "ln_f"}
# Constants that old files carry: the causal mask, which is computed here, and the head, which is the table of tokens.
CONSTANTS = re.compile(r"h\.\d+\.attn\.(bias|masked_bias)|lm_head\.weight")


def theirs(name):
    """Our name of a weight as GPT-2's, without its "transformer." in front."""
    if match := re.fullmatch(r"blocks\.(\d+)\.(\w+)\.(weight|bias)", name):
        return f"h.{match[1]}.{BLOCK[match[2]]}.{match[3]}"
    return OUTSIDE.get(name) or f"{OUTSIDE[name.partition('.')[0]]}.{name.partition('.')[2]}"


def turned(name, weights):
    """A matrix of a layer the other way round; anything else as it is."""
    layer = name.startswith("blocks.") and weights.ndim == 2
    return weights.T.contiguous() if layer else weights


def to_gpt2(model):
    """The weights of a model as the state dict of GPT2LMHeadModel."""
    state = {f"transformer.{theirs(name)}": turned(name, w) for name, w in model.state_dict().items()}
    return {**state, "lm_head.weight": state["transformer.wte.weight"]}


def from_gpt2(state, model):
    """Gives a model the weights of a GPT2LMHeadModel or GPT2Model.

    Raises CannotRun, which names what is missing, left over or of another shape, and then changes nothing.
    """
    found = {name.removeprefix("transformer."): w for name, w in state.items()}
    head = found.get("lm_head.weight")
    if head is not None and "wte.weight" in found and not torch.equal(head, found["wte.weight"]):
        raise CannotRun("these weights have a head of their own, and GPT-2 uses its table of tokens as head")
    wanted = {name: (theirs(name), w) for name, w in model.state_dict().items()}
    told = []
    for name, (other, w) in wanted.items():
        if other not in found:
            told.append(f"{other} is missing")
        elif turned(name, found[other]).shape != w.shape:
            told.append(f"{other} is {list(found[other].shape)} and not {list(turned(name, w).shape)}")
    known = {other for other, _ in wanted.values()}
    told += [f"{other} has no place here" for other in found if other not in known and not CONSTANTS.fullmatch(other)]
    if told:
        more = f", and {len(told) - 5} more" if len(told) > 5 else ""
        raise CannotRun(f"these are not the weights of a GPT-2 of this shape: {'; '.join(told[:5])}{more}")
    model.load_state_dict({name: turned(name, found[other]) for name, (other, _) in wanted.items()})


def to_arrays(model):
    """The weights of a model as demos/transformer_forward.py names them -> {name: array, float32}"""
    short = {"up": "_1", "down": "_2", "mix": "_o"}
    arrays = {}
    for name, w in model.state_dict().items():
        where, _, kind = name.rpartition(".")
        array = w.detach().float().cpu().numpy()
        block, _, layer = where.removeprefix("blocks.").rpartition(".")
        if layer in ("tokens", "positions"):
            arrays[layer] = array
        elif layer.startswith("norm"):
            arrays[".".join(filter(None, (block, layer, {"weight": "gain", "bias": "bias"}[kind])))] = array
        else:
            letter = {"weight": "W", "bias": "b"}[kind]
            parts = {layer: array} if layer in short else dict(zip("qkv", np.split(array, 3), strict=True))
            arrays |= {f"{block}.{letter}{short.get(part, f'_{part}')}": a.T for part, a in parts.items()}
    return arrays

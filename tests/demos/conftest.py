"""What tests of several demos share."""

import pytest


@pytest.fixture
def one_thread():
    """PyTorch sums in the same order on every machine, and leaves the other cores to other workers."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)

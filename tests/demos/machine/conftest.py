"""Folders of demos to read from."""

import pytest

from tests.demos.machine.spring import GOOD, put


@pytest.fixture
def folder(tmp_path):
    """A folder of demos with one good one, and places for parts and data."""
    folder = tmp_path / "demos"
    (folder / "parts").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "spring.py").write_text(GOOD)
    return folder


@pytest.fixture
def ladder(folder):
    """clock -> wheel, spring, parts.metal; parts.metal -> parts.ore -> mass; wheel -> mass."""
    (folder / "spring.py").write_text('"""Spring: it."""\nimport scipy\ndef demo() -> Result:\n    """Look."""\n')
    (folder / "data" / "ore.txt").write_text("iron\ncoal\n")
    put(folder, "mass", "import numpy as np")
    put(folder, "wheel", "from demos.mass import weigh")
    put(folder, "parts.ore", 'from demos import mass\nasset("ore.txt")')
    put(folder, "parts.metal", "from demos.parts import ore")
    put(
        folder,
        "clock",
        "from demos.wheel import turn\nfrom demos.spring import pull\nfrom demos.parts.metal import melt",
    )
    return folder

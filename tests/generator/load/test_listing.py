"""A file in the wrong place or with the wrong name is told."""

import pytest

from tests.generator.load.conftest import HINT, told


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Neural_Network.yml",
         f"terms/Neural_Network.yml:1:1: the file name 'Neural_Network' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens, as in neural-network.yml"),
        ("a--b.yml", f"terms/a--b.yml:1:1: the file name 'a--b' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens, as in a-b.yml"),
        ("gpt.2.yml", f"terms/gpt.2.yml:1:1: the file name 'gpt.2' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens, as in gpt-2.yml"),
        ("λ.yml", f"terms/λ.yml:1:1: the file name 'λ' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens, as in lambda.yml"),
        ("¿.yml", f"terms/¿.yml:1:1: the file name '¿' is not a slug{HINT}"
         "use lower-case letters, digits and single hyphens"),
        ("cell.yaml", f"terms/cell.yaml:1:1: the name of an entry ends in .yml{HINT}rename it to cell.yml"),
        ("cell.YML", f"terms/cell.YML:1:1: the name of an entry ends in .yml{HINT}rename it to cell.yml"),
        ("index.yml", f"terms/index.yml:1:1: 'index' can not be a slug{HINT}"
         "choose another: some systems or sites need that name for themselves"),
        ("aux.yml", f"terms/aux.yml:1:1: 'aux' can not be a slug{HINT}"
         "choose another: some systems or sites need that name for themselves"),
        ("training/adam.yml", f"terms/training: terms are not sorted into folders{HINT}"
         "put its files straight into terms/; the category is a field"),
    ],
)  # fmt: skip
def test_a_file_in_the_wrong_place_or_with_the_wrong_name_is_told(project, name, message):
    # Its content is not even YAML: that is no reason to say anything else, or to stumble.
    path = project / "terms" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("[", encoding="utf-8")
    assert told(project) == [message]

#!/bin/sh
# latex2mathml makes a letter of the sign "is drawn from", and prints the star of a starred operator.
#
# Versions: latex2mathml 3.81.1 (PyPI) under Python 3.9 or newer.
# Valid input: x \sim p, and \operatorname*{arg\,max}_x f, as papers on machine learning write sampling and the place of
#   a maximum; LaTeX with amsmath takes both.
# Expected, as other converters do it: the operator U+223C with the space of a relation around it; and one operator
#   "arg max", with the x below it in a formula of its own line.
# Behavior seen: neither an error nor a warning. \sim becomes the identifier "~" (U+007E), which a browser sets as a
#   letter, without space. Of \operatorname* the command takes the star for its argument: an empty operator and a "*"
#   come first, and "argmax" follows as six letters, the x behind it. Without the star the command works.
# Output seen:
#   \sim: x [mi 007E] p
#   \operatorname*: [mo empty] [mo 002A] a r g m a x, x in msub
#   \operatorname: [mo softmax]
#
# Needs Python with pip, and fetches 100 kB.
# Exits with 0 while the behavior is as above, with 1 where it has changed, and with 2 where nothing could be fetched.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m pip install --quiet --no-deps --target packages latex2mathml==3.81.1 >&2 ||
  { echo "the package could not be fetched" >&2; exit 2; }

cat > run.py <<'END'
import xml.etree.ElementTree as ET

from latex2mathml.converter import convert


def leaves(latex):
    """The elements of a formula that hold text or nothing: [(tag, text)]."""
    tree = ET.fromstring(convert(latex))
    return [(one.tag.rpartition("}")[2], one.text or "") for one in tree.iter() if not len(one)], tree


sim, _ = leaves(r"x \sim p")
print(r"\sim:", sim[0][1], f"[{sim[1][0]} {ord(sim[1][1]):04X}]", sim[2][1])
star, tree = leaves(r"\operatorname*{arg\,max}_x f")
below = [one.tag.rpartition("}")[2] for one in tree.iter() if "sub" in one.tag or "under" in one.tag]
letters = " ".join(text for tag, text in star[2:9] if text)
print(r"\operatorname*:", f"[{star[0][0]} {star[0][1] or 'empty'}] [{star[1][0]} {ord(star[1][1]):04X}]", end=" ")
print(f"{letters}, {star[9][1]} in {below[0]}")
plain, _ = leaves(r"\operatorname{softmax}(x)")
print(r"\operatorname:", f"[{plain[0][0]} {plain[0][1]}]")
END
PYTHONPATH=packages python3 run.py > seen.txt
cat seen.txt

cat > expected.txt <<'END'
\sim: x [mi 007E] p
\operatorname*: [mo empty] [mo 002A] a r g m a x, x in msub
\operatorname: [mo softmax]
END
diff -u expected.txt seen.txt >&2 || { echo "the behavior has changed" >&2; exit 1; }

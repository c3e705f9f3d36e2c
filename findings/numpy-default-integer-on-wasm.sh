#!/bin/sh
# In Pyodide, NumPy's default integer has 32 bits, and sums and powers of small integers overflow without a word.
#
# Versions: pyodide 314.0.3 (npm) under Node 18 or newer, with numpy 2.4.3 as built for it: the wheel
#   numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl, which the Python package open-webui 0.12.4 carries.
# Valid input: np.arange(100_000).sum() and 2 ** np.arange(33), with all warnings turned into errors.
# Expected, as NumPy 2 gives it on every 64-bit system, Windows included: int64, 4999950000 and 4294967296.
# Behavior seen: intp is the default integer since NumPy 2, and a pointer of 32-bit WebAssembly has 32 bits. The
#   results are wrong, and neither an error nor a warning is raised; np.array([2**31]) alone becomes int64.
# Output seen:
#   numpy 2.4.3, default integer int32
#   sum 704982704
#   power 0
#   sum with dtype=np.int64 4999950000
#   np.array([2**31]) has dtype int64
#
# Needs node, npm and Python with pip, and fetches 120 MB, most of it other parts of open-webui, which run nothing here.
# Exits with 0 while the behavior is as above, with 1 where it has changed, and with 2 where nothing could be fetched.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

wheel=numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl
sum=0cad9c1b91f0082e4f959bc0e0bf5835a2efbba6ab3b1e9d1fe6e7e564cca98e
{
  npm install --silent --no-fund --no-audit --prefix . pyodide@314.0.3
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest . open-webui==0.12.4
  python3 -m zipfile -e open_webui-0.12.4-*.whl unpacked
  mv "unpacked/open_webui/frontend/pyodide/$wheel" .
  printf '%s  %s\n' "$sum" "$wheel" | sha256sum --check --quiet
} >&2 || { echo "the packages could not be fetched" >&2; exit 2; }

cat > run.mjs <<'END'
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
await python.loadPackage(`./${process.argv[2]}`, { messageCallback() {} });
python.runPython(`
import warnings
warnings.simplefilter("error")
import numpy as np
print(f"numpy {np.__version__}, default integer {np.arange(1).dtype}")
print("sum", np.arange(100_000).sum())
print("power", (2 ** np.arange(33))[32])
print("sum with dtype=np.int64", np.arange(100_000).sum(dtype=np.int64))
print("np.array([2**31]) has dtype", np.array([2**31]).dtype)
`);
END
node run.mjs "$wheel" > seen.txt
cat seen.txt

cat > expected.txt <<'END'
numpy 2.4.3, default integer int32
sum 704982704
power 0
sum with dtype=np.int64 4999950000
np.array([2**31]) has dtype int64
END
diff expected.txt seen.txt > /dev/null || { echo "the behavior has changed" >&2; exit 1; }

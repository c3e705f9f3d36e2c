// node compile.mjs RUNTIME TARGET: starts the Python of the page in Node.js and lets it compile what a start imports.
//
// RUNTIME is the folder of the fetched files; in TARGET come python-compiled.zip and numpy-compiled.zip. Both are the same
// bytes wherever they are made: it is WebAssembly that makes them, and hashes of texts are not random.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, target] = process.argv.slice(2).map((folder) => path.resolve(folder) + path.sep);
const wheel = fs.readdirSync(runtime).find((name) => /^numpy-.*\.whl$/.test(name));
const program = fs.readFileSync(new URL("bytecode.py", import.meta.url), "utf8");

// Whatever Python, NumPy and our own modules import as they start, and what demos import. All else stays source, since it
// is smaller.
const START = `
import numpy, numpy.fft, numpy.linalg, numpy.random
import argparse, ast, base64, collections.abc, contextlib, dataclasses, difflib, fractions, functools, hashlib, heapq
import html, html.entities, importlib.metadata, io, itertools, json, math, pathlib, random, re, statistics, string
import struct, textwrap, traceback, types, typing, unicodedata, warnings
import sys
started = frozenset(sys.modules).__contains__
compiled("/tmp/python_stdlib.zip", "/tmp/python-compiled.zip", started)
compiled("/tmp/${wheel}", "/tmp/numpy-compiled.zip", started)
`;

try {
  const { loadPyodide } = await import(pathToFileURL(runtime + "pyodide.mjs"));
  const env = { HOME: "/home", PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" };
  const python = await loadPyodide({ indexURL: runtime, env, packages: ["numpy"], stdout: () => {} });
  for (const name of ["python_stdlib.zip", wheel]) python.FS.writeFile(`/tmp/${name}`, new Uint8Array(fs.readFileSync(runtime + name)));
  python.runPython(program + START);
  for (const name of ["python-compiled.zip", "numpy-compiled.zip"]) fs.writeFileSync(target + name, python.FS.readFile(`/tmp/${name}`));
} catch (error) {
  console.error(String(error.stack ?? error).slice(0, 2000)); // a stack may quote a megabyte of script
  process.exit(1);
}

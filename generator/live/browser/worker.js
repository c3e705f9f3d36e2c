// The worker that runs demos: Python (Pyodide) computes, Vega-Lite draws, and the page only receives text.
//
// A request {id, type, …} is answered by {id, ok: true, result} or {id, ok: false, error}; {type: "progress", …} tells
// how far a load has come. There are five requests:
//   init  {runtime, packages, files, patience}  start Python from that folder, and fetch what `load` will ask for;
//                                          patience: how many times longer than usual a run may take
//   load  {packages, files}                put the files of a demo in place; files: [{path, url, size, sha256, unpack}],
//                                          where `unpack` marks a zip archive whose files are put in place
//   run   {demo, settings, text, views, fresh}  run it and draw its main picture, if that changed; fresh: anyway;
//                                          views: what the axes of each picture must hold beside the data, or null
//   draw  {positions}                      other pictures of the newest run, each null where it did not change
//   table {index}                          the data of one picture of the newest run, as HTML
// Between Python and JavaScript there is nothing but JSON text. The page stops a run by ending the worker.

const SOFT_LIMIT = 4000; // milliseconds; then Python hears a Ctrl-C, and the worker survives
const ROOT = "/site";
const QUIET = { checkIntegrity: false, messageCallback() {}, errorCallback() {} };

const nativeFetch = self.fetch;
let index = {}; // file name -> {size, sha256}, of the runtime folder
let runtime = "";
let python = null;
let answer = null; // JSON -> JSON, of bridge.py
let deadline = Infinity;
let patience = 1;
const placed = new Map(); // path -> the sum of what lies there

class Trouble extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

// --- loading: every byte counted and checked -------------------------------------------------------------------

let loaded = 0;
let total = 0;
let told = 0;
let fail; // ends a wait that would not end by itself

function progress(bytes) {
  loaded += bytes;
  if (performance.now() - told > 50 || loaded >= total) {
    told = performance.now();
    postMessage({ type: "progress", loaded: Math.min(loaded, total), total });
  }
}

async function sum(chunks) {
  const digest = await crypto.subtle.digest("SHA-256", await new Blob(chunks).arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The response, or a Trouble that names the file. The body flows on while it arrives, so that WebAssembly compiles it
// meanwhile, but its end is held back until size and sum are known to be right.
async function checkedFetch(url, expected, options = {}) {
  const name = new URL(url).pathname.split("/").pop();
  const secure = Boolean(self.crypto?.subtle); // absent on plain http: then the browser's own check has to do
  if (expected && !secure) {
    const bytes = expected.sha256.match(/../g).map((pair) => String.fromCharCode(parseInt(pair, 16)));
    options = { ...options, integrity: "sha256-" + btoa(bytes.join("")) };
  }
  let response;
  try {
    response = await nativeFetch(url, options);
  } catch {
    throw new Trouble("load", `${name} could not be loaded: the connection failed` + (secure ? "" : " or it is damaged"));
  }
  if (!response.ok) throw new Trouble("load", `${name} could not be loaded: the server answered ${response.status}`);
  if (!expected) return response;

  const chunks = [];
  let size = 0;
  const check = new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength;
      progress(chunk.byteLength);
      chunks.push(chunk);
      if (size > expected.size) throw damaged(name, controller);
      controller.enqueue(chunk);
    },
    async flush(controller) {
      if (size !== expected.size || (secure && (await sum(chunks)) !== expected.sha256)) throw damaged(name, controller);
    },
  });
  const headers = new Headers(response.headers);
  if (name.endsWith(".wasm")) headers.set("Content-Type", "application/wasm"); // or it is refused, and nobody is told
  return new Response(response.body.pipeThrough(check), { status: response.status, headers });
}

function damaged(name, controller) {
  const trouble = new Trouble("load", `${name} is damaged: it is not the file that belongs to this site`);
  controller.error(trouble);
  fail?.(trouble);
  return trouble;
}

// Files are on their way before Python asks for them: url -> a promise of the checked response.
const early = new Map();

function fetchEarly(url, expected, whole = true) {
  if (early.has(url)) return;
  const response = checkedFetch(url, expected).then(async (found) => (whole ? new Response(await found.arrayBuffer()) : found));
  response.catch((error) => {
    early.delete(url);
    fail?.(error);
  });
  early.set(url, response);
}

async function take(url, expected) {
  fetchEarly(url, expected);
  const response = await early.get(url);
  early.delete(url);
  return response;
}

// Pyodide waits for ever for a file that is missing or broken. Whatever fails under here ends the wait.
self.fetch = async (input, options) => {
  const url = String(input.url ?? input);
  return runtime && url.startsWith(runtime) ? take(url, index[url.slice(runtime.length)]) : nativeFetch(input, options);
};

const { instantiateStreaming } = WebAssembly;
WebAssembly.instantiateStreaming = (...args) => {
  const made = instantiateStreaming.apply(WebAssembly, args);
  made.catch((error) => fail?.(new Trouble("load", `Python could not be started: ${error.message}`)));
  return made;
};

// A module is imported past fetch, so it is fetched once more to be checked; the browser's cache has it by then.
async function importModule(name) {
  fetchEarly(runtime + name, index[name]);
  try {
    const module = await import(runtime + name);
    early.delete(runtime + name);
    return module;
  } catch (error) {
    await early.get(runtime + name); // knows better what is wrong, if it is the file
    throw new Trouble("load", `${name} could not be loaded: ${error.message}`);
  }
}

// --- requests --------------------------------------------------------------------------------------------------

const requests = {
  async init(asked) {
    patience = asked.patience ?? 1;
    await unlessFailed(() => start(asked));
  },

  async load({ files, packages }) {
    const missing = files.filter((file) => placed.get(file.path) !== file.sha256);
    for (const file of missing) expect(file);
    await unlessFailed(async () => {
      await install(packages);
      for (const file of missing) {
        const content = await (await take(file.url, file)).arrayBuffer();
        if (file.unpack) await unpack(content); // importing from it is slower
        else place(`${ROOT}/${file.path}`, new Uint8Array(content));
        placed.set(file.path, file.sha256);
      }
    });
    ask({ do: "ready", packages }, Infinity); // imports take time, and that is not the demo's fault
  },

  async run({ demo, settings, text, views, fresh }) {
    const { view, ...found } = ask({ do: "run", demo, settings, text, views, fresh });
    drawings.length = found.count;
    return { ...found, picture: view && (await picture(0, view)) };
  },

  async draw({ positions }) {
    const { views } = ask({ do: "draw", positions });
    const pictures = [];
    for (const [i, view] of views.entries()) pictures.push(view && (await picture(positions[i], view)));
    return pictures;
  },

  async table({ index }) {
    return ask({ do: "table", index });
  },
};

// Modules that the build has compiled, see generator/live/compiling. Where it could not, the sources are there instead.
const compiled = (name) => `${name}-compiled.zip`;

const installed = new Set();

// Does nothing for packages that are there.
async function install(packages) {
  for (const name of packages.filter((each) => !installed.has(each))) {
    const file = compiled(name);
    if (index[file]) {
      const content = await (await take(runtime + file, index[file])).arrayBuffer();
      await unpack(content);
    } else await python.loadPackage([name], QUIET);
    installed.add(name);
  }
}

// Puts the files of a zip archive in place, in the order of its list of contents. The browser inflates them several times
// as fast as Python in WebAssembly would.
async function unpack(archive) {
  const view = new DataView(archive);
  let end = archive.byteLength - 22;
  while (view.getUint32(end, true) !== 0x06054b50) end--;
  const entries = [];
  for (let i = view.getUint16(end + 10, true), at = view.getUint32(end + 16, true); i; i--) {
    const [method, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [named, extra, remark] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const start = view.getUint32(at + 42, true);
    const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    const name = new TextDecoder().decode(new Uint8Array(archive, at + 46, named));
    entries.push({ name, method, bytes: new Uint8Array(archive, from, size) });
    at += 46 + named + extra + remark;
  }
  const inflated = ({ bytes }) => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
  const contents = await Promise.all(entries.map((entry) => (entry.method ? inflated(entry) : entry.bytes)));
  entries.forEach(({ name }, i) => name.endsWith("/") || place(`${ROOT}/${name}`, new Uint8Array(contents[i])));
}

function place(path, bytes) {
  python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
  python.FS.writeFile(path, bytes);
}

function expect(file) {
  if (!early.has(file.url)) total += file.size;
  fetchEarly(file.url, file);
}

async function start({ runtime: folder, packages, files }) {
  runtime = folder;
  ({ files: index } = await (await checkedFetch(runtime + "runtime.json")).json());
  const wanted = (name) => !/\.whl$|-compiled\.zip$/.test(name) || ["python", ...packages].some((each) => name.startsWith(`${each}-`));
  for (const [name, file] of Object.entries(index)) {
    if (!wanted(name)) continue;
    total += file.size;
    if (!name.endsWith(".mjs")) fetchEarly(runtime + name, file, !name.endsWith(".wasm"));
  }
  for (const file of files) expect(file);
  const bridge = take(new URL("bridge.py", import.meta.url).href);
  bridge.catch(() => {});
  vega = import(new URL("vega.js", import.meta.url).href);
  vega.catch(() => fail?.(new Trouble("load", "vega.js could not be loaded")));
  importModule("pyodide.asm.mjs").catch((error) => fail?.(error));
  const { loadPyodide } = await importModule("pyodide.mjs");
  python = await loadPyodide({
    indexURL: runtime,
    stdLibURL: runtime + (index[compiled("python")] ? compiled("python") : "python_stdlib.zip"),
    packages: packages.filter((each) => !index[compiled(each)]), // fetched while Python starts
    checkIntegrity: false, // done above, with a better message
    env: { HOME: ROOT, PYTHONDONTWRITEBYTECODE: "1" },
    stdout: () => {}, // what a demo prints reaches nobody; the page says so where it matters
    stderr: () => {},
  });
  python.runPython(`import sys; sys.path.insert(0, "${ROOT}")`);
  const names = python.globals.get("dict")();
  python.runPython(await (await bridge).text(), { globals: names, filename: "bridge.py" });
  answer = names.get("answer");
  // Python looks here every few hundred steps. Two is the number of Ctrl-C; it rings again should a demo not listen.
  python.setInterruptBuffer({
    get 0() {
      if (performance.now() < deadline) return 0;
      deadline = performance.now() + 1000;
      return 2;
    },
    set 0(_) {},
  });
}

// Whatever comes first: the end of the work, or a file that fails under it.
function unlessFailed(work) {
  const failed = new Promise((_, reject) => (fail = reject));
  return Promise.race([failed, work()]);
}

function ask(message, limit = SOFT_LIMIT * patience) {
  deadline = performance.now() + limit;
  let reply;
  try {
    reply = JSON.parse(answer(JSON.stringify(message)));
  } catch (error) {
    if (error.type === "KeyboardInterrupt") throw new Trouble("slow");
    throw Object.assign(new Trouble("broken", String(error.message).trim().split("\n").pop()), { fatal: true });
  } finally {
    deadline = Infinity;
  }
  if (reply.error) throw Object.assign(new Trouble(reply.error.kind, reply.error.message), reply.error);
  return reply.result;
}

// --- drawing ---------------------------------------------------------------------------------------------------

// Vega-Embed is the one door into the bundle, and it asks for a page. It gets an empty one: charts are drawn as text,
// and their specifications leave nothing to the measuring of letters.
const element = () => ({
  nodeType: 1,
  style: {},
  childNodes: [],
  ownerDocument: emptyPage,
  classList: { add() {}, remove() {} },
  appendChild: (child) => child,
  getRootNode: () => null,
  removeChild() {},
  setAttribute() {},
  addEventListener() {},
  removeEventListener() {},
});
const emptyPage = { createElement: element, getElementById: element, addEventListener() {}, removeEventListener() {} };

let vega = null; // a promise of the bundle
const drawings = []; // by position of the picture: its outline and the Vega view that drew it

// A picture as text: {html}, and of a drawing also {svg}.
async function picture(position, { html, spec }) {
  if (!spec) return { html };
  const data = {};
  const shape = lift(spec, data);
  const outline = JSON.stringify(shape);
  const last = drawings[position];
  const view = last?.outline === outline ? await refill(last.view, data) : await build(shape, data);
  drawings[position] = { outline, view };
  return { html, svg: await view.toSVG() };
}

// The specification without its rows, which go into `data` by name: where only rows change, the view is kept.
function lift(node, data) {
  if (node === null || typeof node !== "object") return node;
  if (Array.isArray(node)) return node.map((each) => lift(each, data));
  const copy = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "data" && Array.isArray(value?.values)) {
      const name = `rows${Object.keys(data).length}`;
      data[name] = value.values;
      copy.data = { ...value, name, values: [] };
    } else copy[key] = lift(value, data);
  }
  return copy;
}

async function refill(view, data) {
  for (const [name, rows] of Object.entries(data)) view.data(name, rows);
  await view.runAsync();
  return view;
}

async function build(shape, data) {
  await vega;
  self.window ??= self; // only now: with a window and a page, Python would take this for more than a worker
  self.document ??= emptyPage;
  const { view } = await self.termlabEmbed(element(), shape, {
    ast: true, // expressions are walked, not compiled: nothing here needs eval
    actions: false,
    defaultStyle: false,
    renderer: "none",
    logLevel: 1,
    loader: {
      load: () => Promise.reject(new Error("charts load nothing")),
      sanitize: async (uri) => ({ href: /^data:image\/png;base64,/.test(uri) ? uri : "" }),
    },
  });
  return refill(view, data);
}

// One after another: a request never sees another one half done.
let queue = Promise.resolve();
self.onmessage = ({ data }) => {
  queue = queue.then(async () => {
    try {
      postMessage({ id: data.id, ok: true, result: await requests[data.type](data) });
    } catch (error) {
      const { kind = "broken", message, hint, path, line, own, code, fatal } = error;
      postMessage({ id: data.id, ok: false, error: { kind, message, hint, path, line, own, code, fatal } });
    }
  });
};

// The worker that runs demos: Python (Pyodide) computes, Vega-Lite draws, and the page only receives text.
//
// A request {id, type, …} is answered by {id, ok: true, result} or {id, ok: false, error}; {type: "progress", …} tells
// how far a load has come. There are four requests:
//   init  {runtime, packages}              start Python from that folder
//   load  {files, packages}                put the files of a demo in place; files: [{path, url, size, sha256}]
//   run   {demo, settings, text, fresh}    run it and draw what changed; fresh: draw everything
//   table {index}                          the data of one picture of the newest run
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

// Pyodide waits for ever for a file that is missing or broken. Whatever fails under here ends the wait.
self.fetch = async (input, options) => {
  const url = String(input.url ?? input);
  if (!runtime || !url.startsWith(runtime)) return nativeFetch(input, options);
  try {
    return await checkedFetch(url, index[url.slice(runtime.length)]);
  } catch (error) {
    fail?.(error);
    throw error;
  }
};

for (const name of ["instantiateStreaming", "instantiate"]) {
  const native = WebAssembly[name];
  WebAssembly[name] = (...args) => {
    const made = native.apply(WebAssembly, args);
    made.catch((error) => fail?.(new Trouble("load", `Python could not be started: ${error.message}`)));
    return made;
  };
}

// A module is not loaded through fetch, so a broken one is looked for afterwards.
async function importModule(name) {
  try {
    return await import(runtime + name);
  } catch (error) {
    await checkScripts();
    throw new Trouble("load", `${name} could not be loaded: ${error.message}`);
  }
}

async function checkScripts() {
  for (const name of Object.keys(index).filter((each) => each.endsWith(".mjs"))) {
    await (await checkedFetch(runtime + name, index[name])).arrayBuffer();
  }
}

// --- requests --------------------------------------------------------------------------------------------------

const requests = {
  async init(asked) {
    try {
      await unlessFailed(start(asked));
    } catch (error) {
      if (!(error instanceof Trouble)) await checkScripts();
      throw error;
    }
  },

  async load({ files, packages }) {
    const missing = files.filter((file) => placed.get(file.path) !== file.sha256);
    total += missing.reduce((bytes, file) => bytes + file.size, 0);
    const texts = missing.map(async (file) => (await checkedFetch(file.url, file)).arrayBuffer());
    await unlessFailed(python.loadPackage(packages, QUIET)); // does nothing for those that are there
    const contents = await Promise.all(texts);
    missing.forEach((file, i) => {
      const path = `${ROOT}/${file.path}`;
      python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
      python.FS.writeFile(path, new Uint8Array(contents[i]));
      placed.set(file.path, file.sha256);
    });
    ask({ do: "ready", packages }, Infinity); // imports take time, and that is not the demo's fault
  },

  async run({ demo, settings, text, fresh }) {
    const { views, ...found } = ask({ do: "run", demo, settings, text, fresh });
    const pictures = [];
    for (const [i, view] of views.entries()) pictures.push(view && (await picture(i, view)));
    drawings.length = views.length;
    return { ...found, views: pictures };
  },

  async table({ index }) {
    return ask({ do: "table", index });
  },
};

async function start({ runtime: folder, packages }) {
  runtime = folder;
  ({ files: index } = await (await checkedFetch(runtime + "runtime.json")).json());
  const wanted = ([name]) => !name.endsWith(".whl") || packages.some((each) => name.startsWith(each + "-"));
  total = Object.entries(index).filter(wanted).reduce((bytes, [, file]) => bytes + file.size, 0);
  const bridge = checkedFetch(new URL("bridge.py", import.meta.url).href).then((response) => response.text());
  bridge.catch(() => {});
  const { loadPyodide } = await importModule("pyodide.mjs");
  progress(index["pyodide.mjs"].size);
  importModule("pyodide.asm.mjs").then(() => progress(index["pyodide.asm.mjs"].size), fail);
  python = await loadPyodide({
    indexURL: runtime,
    packages, // fetched while Python starts
    checkIntegrity: false, // done above, with a better message
    env: { HOME: ROOT, PYTHONDONTWRITEBYTECODE: "1" },
    stdout: () => {}, // what a demo prints reaches nobody; the page says so where it matters
    stderr: () => {},
  });
  python.runPython(`import sys; sys.path.insert(0, "${ROOT}")`);
  const names = python.globals.get("dict")();
  python.runPython(await bridge, { globals: names, filename: "bridge.py" });
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
  return Promise.race([work, failed]);
}

function ask(message, limit = SOFT_LIMIT) {
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

// Vega-Embed is the one door into the bundle, and it asks for a page. It gets an empty one: the charts are drawn
// without any, as text, and measuring text is the only thing that has to be real.
function emptyPage() {
  const element = () => ({
    nodeType: 1,
    style: {},
    childNodes: [],
    ownerDocument: self.document,
    classList: { add() {}, remove() {} },
    appendChild: (child) => child,
    getRootNode: () => null,
    removeChild() {},
    setAttribute() {},
    addEventListener() {},
    removeEventListener() {},
  });
  return {
    createElement: (name) => (name === "canvas" ? new OffscreenCanvas(1, 1) : element()),
    getElementById: element,
    addEventListener() {},
    removeEventListener() {},
    body: null,
  };
}

let embed = null;
const drawings = []; // by position of the picture: its outline and the Vega view that drew it

async function loadVega() {
  self.window = self;
  self.document = emptyPage();
  await import(new URL("vega.js", import.meta.url).href);
  return self.termlabEmbed;
}

// A picture as text: {type, title, label, svg} or {type, title, html}.
async function picture(position, { spec, ...about }) {
  if (!spec) return about;
  const data = {};
  const shape = lift(spec, data);
  const outline = JSON.stringify(shape);
  const last = drawings[position];
  const view = last?.outline === outline ? await refill(last.view, data) : await build(shape, data);
  drawings[position] = { outline, view };
  return { ...about, svg: await view.toSVG() };
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
  embed ??= await loadVega();
  const { view } = await embed(self.document.createElement("div"), shape, {
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

// Python in the page: one worker per tab (worker.js computes and draws), started when it is needed for the first time.

// How many times longer than a reader a page waits for a demo. Tests set it before the page loads, since they share
// their machine with other tests; nothing in a page or a link can.
const PATIENCE = Number(globalThis.termlabPatience) || 1;
export const HARD_LIMIT = 10_000 * PATIENCE; // milliseconds; a worker that is silent for longer is ended
export const SILENCE = 45_000 * PATIENCE; // milliseconds without a byte while loading

let ids = 0;

export const engine = {
  worker: null,
  needs: null, // {runtime, packages, files}: what to start with, also after it was ended
  ready: null, // a promise while it starts and after
  up: false,
  waiting: new Map(), // id -> what to do with the answer
  owner: null, // the demo whose pictures the worker remembers
  turn: Promise.resolve(),
  onprogress() {},

  start(needs = this.needs) {
    if (this.ready) return this.ready;
    this.needs = needs;
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    const endThis = (reason) => this.worker === worker && this.end(reason); // and no later one
    this.worker = worker;
    worker.onmessage = ({ data }) => this.answered(data);
    worker.onerror = ({ message }) =>
      endThis(this.up ? { kind: "broken", message } : { kind: "load", message: "worker.js could not be loaded" });
    this.ready = this.call("init", { ...needs, patience: PATIENCE }).then(() => (this.up = true));
    this.ready.catch(endThis);
    return this.ready;
  },

  call(type, data) {
    const id = ++ids;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, type, ...data });
    });
  },

  answered({ id, type, ok, result, error, ...rest }) {
    if (type === "progress") return this.onprogress(rest);
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (ok) call?.resolve(result);
    else call?.reject(error);
    if (error?.fatal) this.restart(error);
  },

  // Everybody who waits is told why.
  end(reason) {
    this.worker?.terminate();
    const calls = [...this.waiting.values()];
    this.waiting.clear();
    Object.assign(this, { worker: null, ready: null, up: false, owner: null });
    for (const call of calls) call.reject(reason);
  },

  restart(reason) {
    this.end(reason);
    this.start().catch(() => {}); // the next Run says what is wrong
  },

  // Runs of several demos on a page take turns, so that a limit counts for its own run only.
  inTurn(work) {
    const done = this.turn.then(work, work);
    this.turn = done.catch(() => {});
    return done;
  },
};

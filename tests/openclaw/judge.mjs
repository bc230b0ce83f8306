// The real OpenClaw as judge of many configs: two processes, a fifth of a second a verdict, none twice.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const WORKERS = 2;
const LIMIT_MS = 90_000;
// Long enough for every check of a secret's length, and another for each variable, as no two secrets should be the same.
const secret = (name) => createHash('sha256').update(name).digest('hex').slice(0, 48);
// These say where OpenClaw finds its own files: a made-up value would move the judge off the config.
const PLACES = /^(OPENCLAW_(STATE_DIR|CONFIG_PATH|HOME|OAUTH_DIR|NIX_MODE|CONFIG_READONLY|PROFILE)|HOME|PATH|NODE_.*)$/;

// What every program that the suite starts sees of the environment: nothing of the caller's, and no network.
export function environment(home, extra = {}) {
  return {
    PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    HOME: home,
    TMPDIR: path.join(home, 'tmp'),
    npm_config_offline: 'true',
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
    ...extra,
  };
}

// A HOME with a config in it, as OpenClaw keeps it, and the files beside it: a text, or a link { link } or { hard } to another.
export function makeHome(home, bytes, files = {}) {
  const state = path.join(home, '.openclaw');
  fs.mkdirSync(state, { recursive: true });
  fs.chmodSync(state, 0o700);
  fs.mkdirSync(path.join(home, 'tmp'));
  const file = path.join(state, 'openclaw.json');
  if (bytes) fs.writeFileSync(file, bytes, { mode: 0o600 });
  for (const [name, content] of Object.entries(files)) {
    const beside = path.join(state, name);
    fs.mkdirSync(path.dirname(beside), { recursive: true, mode: 0o700 });
    if (typeof content === 'string') fs.writeFileSync(beside, content, { mode: 0o600 });
    else if (content.link) fs.symlinkSync(content.link, beside);
    else fs.linkSync(path.join(state, content.hard), beside);
  }
  return file;
}

// A value for each variable that a config refers to, as `${NAME}`, `$NAME` or the id of a SecretRef.
export function fillVariables(text) {
  const env = {};
  for (const [, name] of text.matchAll(/\$\{?([A-Z_][A-Z0-9_]*)/g)) env[name] = secret(name);
  for (const [, name] of text.matchAll(/\bid['"]?\s*:\s*['"]([A-Z][A-Z0-9_]*)['"]/g)) env[name] = secret(name);
  for (const name of Object.keys(env)) if (PLACES.test(name)) delete env[name];
  return env;
}

export class Judge {
  #dist;
  #work;
  #idle = [];
  #queue = [];
  #verdicts = new Map();
  #fatal = null;
  #homes = 0;
  #timers = new Map();
  asked = 0;

  constructor(openclaw, work) {
    this.#dist = path.join(openclaw, 'dist');
    this.#work = work;
    for (let n = 0; n < WORKERS; n += 1) this.#start();
  }

  // How many verdicts OpenClaw really gave; the others were asked for before.
  get given() {
    return this.#verdicts.size;
  }

  // What OpenClaw says of a config: { valid, issues } or { valid, findings }.
  verdict(bytes, env = {}, files = {}) {
    this.asked += 1;
    const key = identity(bytes, env, files);
    if (!this.#verdicts.has(key)) {
      this.#verdicts.set(key, new Promise((resolve, reject) => {
        this.#queue.push({ bytes, env, files, resolve, reject });
        this.#next();
      }));
    }
    return this.#verdicts.get(key);
  }

  close() {
    this.#fatal = 'closed';
    for (const worker of this.#idle) worker.kill('SIGKILL');
  }

  #start() {
    const home = path.join(this.#work, `judge-${this.#homes++}`);
    fs.mkdirSync(path.join(home, 'tmp'), { recursive: true });
    const worker = fork(new URL('worker.mjs', import.meta.url), [this.#dist], {
      env: environment(home),
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    worker.on('message', (message) => {
      if (message.fatal) return this.#fail(message.fatal);
      if (!message.ready) this.#answer(worker, message);
      this.#idle.push(worker);
      this.#next();
    });
    worker.on('exit', () => {
      this.#idle = this.#idle.filter((other) => other !== worker);
      if (this.#fatal) return;
      if (!worker.task) return this.#fail('a process of the judge ended before it could judge');
      this.#answer(worker, worker.task.again ? { error: 'it ended or ran out of time, twice' } : null);
      this.#start();
    });
  }

  #fail(reason) {
    this.#fatal = reason;
    for (const task of this.#queue.splice(0)) task.reject(new Error(reason));
  }

  #next() {
    if (this.#fatal && this.#queue.length > 0) return this.#fail(this.#fatal);
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const worker = this.#idle.pop();
      worker.task = this.#queue.shift();
      worker.home = path.join(this.#work, `judged-${this.#homes++}`);
      makeHome(worker.home, worker.task.bytes, worker.task.files);
      this.#timers.set(worker, setTimeout(() => worker.kill('SIGKILL'), LIMIT_MS));
      worker.send({ home: worker.home, env: environment(worker.home, worker.task.env) });
    }
  }

  #answer(worker, verdict) {
    clearTimeout(this.#timers.get(worker));
    const { task, home } = worker;
    worker.task = null;
    // OpenClaw leaves databases in each HOME: a gigabyte in the end.
    fs.rmSync(home, { recursive: true, force: true });
    if (!verdict) {
      // Once may be the machine's fault.
      task.again = true;
      this.#queue.unshift(task);
    } else if (verdict.error) task.reject(new Error(`the judge could not judge: ${verdict.error}`));
    else task.resolve(verdict);
  }
}

// Two configs that differ only in what a generated token is are one case; which tokens are equal stays.
function identity(bytes, env, files) {
  const tokens = new Map();
  const text = bytes.toString('latin1').replace(/\b[0-9a-f]{48}\b/g, (token) => {
    if (!tokens.has(token)) tokens.set(token, `<token ${tokens.size}>`);
    return tokens.get(token);
  });
  return createHash('sha256').update(text).update('\0').update(JSON.stringify([env, files])).digest('hex');
}

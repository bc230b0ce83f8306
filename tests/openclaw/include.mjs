// Configs in several files. Each valid config is split over files that it includes, in every way that OpenClaw knows: it must
// merge to what it was, be audited alike, and be hardened to what it would be in one file. Then what OpenClaw refuses to include.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { environment, makeHome } from './judge.mjs';

const OURS_ALONE = /^(harden|browser)\./;
// Two programs that make a token make two.
const TOKEN = /^[0-9a-f]{48}$/;

export async function includeCases({ configs, judge, program, newHome }) {
  const cases = [];
  for (const [n, config] of configs.entries()) {
    const value = parsed(config.text);
    if (!value) continue;
    const split = new Splitter(n + 1).split(value);
    const tree = { ...config, ...split, value };
    cases.push([`${config.name} in ${Object.keys(split.files).length} files`, () => compare(tree, { judge, program, newHome })]);
  }
  for (const [name, tree] of Object.entries(FIXED)) {
    cases.push([name, () => refusedAlike({ env: {}, ...tree }, { judge, program, newHome })]);
  }
  return cases;
}

const parsed = (text) => { try { return JSON.parse(text); } catch { return relaxed(text); } };

// What is no strict JSON is read by the json5 that OpenClaw brings.
let json5;
function relaxed(text) {
  try {
    json5 ??= process.getBuiltinModule('node:module').createRequire(path.join(process.env.OPENCLAW_PACKAGE, 'x.js'))('json5');
    return json5.parse(text);
  } catch { return null; }
}

// Moves parts of a value into files, the same for the same seed.
class Splitter {
  #state;
  files = {};

  constructor(seed) { this.#state = seed * 2654435761 >>> 0; }

  // A whole number from 0 to below `n`.
  #roll(n) {
    this.#state ^= this.#state << 13; this.#state ^= this.#state >>> 17; this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % n;
  }

  split(value) {
    let root = this.#within(value, '', 0);
    if (Object.keys(this.files).length === 0) root = { $include: this.#file(value, '', 0) };
    return { bytes: Buffer.from(JSON.stringify(root, null, 2)), files: this.files };
  }

  #within(value, folder, depth) {
    if (Array.isArray(value)) return value.map((item) => (isObject(item) ? this.#within(item, folder, depth) : item));
    if (!isObject(value)) return value;
    // One in three objects comes from files, in one of five ways.
    const way = depth < 4 && Object.keys(value).length > 0 ? this.#roll(depth === 0 ? 5 : 15) : 9;
    const keys = Object.keys(value);
    const half = keys.filter(() => this.#roll(2) === 0);
    const some = pick(value, half);
    const others = pick(value, keys.filter((key) => !half.includes(key)));
    const inner = (one) => this.#members(one, folder, depth);
    if (way === 0) return depth === 0 ? inner(value) : { $include: this.#file(value, folder, depth) };
    if (way === 1) return { $include: this.#file(some, folder, depth), ...inner(others) };
    if (way === 2) return { $include: [this.#file(some, folder, depth), this.#file(others, folder, depth)] };
    // What an earlier file says is overridden: scalars are made wrong there, lists are cut in two.
    if (way === 3) {
      const [first, second] = this.#torn(value);
      return { $include: [this.#file(first, folder, depth), this.#file(second, folder, depth)] };
    }
    if (way === 4) {
      const [first, second] = this.#torn(value);
      return { $include: this.#file(first, folder, depth), ...inner(second) };
    }
    return inner(value);
  }

  #members(value, folder, depth) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#within(one, folder, depth + 1)]));
  }

  // Two objects that merge to this one.
  #torn(value) {
    const first = {};
    const second = {};
    for (const [key, one] of Object.entries(value)) {
      if (Array.isArray(one) && one.length > 0) {
        const at = this.#roll(one.length + 1);
        first[key] = one.slice(0, at);
        second[key] = one.slice(at);
      } else if (isObject(one)) {
        [first[key], second[key]] = this.#torn(one);
      } else if (Array.isArray(one)) {
        first[key] = one;
      } else {
        if (this.#roll(2) === 0) first[key] = this.#roll(2) === 0 ? one : 'overridden';
        second[key] = one;
      }
    }
    return [first, second];
  }

  // Puts a value into a file of its own and gives the path to it from `folder`.
  #file(value, folder, depth) {
    const name = `${this.#roll(3) === 0 ? 'parts/' : ''}${Object.keys(this.files).length + 1}.json5`;
    const full = path.posix.join(folder, name);
    this.files[full] = '';
    const text = JSON.stringify(this.#within(value, path.posix.dirname(full), depth + 1), null, 2);
    this.files[full] = `// ${name}\n${text}\n`;
    return this.#roll(2) === 0 ? `./${name}` : name;
  }
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const pick = (value, keys) => Object.fromEntries(keys.map((key) => [key, value[key]]));

// What the config of a HOME is now: its bytes, and the files beside it.
function read(state, names) {
  const text = (name) => fs.readFileSync(path.join(state, name));
  return { bytes: text('openclaw.json'), files: Object.fromEntries(names.map((name) => [name, text(name).toString()])) };
}

function run(program, home, args, env) {
  return new Promise((resolve) => {
    const options = { env: environment(home, env), cwd: home, timeout: 60_000, maxBuffer: 1 << 26 };
    execFile(program, [...args, '--lang', 'en', '--engine', 'docker', '--format', 'json'], options, (error, stdout, stderr) => {
      let report = null;
      try { report = JSON.parse(stdout); } catch { /* said by whoever needs it */ }
      resolve({ code: error ? error.code ?? error.signal : 0, stderr, report });
    });
  });
}

function counted(findings) {
  const counts = new Map();
  for (const one of findings) counts.set(one.join(' '), (counts.get(one.join(' ')) ?? 0) + 1);
  return [...counts].map(([key, n]) => `${key}: ${n}`).sort();
}

async function compare(tree, { judge, program, newHome }) {
  const reasons = [];
  const before = await judge.verdict(tree.bytes, tree.env, tree.files);
  if (!isDeepStrictEqual(plain(before.merged), plain(tree.value))) return ['the suite split it into something else'];
  const home = newHome();
  const state = path.dirname(makeHome(home, tree.bytes, tree.files));
  const audit = await run(program, home, ['audit', '--fail-on', 'never'], tree.env);
  if (audit.code !== 0 || !audit.report) return [`audit ended with ${audit.code}: ${audit.stderr.slice(0, 300)}`];
  if (audit.report.valid !== before.valid) return [`valid: ours ${audit.report.valid}, theirs ${JSON.stringify(before.issues ?? true)}`];
  if (before.valid) {
    const ours = audit.report.findings.filter(({ checkId }) => !OURS_ALONE.test(checkId)).map(({ checkId, severity }) => [checkId, severity]);
    const [left, right] = [counted(ours), counted(before.findings.map(([id, severity]) => [id, severity]))];
    const differing = [...left.filter((one) => !right.includes(one)).map((one) => `only ours: ${one}`), ...right.filter((one) => !left.includes(one)).map((one) => `only theirs: ${one}`)];
    reasons.push(...differing);
  }
  // In one file and in several: the same comes of it.
  const whole = newHome();
  const file = makeHome(whole, Buffer.from(JSON.stringify(tree.value)));
  const [one, several] = [await run(program, whole, ['apply', '--yes'], tree.env), await run(program, home, ['apply', '--yes'], tree.env)];
  if (!several.report) return [...reasons, ...(one.report ? [`apply ended with ${several.code}: ${several.stderr.slice(0, 300)}`] : [])];
  const after = await judge.verdict(...Object.values(read(state, Object.keys(tree.files))).toSpliced(1, 0, tree.env));
  if (before.valid && !after.valid) reasons.push(`OpenClaw refuses the result: ${JSON.stringify(after.issues).slice(0, 300)}`);
  const wanted = plain(parsed(fs.readFileSync(file, 'utf8')));
  const difference = firstDifference(wanted, plain(after.merged));
  if (difference) reasons.push(`after apply, in one file and in several: ${difference}`);
  // A second time there is nothing to do; and restoring brings every file back.
  const again = await run(program, home, ['apply', '--yes'], tree.env);
  if (again.report?.changed !== false) reasons.push('a second apply changes something');
  const restored = await run(program, home, ['restore', '--yes'], tree.env);
  const back = read(state, Object.keys(tree.files));
  const isBack = back.bytes.equals(tree.bytes) && isDeepStrictEqual(back.files, tree.files);
  if (several.report.changed && !isBack) reasons.push(`restore ended with ${restored.code} and does not bring every file back`);
  const stray = fs.readdirSync(state).filter((name) => /\.(begun|tmp)$/.test(name));
  if (stray.length > 0) reasons.push(`left behind: ${stray.join(', ')}`);
  fs.rmSync(home, { recursive: true });
  fs.rmSync(whole, { recursive: true });
  return reasons;
}

// A value as JSON has it, the keys of objects in order, tokens that a program made alike.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries(Object.keys(value).sort().map((key) => [key, plain(value[key])]));
  return typeof value === 'string' && TOKEN.test(value) ? '<token>' : value;
}

function firstDifference(one, other, at = '') {
  if (isDeepStrictEqual(one, other)) return null;
  if (isObject(one) && isObject(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const found = firstDifference(one[key], other[key], at ? `${at}.${key}` : key);
      if (found) return found;
    }
  }
  return `${at}: ${JSON.stringify(one)?.slice(0, 120)} and ${JSON.stringify(other)?.slice(0, 120)}`;
}

const include = (value) => Buffer.from(JSON.stringify({ gateway: { mode: 'local' }, ...value }));
const chain = (length) => Object.fromEntries(Array.from({ length }, (_, n) => [`${n + 1}.json`, n + 1 === length ? '{}' : `{"$include": "${n + 2}.json"}`]));

// What OpenClaw takes and what it refuses to draw in.
const FIXED = {
  'a file that is absent': { bytes: include({ $include: 'gone.json' }) },
  'a path that leads out': { bytes: include({ $include: '../x.json' }) },
  'an absolute path elsewhere': { bytes: include({ $include: '/etc/hostname' }) },
  'a link that leads out': { bytes: include({ $include: 'link.json' }), files: { 'link.json': { link: '/etc/hostname' } } },
  'a link that stays': { bytes: include({ tools: { $include: 'link.json' } }), files: { 'real.json': '{"profile": "coding"}', 'link.json': { link: 'real.json' } } },
  'a hard link': { bytes: include({ $include: 'a.json' }), files: { 'a.json': '{}', 'b.json': { hard: 'a.json' } } },
  'a circle of two': { bytes: include({ $include: 'a.json' }), files: { 'a.json': '{"$include": "b.json"}', 'b.json': '{"$include": "./a.json"}' } },
  'the config itself': { bytes: include({ tools: { $include: 'openclaw.json' } }) },
  'ten levels': { bytes: include({ $include: '1.json' }), files: chain(10) },
  'eleven levels': { bytes: include({ $include: '1.json' }), files: chain(11) },
  'a number': { bytes: include({ $include: 5 }) },
  'a list with a number': { bytes: include({ $include: ['a.json', 5] }), files: { 'a.json': '{}' } },
  'an empty list': { bytes: include({ tools: { $include: [] } }) },
  'an empty path': { bytes: include({ $include: '' }) },
  'a list beside keys': { bytes: include({ tools: { $include: 'a.json', profile: 'coding' } }), files: { 'a.json': '[]' } },
  'a text for an object': { bytes: include({ tools: { profile: { $include: 'a.json' } } }), files: { 'a.json': '"coding"' } },
  'a file that is no JSON5': { bytes: include({ $include: 'a.json' }), files: { 'a.json': '{a' } },
  'an empty file': { bytes: include({ $include: 'a.json' }), files: { 'a.json': '' } },
  'a file of 2 MiB': { bytes: include({ $include: 'a.json' }), files: { 'a.json': '{}'.padEnd(2 << 20) } },
  'a file over 2 MiB': { bytes: include({ $include: 'a.json' }), files: { 'a.json': '{}'.padEnd((2 << 20) + 1) } },
  'a long path': { bytes: include({ $include: `${'x/'.repeat(2048)}a.json` }) },
  'one file twice': { bytes: include({ tools: { $include: ['a.json', 'a.json'] } }), files: { 'a.json': '{"deny": ["browser"]}' } },
  'a key that OpenClaw does not know': { bytes: include({ tools: { $include: 'a.json' } }), files: { 'a.json': '{"profle": "coding"}' } },
  'keys of every object': { bytes: include({ tools: { $include: 'a.json', deny: [] } }), files: { 'a.json': '{"constructor": 1, "prototype": {}}' } },
};

async function refusedAlike(tree, { judge, program, newHome }) {
  const theirs = await judge.verdict(tree.bytes, tree.env, tree.files);
  const home = newHome();
  makeHome(home, tree.bytes, tree.files);
  const { code, stderr, report } = await run(program, home, ['audit', '--fail-on', 'never'], tree.env);
  fs.rmSync(home, { recursive: true });
  const isIncludes = !theirs.valid && theirs.issues.every((issue) => issue.path === '');
  if (isIncludes) {
    if (code !== 2) return [`OpenClaw refuses it (${theirs.issues[0].message}), audit ended with ${code}`];
    return /\.json:\d+:\d+: ./.test(stderr) ? [] : [`no file:line:column and reason in: ${stderr.slice(0, 200)}`];
  }
  if (!report) return [`OpenClaw reads it, audit ended with ${code}: ${stderr.slice(0, 200)}`];
  return report.valid === theirs.valid ? [] : [`valid: ours ${report.valid}, theirs ${theirs.valid} ${JSON.stringify(theirs.issues)}`];
}

// Lists what came and went between the schema of a version and the newest older one held, and proposes lines for the catalogue of
// retired keys. Started by `take`: node tests/schema/compare.mjs FOLDER VERSION [--doctor]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { environment, makeHome } from '../openclaw/judge.mjs';

const [folder, version, ...options] = process.argv.slice(2);
// A schema refers to itself in few places; deeper than this nothing new comes.
const DEEPEST = 14;

const parts = (text) => text.split(/[.-]/).map(Number);
const byVersion = (a, b) => {
  const [x, y] = [parts(a), parts(b)];
  for (let n = 0; n < Math.max(x.length, y.length); n += 1) if ((x[n] ?? 0) !== (y[n] ?? 0)) return (x[n] ?? 0) - (y[n] ?? 0);
  return 0;
};

// Every key of a schema, `*` for any name and `[]` for any position, with the types or values that it takes.
function read(version) {
  const [head, body] = fs.readFileSync(path.join(folder, `${version}.txt`), 'utf8').split(/\n\n([^]*)/);
  const lines = body.split('\n').map((line) => line.split('\t').filter(Boolean).map((field) => [field[0], field.slice(1)]));
  const keys = new Map();
  const say = (at, what) => keys.set(at, new Set([...keys.get(at) ?? [], ...what]));
  const below = (at, key) => (at ? `${at}.${key}` : key);
  function walk(id, at, open) {
    if (open.length > DEEPEST || open.filter((one) => one === id).length > 1) return;
    for (const [field, value] of lines[id] ?? []) {
      const inner = (ids, place) => value && ids.forEach((one) => walk(Number(one), place, [...open, id]));
      if (field === 't' && at) say(at, [...value]);
      if (field === 'e' && at) say(at, JSON.parse(value).map((one) => JSON.stringify(one)));
      if (field === 'm') inner([value], below(at, '*'));
      if (field === 'l') inner([value], `${at}[]`);
      if (field === '|' || field === '&') inner(value.split(','), at);
      if (field === 'p') for (const named of value.split(',').filter(Boolean)) {
        const [name, node] = named.split('=');
        if (!keys.has(below(at, name))) keys.set(below(at, name), new Set());
        walk(Number(node), below(at, name), [...open, id]);
      }
    }
  }
  const facts = Object.fromEntries(head.split('\n').map((line) => line.split(/ (.*)/)));
  walk(Number(facts.root), '', []);
  return { keys, facts };
}

// A small config that has a key, with a value that its old schema takes.
function example(key, kinds) {
  const listed = [...kinds].find((kind) => /^["\d]|^(true|false)$/.test(kind));
  const kind = [...kinds][0];
  const value = listed ? JSON.parse(listed) : { o: {}, a: [], n: 1, i: 1, b: true, z: null }[kind] ?? 'sample';
  const steps = key.split('.').flatMap((part) => [part.replace(/(\[\])+$/, ''), ...(part.match(/\[\]/g) ?? [])]);
  return steps.reduceRight((inner, step) => (step === '[]' ? [inner] : { [step === '*' ? 'k1' : step]: inner }), value);
}

const leaves = (value, at = '') => (value && typeof value === 'object' && Object.keys(value).length > 0
  ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, at ? `${at}.${key}` : key)) : [[at, JSON.stringify(value)]]);

// What OpenClaw's doctor makes of a config: where a value that it had is then, or nothing.
function doctored(config) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'take-'));
  const file = makeHome(home, Buffer.from(JSON.stringify(config)));
  spawnSync(process.execPath, [path.join(process.env.OPENCLAW_PACKAGE, 'openclaw.mjs'), 'doctor', '--fix', '--non-interactive', '--yes'],
    { env: environment(home), cwd: home, stdio: 'ignore', timeout: 120_000 });
  const before = leaves(config);
  let after;
  try { after = leaves(JSON.parse(fs.readFileSync(file, 'utf8'))); } finally { fs.rmSync(home, { recursive: true, force: true }); }
  if (before.every(([at]) => after.some(([place]) => place === at))) return 'kept';
  const own = /^(meta|wizard|skills\.entries|agents\.entries)\b/;
  return after.find(([at, value]) => !own.test(at) && before.some(([old, was]) => old !== at && was === value))?.[0] ?? '';
}

const held = fs.readdirSync(folder).filter((name) => /^\d.*\.txt$/.test(name)).map((name) => name.slice(0, -4));
const older = held.filter((other) => byVersion(other, version) < 0).sort(byVersion).at(-1);
const newer = held.filter((other) => byVersion(other, version) > 0).sort(byVersion)[0];
// With nothing older to compare, the next newer one says what went after this version.
const [from, to] = older ? [older, version] : newer ? [version, newer] : [null, version];
if (!from) {
  console.log(`${version} is the only schema held: there is nothing to compare it with`);
  process.exit(0);
}
const [was, is] = [read(from), read(to)];
const top = (keys, other) => [...keys.keys()].filter((key) => !other.has(key))
  .filter((key, _, all) => !all.some((one) => one !== key && (key.startsWith(`${one}.`) || key.startsWith(`${one}[`)))).sort();
const came = top(is.keys, was.keys);
const went = top(was.keys, is.keys);
const values = [...was.keys].flatMap(([key, kinds]) => (is.keys.has(key) ? [...kinds].filter((kind) => !is.keys.get(key).has(kind)).map((kind) => [key, kind]) : []));
console.log(`\n${from} -> ${to}: ${came.length} keys came, ${went.length} went, ${values.length} values or types of a key went`);
for (const key of came) console.log(`+ ${key}`);
for (const key of went) console.log(`- ${key}`);
for (const [key, kind] of values) console.log(`- ${key}: ${kind}`);
for (const name of Object.keys(is.facts).filter((name) => !['openclaw', 'root'].includes(name))) {
  const [old, now] = [was, is].map(({ facts }) => new Set((facts[name] ?? '').split(',').filter(Boolean)));
  // Of an older version some lists cannot be read.
  if (old.size === 0) continue;
  for (const one of now) if (!old.has(one)) console.log(`+ ${name}: ${one}`);
  for (const one of old) if (!now.has(one)) console.log(`- ${name}: ${one}`);
}

const catalogue = fs.readdirSync(path.dirname(folder)).find((name) => /^retired-.*\.tsv$/.test(name));
const known = new Set(fs.readFileSync(path.join(path.dirname(folder), catalogue), 'utf8').split('\n').map((line) => line.split('\t')[0]));
const unknown = went.filter((key) => !known.has(key) && !known.has(key.replace('agents.list[]', 'agents.entries.*')));
console.log(`\n${went.length - unknown.length} of the keys that went stand in ${catalogue}; proposals for the others, to be looked at one by one:`);
for (const key of unknown) {
  const config = example(key, was.keys.get(key));
  const name = key.split('.').at(-1);
  const like = came.filter((other) => other.split('.').at(-1) === name);
  const target = options.includes('--doctor') ? doctored(config) : like.length === 1 ? like[0] : '';
  console.log([key, target === 'kept' ? 'guess' : target ? 'moved' : 'stale', target === 'kept' ? '' : target, '', '', '', JSON.stringify(config)].join('\t'));
}

// Random configs, audited by the program and by the real OpenClaw: both say the same of each.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { generate, MACHINES } from './generate.mjs';
import { environment, makeHome } from './judge.mjs';

// As many files as the program gets in one call: more than one is what is tried here, too.
const BATCH = 100;
// Making a config small takes a hundred verdicts, so only the first ones that differ are.
const SHRINKS = 5;
// Ids that the plain audit of OpenClaw does not have.
const OURS_ALONE = /^(harden|browser)\./;

// Compares `count` configs of a seed. Calls `result(name, reasons)` for each.
export async function compareAudits({ judge, program, home, seed, count, result }) {
  const audits = new Audits(program, home);
  const batches = MACHINES.flatMap((env, machine) => {
    const numbers = Array.from({ length: count }, (_, n) => n).filter((n) => n % MACHINES.length === machine);
    return Array.from({ length: Math.ceil(numbers.length / BATCH) }, (_, n) => ({ env, numbers: numbers.slice(n * BATCH, (n + 1) * BATCH) }));
  });
  let valid = 0;
  let shrinks = SHRINKS;
  const differing = [];
  for (const { env, numbers } of batches) {
    const configs = numbers.map((number) => ({ number, ...generate(seed, number) }));
    const [ours, theirs] = await Promise.all([
      audits.of(configs.map(({ text }) => text), env),
      Promise.all(configs.map(({ text }) => judge.verdict(Buffer.from(text), env).then(outcome))),
    ]);
    configs.forEach((config, n) => {
      valid += theirs[n].valid ? 1 : 0;
      const reasons = differences(ours[n], theirs[n]);
      if (reasons.length > 0) differing.push({ ...config, reasons });
      else result(`audit: config ${config.number} of seed ${seed}`, []);
    });
  }
  for (const { number, value, text, env, reasons } of differing) {
    const name = `audit: config ${number} of seed ${seed}`;
    const differs = async (candidates) => {
      const ours = await audits.of(candidates, env);
      const theirs = await Promise.all(candidates.map((text) => judge.verdict(Buffer.from(text), env).then(outcome)));
      return ours.map((one, n) => differences(one, theirs[n]).some((reason) => reasons.includes(reason)));
    };
    const small = shrinks-- > 0 ? await shrink(value, text, differs) : text.slice(0, 2000);
    result(name, [`${reasons.join('; ')}\n    ${small}`]);
  }
  return valid;
}

// Our audit of many texts in one call, as if each were the config of one home.
class Audits {
  #program;
  #folder;
  #home;

  constructor(program, home) {
    this.#program = program;
    this.#home = home;
    this.#folder = path.dirname(makeHome(home, null));
  }

  async of(texts, env) {
    const files = texts.map((text, n) => {
      const file = path.join(this.#folder, `${n}.json5`);
      fs.writeFileSync(file, text, { mode: 0o600 });
      return file;
    });
    const args = ['audit', '--format', 'json', '--fail-on', 'never', '--engine', 'none', ...files];
    const options = { env: environment(this.#home, env), cwd: this.#home, timeout: 60_000, maxBuffer: 1 << 28 };
    const report = await new Promise((resolve, reject) => {
      execFile(this.#program, args, options, (error, stdout, stderr) => {
        if (error) reject(new Error(`audit ended with ${error.code ?? error.signal}: ${stderr.slice(0, 300)}`));
        else resolve(JSON.parse(stdout));
      });
    });
    return (files.length === 1 ? [report] : report.files).map(({ valid, issues, findings }) => outcome({
      valid,
      issues,
      findings: findings.filter(({ checkId }) => !OURS_ALONE.test(checkId)).map(({ checkId, severity }) => [checkId, severity]),
    }));
  }
}

// What is compared of a verdict: whether it is valid, and where it is, how often each finding is there. Of issues only to show them.
function outcome({ valid, issues, findings }) {
  if (!valid) return { valid, counts: new Map(), said: issues.map(({ path, message }) => `${path}: ${message}`).join('; ').slice(0, 300) };
  const counts = new Map();
  for (const [id, severity] of findings) {
    const key = `${id} ${severity}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { valid, counts, said: '' };
}

function differences(ours, theirs) {
  if (ours.valid !== theirs.valid) {
    return [ours.valid ? `only OpenClaw refuses it: ${theirs.said}` : `only we refuse it: ${ours.said}`];
  }
  if (!theirs.valid) return [];
  const keys = [...new Set([...ours.counts.keys(), ...theirs.counts.keys()])].sort();
  const count = ({ counts }, key) => counts.get(key) ?? 0;
  return keys.filter((key) => count(ours, key) !== count(theirs, key))
    .map((key) => `${key}: ours ${count(ours, key)}, theirs ${count(theirs, key)}`);
}

// The smallest config that still differs, as one line; the text itself where the difference lies in its spelling.
async function shrink(value, text, differs) {
  const plain = (one) => JSON.stringify(one);
  if (!(await differs([plain(value)]))[0]) return `(as it is spelled)\n${text}`;
  for (let small = value; ;) {
    const candidates = smaller(small);
    let next = null;
    // Biggest pieces first, a few at a time.
    for (let at = 0; at < candidates.length && !next; at += 8) {
      const some = candidates.slice(at, at + 8);
      next = some[(await differs(some.map(plain))).indexOf(true)] ?? null;
    }
    if (!next) return plain(small);
    small = next;
  }
}

// Every value that lacks one member or entry, those that lack most first.
function smaller(value) {
  const found = [];
  (function visit(inner, rebuild) {
    if (inner === null || typeof inner !== 'object') return;
    for (const key of Object.keys(inner)) {
      const without = Array.isArray(inner)
        ? inner.filter((_, n) => String(n) !== key)
        : Object.fromEntries(Object.entries(inner).filter(([name]) => name !== key));
      found.push({ size: JSON.stringify(inner[key])?.length ?? 0, value: rebuild(without) });
      visit(inner[key], (changed) => rebuild(Array.isArray(inner)
        ? inner.map((item, n) => (String(n) === key ? changed : item))
        : { ...inner, [key]: changed }));
    }
  })(value, (changed) => changed);
  return found.sort((a, b) => b.size - a.size).map(({ value: one }) => one);
}

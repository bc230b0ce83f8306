// Lets OpenClaw's doctor and our apply mend the same refused configs, and the real OpenClaw judge both. Started by `doctor`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { environment, fillVariables, Judge, makeHome } from '../openclaw/judge.mjs';
import { outline } from '../openclaw/outline.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const program = process.env.OPENCLAW_HARDEN_BIN;
const openclaw = process.env.OPENCLAW_PACKAGE;
const kept = process.env.OPENCLAW_HARDEN_DOCTOR;
const shared = process.env.OPENCLAW_HARDEN_SHARED ?? path.resolve(root, '../shared');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'openclaw-doctor-'));
const LIMIT_MS = 180_000;
// The administrator's own decision, so neither program is blamed for it.
const MAY_STAY = ['gateway.trusted_proxy_auth'];
// Loopback without a proxy; trusting one to be silent would be worse.
const MAY_APPEAR = ['gateway.trusted_proxies_missing'];
// Timed anew each time, one after the other: what was kept may have been made on a busy machine.
const TIMED = 5;
const RANK = { info: 1, warn: 2, critical: 3 };
let folders = 0;

// Runs a command on a copy of a config in a HOME of its own: what the file is then, and how long it took.
function mend(config, argv) {
  const home = path.join(work, `home-${folders++}`);
  const file = makeHome(home, config.bytes);
  const began = process.hrtime.bigint();
  const { status, error } = spawnSync(argv[0], [...argv.slice(1), ...(argv[0] === program ? [file] : [])], {
    env: environment(home, config.env), cwd: home, stdio: 'ignore', timeout: LIMIT_MS });
  const ms = Number(process.hrtime.bigint() - began) / 1e6;
  if (error && error.code !== 'ETIMEDOUT') throw error;
  const text = fs.readFileSync(file, 'utf8');
  fs.rmSync(home, { recursive: true, force: true });
  return { ms, status, text };
}

const heal = (config) => mend(config, [process.execPath, path.join(openclaw, 'openclaw.mjs'), 'doctor', '--fix', '--non-interactive', '--yes']);

function doctor(config) {
  const held = path.join(kept, `${createHash('sha256').update(config.bytes).digest('hex').slice(0, 24)}.json`);
  if (!fs.existsSync(held)) {
    const done = heal(config);
    fs.mkdirSync(kept, { recursive: true });
    fs.writeFileSync(held, JSON.stringify(done));
  }
  return JSON.parse(fs.readFileSync(held, 'utf8'));
}

const ours = (config) => mend(config, [program, 'apply', '--posture', 'personal', '--yes', '--engine', 'docker']);

// What people wrote for people: comments, and the notes that stand as keys.
function remarks(text) {
  const lines = (remark) => remark.split(/\\n|\n/).map((line) => line.replace(/^[\s/*"']+|[\s*/"',]+$/g, '')).filter(Boolean);
  const isNote = (place) => /(^|\.)[_#][^.]*(\[\d+\])*$|\["\/\/[^"]*"\](\[\d+\])*$/.test(place ?? '');
  return outline(text).flatMap(({ path: place, text: spelled }, n, marks) => {
    if (place === null) return lines(spelled);
    // A key and its value are marks of the same place: the value is the text.
    return isNote(place) && marks[n - 1]?.path?.startsWith(place.replace(/\[\d+\]$/, '')) ? lines(spelled) : [];
  });
}

// The worst severity of each finding that our audit has of a config; it reads a refused one too.
function findings(config, text) {
  const home = path.join(work, `home-${folders++}`);
  const file = makeHome(home, Buffer.from(text));
  const { stdout } = spawnSync(program, ['audit', '--format', 'json', '--lang', 'en', file], { env: environment(home, config.env), cwd: home, maxBuffer: 1 << 26 });
  fs.rmSync(home, { recursive: true, force: true });
  const worst = new Map();
  for (const { checkId, severity } of JSON.parse(stdout).findings) worst.set(checkId, Math.max(worst.get(checkId) ?? 0, RANK[severity] ?? 0));
  return worst;
}

async function measure(configs, texts, judge) {
  const rows = [];
  for (const [n, config] of configs.entries()) {
    const text = texts[n];
    const verdict = await judge.verdict(Buffer.from(text), config.env);
    const wanted = remarks(config.text);
    const [before, after] = [findings(config, config.text), findings(config, text)];
    const worse = [...after].filter(([id, rank]) => rank >= RANK.warn && rank > (before.get(id) ?? 0) && !MAY_APPEAR.includes(id));
    const criticals = (verdict.findings ?? []).filter(([id, severity]) => severity === 'critical' && !MAY_STAY.includes(id));
    rows.push({
      name: config.name, accepted: verdict.valid, clean: verdict.valid && criticals.length === 0,
      remarks: wanted.length > 0, kept: wanted.every((line) => text.includes(line)), worse: worse.map(([id]) => id),
      why: verdict.valid ? criticals.map(([id]) => id) : verdict.issues.map(({ path: place, message }) => `${place}: ${message}`),
    });
  }
  return rows;
}

// The median of a few runs, in milliseconds.
function median(configs, way) {
  const picked = Array.from({ length: Math.min(TIMED, configs.length) }, (_, n) => configs[Math.floor((n * configs.length) / TIMED)]);
  const times = picked.map((config) => way(config).ms).toSorted((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

function table(columns, times, count) {
  const of = (test) => columns.map((rows) => rows.filter(test).length);
  const withRemarks = columns[0].filter((row) => row.remarks).length;
  const time = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);
  const line = (...cells) => `| ${cells.join(' | ')} |\n`;
  return line(`of ${count} public files that OpenClaw refuses`, 'OpenClaw: `doctor --fix --non-interactive --yes`', '`openclaw-harden apply --posture personal --yes`')
    + '|---|---|---|\n'
    + line('accepted by OpenClaw afterwards', ...of((row) => row.accepted))
    + line('and without a critical finding', ...of((row) => row.clean))
    + line('show a warning or worse that they did not show before', ...of((row) => row.worse.length > 0))
    + line(`comments and notes kept, of ${withRemarks} files that have some`, ...of((row) => row.remarks && row.kept))
    + line(`time a file (median of ${Math.min(TIMED, count)})`, ...times.map(time));
}

async function main() {
  const folder = path.join(shared, 'openclaw/corpus');
  if (!fs.existsSync(folder)) throw new Error(`there are no public configs in ${folder}`);
  const judge = new Judge(openclaw, work);
  const configs = [];
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith('.json5')).sort()) {
    const bytes = fs.readFileSync(path.join(folder, name));
    const text = bytes.toString('utf8');
    const env = fillVariables(text);
    const verdict = await judge.verdict(bytes, env);
    const isParsed = !verdict.issues?.some(({ message }) => message.startsWith('JSON5 parse failed'));
    if (!verdict.valid && isParsed) configs.push({ name, bytes, text, env });
  }
  judge.close();
  const texts = [doctor, ours].map((way) => configs.map((config) => way(config).text));
  // The doctor takes minutes in which nothing else runs here, so a judge of before would be gone.
  const second = new Judge(openclaw, work);
  process.on('exit', () => second.close());
  const columns = [await measure(configs, texts[0], second), await measure(configs, texts[1], second)];
  for (const [n, who] of ['doctor', 'ours'].entries()) {
    for (const row of columns[n].filter((row) => !row.clean || row.worse.length || !row.kept)) {
      console.log(`${who} ${row.name}: ${JSON.stringify({ accepted: row.accepted, kept: row.kept, worse: row.worse, why: row.why }).slice(0, 400)}`);
    }
  }
  const made = table(columns, [median(configs, heal), median(configs, ours)], configs.length);
  console.log(`\n${made}`);
  if (!process.argv.includes('--readme')) return;
  const readme = path.join(root, 'README.md');
  const parts = fs.readFileSync(readme, 'utf8').split(/(<!-- \/?doctor -->\n)/);
  if (parts.length !== 5) throw new Error('README.md has no place <!-- doctor --> ... <!-- /doctor -->');
  parts[2] = `\n${made}\n`;
  fs.writeFileSync(readme, parts.join(''));
}

try {
  await main();
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}
process.exit(0);

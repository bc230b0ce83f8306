// Times whole processes, ours and their peers' turn by turn on the same config, and puts the medians into the README.
// Started by `run`.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { environment, makeHome } from '../openclaw/judge.mjs';

const rounds = Number(process.argv[2] ?? 3);
// Ours take milliseconds and are repeated within a round; OpenClaw's take seconds.
const REPEATS = 20;
const BYTES = 20_000;
const FEW = 100;
const MANY = 10_000;
const LARGE = 10_000_000;
// Seconds for which the wizard is watched while nobody presses a key.
const IDLE = 5;
// Megabytes of the log.
const LOG = 500;
const program = process.env.OPENCLAW_HARDEN_BIN;
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'openclaw-bench-'));
const TIME = '/usr/bin/time';
const README = path.resolve(import.meta.dirname, '../../README.md');
// OpenClaw is not to look for updates or tell the network of itself while it is timed.
const ALONE = { OPENCLAW_NO_AUTO_UPDATE: '1', OPENCLAW_DISABLE_BONJOUR: '1' };

const bytes = execFileSync(path.join(import.meta.dirname, 'config'), [String(BYTES)]);
const folder = path.join(work, 'home');
const file = makeHome(folder, bytes);
const options = { env: environment(folder, ALONE), cwd: folder, stdio: 'ignore' };

// Runs a command to its end. Is how many milliseconds it took.
function once({ name, argv, ends, prepare }) {
  prepare?.();
  const [command, ...args] = typeof argv === 'function' ? argv() : argv;
  const began = process.hrtime.bigint();
  const { status, error, signal } = spawnSync(command, args, options);
  const taken = Number(process.hrtime.bigint() - began) / 1e6;
  if (error) throw error;
  if (!ends.includes(status)) throw new Error(`${name} ended with ${status ?? signal}`);
  return taken;
}

// Peak memory in MiB, as GNU time knows it; none where that is not installed.
function memory(row) {
  if (!fs.existsSync(TIME)) return null;
  const said = path.join(work, 'memory');
  const argv = typeof row.argv === 'function' ? row.argv() : row.argv;
  once({ ...row, argv: [TIME, '-q', '-f', '%M', '-o', said, ...argv] });
  return Number(fs.readFileSync(said, 'utf8').trim().split('\n').at(-1)) / 1024;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

// As many files as are audited at once: all the same, so that only their number differs.
function copies(count) {
  const many = path.join(work, `many-${count}`);
  fs.mkdirSync(many);
  return Array.from({ length: count }, (_, n) => {
    const copy = path.join(many, `${n}.json5`);
    fs.writeFileSync(copy, bytes, { mode: 0o600 });
    return copy;
  });
}

// A config of at least so many bytes without a line end: nothing may be looked for from the start of its line each time.
function oneLine(bytes) {
  const items = [];
  for (let n = 0, size = 0; size < bytes; n += 1) {
    items.push(`NAME_${n}: "value ${n} of what programs are given",`);
    size += items.at(-1).length + 1;
  }
  return `{ gateway: { mode: "local", bind: "lan" }, env: { vars: { ${items.join(' ')} } } }`;
}

// Runs once what takes long: its time and its memory are of the same run.
function alone(row) {
  if (!fs.existsSync(TIME)) throw new Error('This needs GNU time: apt-get install time');
  const said = path.join(work, 'memory');
  row.median = once({ ...row, argv: [TIME, '-q', '-f', '%M', '-o', said, ...row.argv] });
  row.memory = Number(fs.readFileSync(said, 'utf8').trim().split('\n').at(-1)) / 1024;
  console.log(`${row.name}: ${row.median.toFixed(0)} ms, ${row.memory.toFixed(1)} MiB`);
}

function measure(rows) {
  for (let round = 0; round < rounds; round += 1) {
    for (const row of rows) {
      for (let n = 0; n < row.repeats; n += 1) (row.times ??= []).push(once(row));
    }
  }
  for (const row of rows) {
    row.median = median(row.times);
    row.memory = memory(row);
    const peak = row.memory === null ? 'unknown memory' : `${row.memory.toFixed(1)} MiB`;
    console.log(`${row.name}: median ${row.median.toFixed(1)} ms, fastest ${Math.min(...row.times).toFixed(1)} ms, ${peak}`);
  }
}

// From the start of a program in a terminal to the first frame, which holds the marker; and what it uses while idle.
function firstFrame({ name, argv, marker, idle = 0 }) {
  const args = [path.join(import.meta.dirname, 'first.py'), marker, String(idle), ...argv];
  const { status, stdout, stderr } = spawnSync('python3', args, { ...options, stdio: 'pipe', encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout);
}

function measureFrames(rows) {
  for (let round = 0; round < rounds; round += 1) {
    for (const row of rows) {
      for (let n = 0; n < row.repeats; n += 1) (row.times ??= []).push(firstFrame(row).first);
    }
  }
  for (const row of rows) {
    row.median = median(row.times);
    row.memory = null;
    console.log(`${row.name}: median ${row.median.toFixed(1)} ms, fastest ${Math.min(...row.times).toFixed(1)} ms`);
  }
}

// The log's own script measures beside ripgrep; what it says goes on.
function log() {
  const { status, stdout } = spawnSync(path.join(import.meta.dirname, 'log'), [String(LOG), String(rounds)], {
    env: { ...process.env, OPENCLAW_HARDEN_BIN: program },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error('the log could not be read');
  console.log(stdout);
  const [, ours, speed, memory] = stdout.match(/checkup --log \| (\d+) \| (\d+) \| (\d+) MiB/).map(Number);
  const [, theirs] = stdout.match(/rg -c \| (\d+)/).map(Number);
  return [
    `\`checkup --log\` of ${LOG} MB / \`rg -c\``,
    `${speed} MB/s, ${memory} MiB`,
    `${Math.round(LOG / theirs * 1000)} MB/s`,
    `${(theirs / ours).toFixed(2)}x the time`,
  ];
}

function main() {
  const load = os.loadavg()[0].toFixed(1);
  const openclaw = [process.execPath, path.join(process.env.OPENCLAW_PACKAGE, 'openclaw.mjs')];
  const restore = () => fs.writeFileSync(file, bytes, { mode: 0o600 });
  const large = path.join(work, 'large.json5');
  fs.writeFileSync(large, execFileSync(path.join(import.meta.dirname, 'config'), [String(LARGE)], { maxBuffer: 2 * LARGE }), { mode: 0o600 });
  // Beside no installation, whose database is read too.
  const [single] = copies(1);
  let port = 20_000;
  const rows = {
    audit: { name: 'audit', argv: [program, 'audit', '--format', 'json', file], repeats: REPEATS, ends: [0, 1] },
    single: { name: 'audit of the file alone', argv: [program, 'audit', '--format', 'json', single], repeats: REPEATS, ends: [0, 1] },
    theirAudit: { name: 'openclaw security audit', argv: [...openclaw, 'security', 'audit', '--json'], repeats: 1, ends: [0] },
    apply: { name: 'apply', argv: [program, 'apply', '--yes', '--engine', 'docker', file], repeats: REPEATS, ends: [0, 1], prepare: restore },
    nothing: { name: 'true', argv: ['true'], repeats: REPEATS, ends: [0] },
    set: { name: 'openclaw config set', argv: () => [...openclaw, 'config', 'set', 'gateway.port', String(port++)], repeats: 1, ends: [0], prepare: restore },
  };
  measure(Object.values(rows));
  restore();
  const frames = {
    wizard: { name: 'first frame', argv: [program, '--engine', 'docker', '--config', file], marker: 'Sandbox', repeats: REPEATS },
    configure: { name: 'openclaw configure', argv: [...openclaw, 'configure'], marker: 'Where will the Gateway run', repeats: 1 },
  };
  measureFrames(Object.values(frames));
  const { idle } = firstFrame({ ...frames.wizard, idle: IDLE });
  const several = [FEW, MANY].map((count) => ({
    name: `audit of ${count} files`,
    count,
    argv: [program, 'audit', '--format', 'json', ...copies(count)],
    repeats: 1,
    ends: [0, 1],
  }));
  several.forEach(alone);
  const big = { name: 'audit of 10 MB', argv: [program, 'audit', '--format', 'json', large], repeats: 1, ends: [0, 1] };
  const flat = path.join(work, 'flat.json5');
  fs.writeFileSync(flat, oneLine(LARGE), { mode: 0o600 });
  const one = (name, ...args) => ({ name, argv: [program, ...args, flat], repeats: 1, ends: [0, 1] });
  const flatAudit = one('audit of 10 MB on one line', 'audit', '--format', 'json');
  const flatApply = one('apply to 10 MB on one line', 'apply', '--yes', '--engine', 'docker');
  [big, flatAudit, flatApply].forEach(alone);

  const cell = ({ median: ms, memory: peak }) => {
    const time = ms < 100 ? `${ms.toFixed(1)} ms` : ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
    return `${time}${peak === null ? '' : `, ${Math.round(peak)} MiB`}`;
  };
  const times = (ours, theirs) => {
    const shown = [`${Math.round(theirs.median / ours.median)}x the time`];
    if (ours.memory !== null) shown.push(`${Math.round(theirs.memory / ours.memory)}x the memory`);
    return shown.join(', ');
  };
  const share = ({ median: ms, count, memory: peak }) => `${(ms / count).toFixed(1)} ms each, ${Math.round(peak)} MiB`;
  const table = [
    ['`audit` of the file alone', cell(rows.single)],
    ['`audit` with its installation / `openclaw security audit`', cell(rows.audit), cell(rows.theirAudit), times(rows.audit, rows.theirAudit)],
    ['`apply --yes` / `openclaw config set`', cell(rows.apply), cell(rows.set), times(rows.apply, rows.set)],
    [
      "the wizard's first frame / `openclaw configure`'s first question",
      cell(frames.wizard),
      cell(frames.configure),
      times(frames.wizard, frames.configure),
    ],
    ['beside these: a program that does nothing', cell(rows.nothing)],
    [`the wizard's processor time in ${IDLE} s without a key`, `${idle} ms`],
    ...several.map((row) => [`\`audit\` of ${row.count.toLocaleString('en')} such files`, share(row)]),
    ['`audit` of one file of 10 MB, thousands of agents', cell(big)],
    ['`audit` of 10 MB on one line, 200,000 keys', cell(flatAudit)],
    ['`apply --yes` to the same', cell(flatApply)],
    log(),
  ];
  const lines = [
    `| whole process, config of ${Math.round(bytes.length / 1000)} KB | openclaw-harden | beside it | that takes |`,
    '|---|---|---|---|',
    ...table.map(([what, ours, theirs = '-', compared = '-']) => `| ${what} | ${ours} | ${theirs} | ${compared} |`),
    '',
    `OpenClaw is 2026.9.6. Medians of ${rounds} round${rounds === 1 ? '' : 's'} (several files, large ones: one) on ${os.availableParallelism()} processors, with a load of ${load}`,
    'from other programs when they began: the ratios count. The config has an agent for each 2 KB, as large public ones have.',
    '`UPDATE_README=1 tests/bench/run` measures anew and writes this table; `UPDATE_README=1 cargo test` carries it into the Japanese page.',
    '',
  ];
  console.log(lines.join('\n'));
  if (process.env.UPDATE_README) {
    const readme = fs.readFileSync(README, 'utf8');
    const marked = /(<!-- speed -->\n)[^]*?(<!-- \/speed -->)/;
    if (!marked.test(readme)) throw new Error(`${README} has no marks for the table`);
    fs.writeFileSync(README, readme.replace(marked, (_, start, end) => start + lines.join('\n') + end));
  }
}

try {
  main();
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

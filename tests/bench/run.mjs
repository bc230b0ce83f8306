// Times whole processes, ours and OpenClaw's turn by turn on the same config, and puts the medians into the README.
// Started by `run`.
import { spawnSync } from 'node:child_process';
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
const program = process.env.OPENCLAW_HARDEN_BIN;
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'openclaw-bench-'));
const TIME = '/usr/bin/time';
const README = path.resolve(import.meta.dirname, '../../README.md');
// OpenClaw is not to look for updates or tell the network of itself while it is timed.
const ALONE = { OPENCLAW_NO_AUTO_UPDATE: '1', OPENCLAW_DISABLE_BONJOUR: '1' };

// A valid config of at least so many bytes, in the shape in which people grow theirs: agents, each with its own chat.
function config(bytes) {
  const agent = (n) => `      // answers for team ${n}, asked for by its lead in spring
      'team-${n}': {
        name: "Team ${n}",
        workspace: "~/agents/team-${n}",
        model: { primary: "anthropic/claude-sonnet-4-5", fallbacks: ["openai/gpt-4o"] },
        sandbox: { mode: ${n % 3 ? '"non-main"' : '"off"'}, scope: "agent", workspaceAccess: "rw" },
        tools: { profile: "coding", deny: ["browser", "group:nodes"], exec: { security: "allowlist", ask: "on-miss" } },
      },
`;
  const chat = (n) => `      team${n}: {
        botToken: "70000${1000 + n}:AAExampleExampleExampleExample${1000 + n}",
        dmPolicy: ${n % 4 ? '"pairing"' : '"open", allowFrom: ["*"]'},
        groups: { "-100${100000 + n}": { requireMention: ${n % 2 === 0}, allowFrom: ["${200000 + n}", "${300000 + n}"] } },
      },
`;
  const whole = (count) => {
    const numbers = Array.from({ length: count }, (_, n) => n);
    return `{
  // the office machine
  gateway: { mode: "local", bind: "lan", auth: { mode: "token", token: "short-token" }, controlUi: { allowedOrigins: ["*"] } },
  agents: {
    ownership: "explicit",
    defaults: { model: "anthropic/claude-sonnet-4-5" },
    entries: {
${numbers.map(agent).join('')}    },
  },
  tools: { profile: "full", elevated: { enabled: true, allowFrom: { telegram: ["*"] } } },
  channels: {
    telegram: {
      enabled: true,
      accounts: {
${numbers.map(chat).join('')}      },
    },
  },
  hooks: { enabled: true, token: "hunter2", path: "/hooks" },
}
`;
  };
  let count = 1;
  while (whole(count).length < bytes) count += 1;
  return Buffer.from(whole(count));
}

const bytes = config(BYTES);
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

function main() {
  const load = os.loadavg()[0].toFixed(1);
  const openclaw = [process.execPath, path.join(process.env.OPENCLAW_PACKAGE, 'openclaw.mjs')];
  const restore = () => fs.writeFileSync(file, bytes, { mode: 0o600 });
  let port = 20_000;
  const rows = {
    audit: { name: 'audit', argv: [program, 'audit', '--format', 'json', file], repeats: REPEATS, ends: [0, 1] },
    theirAudit: { name: 'openclaw security audit', argv: [...openclaw, 'security', 'audit', '--json'], repeats: 1, ends: [0] },
    apply: { name: 'apply', argv: [program, 'apply', '--yes', '--engine', 'docker', file], repeats: REPEATS, ends: [0, 1], prepare: restore },
    set: { name: 'openclaw config set', argv: () => [...openclaw, 'config', 'set', 'gateway.port', String(port++)], repeats: 1, ends: [0], prepare: restore },
  };
  measure(Object.values(rows));
  const several = [FEW, MANY].map((count) => ({
    name: `audit of ${count} files`,
    count,
    argv: [program, 'audit', '--format', 'json', ...copies(count)],
    repeats: 1,
    ends: [0, 1],
  }));
  measure(several);

  const cell = ({ median: ms, memory: peak }) => `${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms${peak === null ? '' : `, ${Math.round(peak)} MiB`}`;
  const times = (ours, theirs) => {
    const shown = [`${Math.round(theirs.median / ours.median)}x the time`];
    if (ours.memory !== null) shown.push(`${Math.round(theirs.memory / ours.memory)}x the memory`);
    return shown.join(', ');
  };
  const kilobytes = `${Math.round(bytes.length / 1000)} KB`;
  const lines = [
    '',
    'How long it takes, beside OpenClaw itself:',
    '',
    `| whole process, config of ${kilobytes} | openclaw-harden | OpenClaw 2026.9.6 | OpenClaw takes |`,
    '|---|---|---|---|',
    `| \`audit\` / \`openclaw security audit\` | ${cell(rows.audit)} | ${cell(rows.theirAudit)} | ${times(rows.audit, rows.theirAudit)} |`,
    `| \`apply --yes\` / \`openclaw config set\` | ${cell(rows.apply)} | ${cell(rows.set)} | ${times(rows.apply, rows.set)} |`,
    ...several.map((row) => {
      const { count, median: ms } = row;
      return `| \`audit\` of ${count.toLocaleString('en')} such files | ${(ms / count).toFixed(1)} ms each${row.memory === null ? '' : `, ${Math.round(row.memory)} MiB`} | - | - |`;
    }),
    '',
    `Medians of ${rounds} rounds on ${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim() ?? 'unknown'}) with a load of ${load} from other programs`,
    'when they began; peak memory as GNU time tells it. `UPDATE_README=1 tests/bench/run` measures anew and writes this table.',
    '',
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

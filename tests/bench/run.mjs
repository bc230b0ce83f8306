// Times our commands and OpenClaw's own audit on the same configs, turn by turn, and prints medians. Started by `run`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { environment, makeHome } from '../openclaw/judge.mjs';

const rounds = Number(process.argv[2] ?? 5);
// Ours take milliseconds and are repeated within a round; the real audit takes seconds.
const REPEATS = 20;
const program = process.env.OPENCLAW_HARDEN_BIN;
const openclaw = path.join(process.env.OPENCLAW_PACKAGE, 'openclaw.mjs');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'openclaw-bench-'));
const TIME = '/usr/bin/time';

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

function home(name, bytes) {
  const folder = path.join(work, name);
  return { folder, file: makeHome(folder, bytes) };
}

// Runs a command to its end: [milliseconds, exit code].
function once([command, ...args], folder) {
  const began = process.hrtime.bigint();
  const { status, error } = spawnSync(command, args, { env: environment(folder), cwd: folder, stdio: 'ignore' });
  const taken = Number(process.hrtime.bigint() - began) / 1e6;
  if (error || status === null) throw error ?? new Error(`${command} was killed`);
  return [taken, status];
}

// Peak memory in MiB, as GNU time knows it; none where that is not installed.
function memory(argv, folder) {
  if (!fs.existsSync(TIME)) return null;
  const said = path.join(work, 'memory');
  spawnSync(TIME, ['-q', '-f', '%M', '-o', said, ...argv], { env: environment(folder), cwd: folder, stdio: 'ignore' });
  return Number(fs.readFileSync(said, 'utf8').trim().split('\n').at(-1)) / 1024;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

function main() {
  const [small, large] = [5_000, 20_000].map((bytes) => ({ ...home(`config-${bytes}`, config(bytes)), size: config(bytes).length }));
  const kilobytes = ({ size }) => `${(size / 1000).toFixed(0)} KB`;
  const ours = (name, place, args, repeats = REPEATS) => ({ name, place, argv: [program, ...args], repeats, ends: [0, 1] });
  const rows = [
    { name: 'an empty process', place: small, argv: ['/bin/true'], repeats: REPEATS, ends: [0] },
    ...[small, large].flatMap((place) => [
      ours(`audit, ${kilobytes(place)}`, place, ['audit', '--format', 'json', place.file]),
      { name: `openclaw security audit, ${kilobytes(place)}`, place, argv: [process.execPath, openclaw, 'security', 'audit', '--json'], repeats: 1, ends: [0] },
      ours(`apply --dry-run, ${kilobytes(place)}`, place, ['apply', '--dry-run', '--engine', 'docker', place.file]),
    ]),
    ours('wizard, first frame', small, ['--demo', '--print', '--size', '100x30']),
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (const row of rows) {
      for (let n = 0; n < row.repeats; n += 1) {
        const [taken, status] = once(row.argv, row.place.folder);
        if (!row.ends.includes(status)) throw new Error(`${row.name} ended with ${status}`);
        (row.times ??= []).push(taken);
      }
    }
  }
  console.log(`${rounds} rounds on ${os.availableParallelism()} cores (${os.cpus()[0]?.model ?? 'unknown'}), load ${os.loadavg()[0].toFixed(1)}`);
  console.log(`${'whole process'.padEnd(34)}${'median'.padStart(12)}${'fastest'.padStart(12)}${'peak memory'.padStart(14)}`);
  for (const { name, argv, place, times } of rows) {
    const peak = memory(argv, place.folder);
    const shown = [`${median(times).toFixed(1)} ms`.padStart(12), `${Math.min(...times).toFixed(1)} ms`.padStart(12)];
    console.log(`${name.padEnd(34)}${shown.join('')}${(peak === null ? '-' : `${peak.toFixed(0)} MiB`).padStart(14)}`);
  }
  for (const place of [small, large]) {
    const [ours, theirs] = ['', 'openclaw security '].map((before) => median(rows.find(({ name }) => name === `${before}audit, ${kilobytes(place)}`).times));
    console.log(`audit, ${kilobytes(place)}: OpenClaw's own takes ${(theirs / ours).toFixed(0)} times as long`);
  }
}

try {
  main();
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

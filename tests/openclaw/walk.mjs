// Reports of the real audit, walked through by keys in the real program: what the walk says is fixed, the real audit no longer has.
import fs from 'node:fs';
import path from 'node:path';
import { command } from './openclaw.mjs';
import { environment, makeHome } from './judge.mjs';

// How many different ids the walks are to fix together.
const WANTED = 40;
const RANK = { info: 1, warn: 2, critical: 3 };

// The cases: the risky example of every check that OpenClaw makes too, our own configs, a config that OpenClaw refuses, the other
// commands whose reports are taken, and last how many different ids were fixed.
export async function walkCases({ openclaw, configs, judge, ours, newHome, refusal, mayStay, mayAppear }) {
  const fixed = new Set();
  const tools = { judge, ours, newHome, refusal, mayStay, mayAppear, fixed };
  const home = newHome();
  makeHome(home, null);
  const { report: explained, stderr } = await ours(home, ['explain', '--format', 'json']);
  if (!explained) throw new Error(`explain printed no list: ${stderr.slice(0, 200)}`);
  const isConfig = ({ risky, source }) => source === 'openclaw' && !risky.startsWith('//');
  const examples = explained.checks.filter(isConfig).map(({ checkId, risky }) => {
    return { name: `example ${checkId}`, bytes: Buffer.from(risky), env: {} };
  });
  const cases = [...examples, ...configs].map((config) => [config.name, () => walkThrough(config, tools)]);
  cases.push(...otherReports(openclaw, tools));
  return [...cases, [`${WANTED} different ids`, async () => {
    // The lanes end at different times: whoever comes here last has them all.
    for (let n = 0; tools.running > 0 && n < 600; n += 1) await new Promise((resolve) => { setTimeout(resolve, 100); });
    console.log(`walk: ${fixed.size} different ids were fixed and are gone from the real audit: ${[...fixed].sort().join(' ')}`);
    return fixed.size >= WANTED ? [] : [`only ${fixed.size} different ids were fixed`];
  }]];
}

// Walks through the real report of a config, with the first way to deal with each finding.
async function walkThrough(config, tools) {
  tools.running = (tools.running ?? 0) + 1;
  try {
    const { judge, refusal, mayStay, mayAppear, fixed } = tools;
    const before = config.before ?? await judge.verdict(config.bytes, config.env);
    const report = before.valid ? before.report : envelope(before);
    const { reasons, bytes, told } = await walk(config, report, tools);
    if (!told) return reasons;
    const after = await judge.verdict(bytes, config.env);
    // A config that only the administrator can mend is left as it is.
    if (!after.valid) return before.valid || !bytes.equals(config.bytes) ? [...reasons, ...refusal(after)] : reasons;
    const left = new Map(after.findings.map(([id, severity]) => [id, severity]));
    for (const { checkId, outcome } of told.findings.filter(({ outcome }) => outcome === 'fixed')) {
      const had = before.valid && before.findings.some(([id]) => id === checkId);
      if (left.has(checkId)) reasons.push(`${checkId} is said to be ${outcome}, and the real audit has it as ${left.get(checkId)}`);
      else if (had) fixed.add(checkId);
    }
    const worst = (findings, id) => Math.max(0, ...findings.filter(([known]) => known === id).map(([, severity]) => RANK[severity]));
    for (const [id, severity] of after.findings) {
      const known = Math.max(before.valid ? worst(before.findings, id) : 0, RANK[mayAppear[id]] ?? 0);
      if (before.valid && RANK[severity] > known) reasons.push(`newly shows ${id} as ${severity}`);
      if (!before.valid && severity === 'critical' && !mayStay.includes(id)) reasons.push(`critical left: ${id}`);
    }
    return reasons;
  } finally {
    tools.running -= 1;
  }
}

const envelope = ({ issues }) => ({ ok: false, error: { type: 'cli_error', message: 'OpenClaw config is invalid' }, issues });

// Plays the walk in the program, writes, and reads what it reports of itself.
async function walk(config, report, { ours, newHome }) {
  const home = newHome();
  const file = makeHome(home, config.bytes);
  const [from, to] = [path.join(home, 'audit.json'), path.join(home, 'out.json')];
  fs.writeFileSync(from, JSON.stringify(report));
  const ids = new Set((report.findings ?? report.issues).map(({ checkId }) => checkId)).size;
  // Enter takes the first way and goes on, and does nothing on Review; what a fix brings to light comes on top.
  const keys = `${'<enter>'.repeat(ids + 30)}3w<enter>`;
  const args = ['--config', file, '--engine', 'docker', '--lang', 'en', '--findings', from, '--report', to, '--keys', keys, '--print'];
  const run = await ours(home, args, config.env);
  const bytes = fs.readFileSync(file);
  const told = fs.existsSync(to) ? JSON.parse(fs.readFileSync(to, 'utf8')) : null;
  const reasons = run.code === 0 ? [] : [`the walk ended with ${run.code}: ${run.stderr.trim().slice(0, 300)}`];
  if (run.code === 0 && !told && !/OpenClaw would refuse/.test(run.stdout)) reasons.push(`nothing was reported:\n${run.stdout}`);
  if (told && told.written !== !bytes.equals(config.bytes)) reasons.push(`the report says written ${told.written}`);
  fs.rmSync(home, { recursive: true, force: true });
  return { reasons, bytes, told };
}

// The secrets audit and the doctor's lint, by the real command line.
function otherReports(openclaw, { ours, newHome }) {
  const text = '{gateway: {mode: "local", bind: "lan", auth: {mode: "token", token: "short"}}, channels: {telegram: {enabled: true, botToken: "123456:abcdefghijklmnopqrstuvwxyz"}}}';
  return [['secrets', 'audit', '--json'], ['doctor', '--lint', '--json']].map((words) => [`openclaw ${words.join(' ')}`, async () => {
    const home = newHome();
    const file = makeHome(home, Buffer.from(text));
    const made = await command(openclaw, environment(home, { OPENCLAW_CONFIG_PATH: file, OPENCLAW_STATE_DIR: path.dirname(file) }), home, words);
    if (!made.report) return [`${words.join(' ')} printed no JSON: ${made.stderr.slice(0, 300)}`];
    const from = path.join(home, 'report.json');
    fs.writeFileSync(from, JSON.stringify(made.report));
    const run = await ours(home, ['apply', '--config', file, '--engine', 'none', '--format', 'json', '--dry-run', '--findings', from], {});
    fs.rmSync(home, { recursive: true, force: true });
    return run.report ? [] : [`apply --findings ended with ${run.code}: ${run.stderr.slice(0, 300)}`];
  }]);
}

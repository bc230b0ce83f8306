// Lets the real OpenClaw judge what the program finds, and what it makes of configs. Started by `run`.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compareAudits } from './audit.mjs';
import { Checkups } from './checkup.mjs';
import { earlyCases } from './early.mjs';
import { includeCases } from './include.mjs';
import { commandLine, gateway, inContainer, wayOutside } from './openclaw.mjs';
import { environment, fillVariables, Judge, makeHome } from './judge.mjs';
import { secretsPart } from './secrets.mjs';
import { skillsPart } from './skills.mjs';
import { outline, secrets, strayChanges } from './outline.mjs';
import { permissions } from './permissions.mjs';
import { walkCases } from './walk.mjs';
import { writerCases } from './writers.mjs';

const POSTURES = ['personal', 'shared', 'public'];
const RANK = { info: 1, warn: 2, critical: 3 };
// What a correctly hardened config may show that it did not show before, each with the worst severity it may have.
const MAY_APPEAR = {
  'gateway.trusted_proxies_missing': 'warn', // loopback without a proxy; trusting one to be silent would be worse
  'gateway.tailscale_serve': 'info', // what is left of funnel
  'config.secrets.gateway_password_in_config': 'warn',
  'config.secrets.hooks_token_in_config': 'info', // OpenClaw takes no reference there
  'models.small_params': 'info',
  'sandbox.docker_config_mode_off': 'warn',
};
// The mode is the administrator's decision.
const MAY_STAY = ['gateway.trusted_proxy_auth'];
const PARTS = { audit, include, permissions: whoMay, postures, walk, refused, mend, cli, early, gateway: gateways, writers, skills: () => skillsPart({ program, openclaw, work }), checkup: checkups, secrets: secretMoves };
const program = process.env.OPENCLAW_HARDEN_BIN;
const openclaw = process.env.OPENCLAW_PACKAGE;
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'openclaw-harden-'));
const judge = new Judge(openclaw, work);
const counts = { passed: 0, failed: 0 };
let folders = 0;

function result(name, reasons) {
  if (reasons.length === 0) counts.passed += 1;
  else counts.failed += 1;
  for (const reason of reasons.slice(0, 3)) console.log(`  FAILED ${name}: ${reason}`);
  if (reasons.length > 3) console.log(`  FAILED ${name}: and ${reasons.length - 3} reasons more`);
}

// The configs to try, each with what OpenClaw says of it: our own beside this file, and the shared ones where there are any.
async function readConfigs() {
  const here = import.meta.dirname;
  const shared = process.env.OPENCLAW_HARDEN_SHARED ?? path.resolve(here, '../../../shared');
  const places = [['own', path.join(here, 'configs')]];
  for (const folder of ['corpus', 'snippets']) {
    const place = path.join(shared, 'openclaw', folder);
    if (fs.existsSync(place)) places.push([folder, place]);
    else console.log(`${place} is not there: its configs are left out`);
  }
  const configs = [];
  for (const [kind, place] of places) {
    const isConfig = (file) => /\.json5?$/.test(file) && !/\.(meta|expected|env)\.json$/.test(file);
    for (const file of fs.readdirSync(place).filter(isConfig).sort()) {
      const bytes = fs.readFileSync(path.join(place, file));
      const set = path.join(place, file.replace(/\.json5?$/, '.env.json'));
      const env = kind === 'own' && fs.existsSync(set) ? JSON.parse(fs.readFileSync(set, 'utf8')) : {};
      configs.push({ kind, name: `${kind}/${file}`, bytes, text: bytes.toString('utf8'), env });
    }
  }
  const began = Date.now();
  await Promise.all(configs.map(async (config) => {
    config.before = await judge.verdict(config.bytes, config.env);
    const { valid, issues } = config.before;
    if (config.kind !== 'own' || valid !== config.name.startsWith('own/refused-')) return;
    result(config.name, [valid ? 'OpenClaw accepts this sample' : `OpenClaw refuses this sample: ${JSON.stringify(issues)}`]);
  }));
  const valid = configs.filter(({ before }) => before.valid).length;
  console.log(`${configs.length} configs, of which OpenClaw accepts ${valid} (${seconds(began)} s)`);
  return configs;
}

function harden(home, args, env, through = []) {
  return ours(home, ['apply', '--engine', 'docker', '--lang', 'en', '--format', 'json', ...args], env, through);
}

function ours(home, started, env, through = []) {
  return new Promise((resolve) => {
    const options = { env: environment(home, env), cwd: home, timeout: 60_000, maxBuffer: 1 << 26 };
    const [first, ...rest] = [...through, program, ...started];
    execFile(first, rest, options, (error, stdout, stderr) => {
      let report = null;
      try { report = JSON.parse(stdout); } catch { /* said by whoever needs it */ }
      resolve({ code: error ? error.code ?? error.signal : 0, stdout, stderr, report });
    });
  });
}

const newHome = () => path.join(work, `home-${folders++}`);

async function hardenOnce(config, args) {
  const home = newHome();
  const file = makeHome(home, config.bytes);
  const run = await harden(home, [...args, file], config.env);
  return { home, file, run, bytes: fs.readFileSync(file) };
}

function refusal(verdict) {
  if (verdict.valid) return [];
  const issues = verdict.issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return [`OpenClaw refuses the result: ${issues.slice(0, 300)}`];
}

// What OpenClaw says against a change from one verdict to another.
function complaints(before, after) {
  if (!after.valid) return refusal(after);
  const worst = new Map();
  for (const [id, severity] of before.findings) worst.set(id, Math.max(worst.get(id) ?? 0, RANK[severity]));
  const reasons = new Set();
  for (const [id, severity] of after.findings) {
    const known = Math.max(worst.get(id) ?? 0, RANK[MAY_APPEAR[id]] ?? 0);
    if (RANK[severity] > known) reasons.add(`newly shows ${id} as ${severity}`);
  }
  return [...reasons];
}

// A token that stands elsewhere, in a store that nobody can read here: OpenClaw's audit counts it as absent.
const ELSEWHERE = /\b(token|password)['"]?\s*:\s*(\{|['"]\$[A-Z_])/;
const NO_AUTH = ['gateway.bind_no_auth', 'gateway.loopback_no_auth', 'gateway.http.no_auth'];

const criticals = (verdict, text = '') => [...new Set((verdict.findings ?? [])
  .filter(([id, severity]) => severity === 'critical' && !MAY_STAY.includes(id))
  .filter(([id]) => !(NO_AUTH.includes(id) && ELSEWHERE.test(text))).map(([id]) => `critical left: ${id}`))];

// A finding may be there only because a variable that the file refers to is not set here: then it is gone once it is.
async function judged(config, bytes, wanted) {
  const reasons = wanted(config.before, await judge.verdict(bytes, config.env));
  const variables = { ...fillVariables(bytes.toString('utf8')), ...config.env };
  if (reasons.length === 0 || Object.keys(variables).length === Object.keys(config.env).length) return reasons;
  return wanted(await judge.verdict(config.bytes, variables), await judge.verdict(bytes, variables));
}

async function checkPosture(config, posture) {
  const { home, file, run, bytes } = await hardenOnce(config, ['--posture', posture, '--yes']);
  const reasons = checkRun(config, run, bytes);
  if (!run.report) return reasons;
  reasons.push(...await judged(config, bytes, (before, after) => [...complaints(before, after), ...criticals(after)]));
  if ((fs.statSync(file).mode & 0o777) !== 0o600) reasons.push('the file is not 0600');
  const again = await harden(home, ['--posture', posture, '--yes', file], config.env);
  if (!fs.readFileSync(file).equals(bytes)) reasons.push('a second apply changes the file');
  if (again.code !== run.code || again.report?.changed !== false) {
    reasons.push(`a second apply ends with ${again.code}, not ${run.code}, and says changed ${again.report?.changed}`);
  }
  config.hardened ??= {};
  config.hardened[posture] = bytes;
  fs.rmSync(home, { recursive: true });
  return reasons;
}

// What one run says of itself, against what it did to the file.
function checkRun(config, { code, report, stdout, stderr }, bytes) {
  if (code !== 0 && code !== 1) return [`apply ended with ${code}: ${stderr.trim().slice(0, 200)}`];
  if (!Array.isArray(report?.edits)) return ['apply --format json printed something else than a report'];
  const reasons = strayChanges(config.text, bytes.toString('utf8'), report.edits.map(({ path }) => path));
  const changed = !bytes.equals(config.bytes);
  if (report.changed !== changed) reasons.push(`the report says changed ${report.changed}`);
  if (changed) {
    const backup = report.backup && fs.existsSync(report.backup) ? fs.readFileSync(report.backup) : null;
    if (!backup?.equals(config.bytes)) reasons.push('the backup does not hold the original');
    else if ((fs.statSync(report.backup).mode & 0o777) !== 0o600) reasons.push('the backup is not 0600');
  }
  const isShown = (secret) => stdout.includes(secret) || stderr.includes(secret);
  if ([...secrets(bytes.toString('utf8')), ...secrets(config.text)].some(isShown)) reasons.push('a secret is shown');
  return reasons;
}

async function checkSafe(config, posture) {
  const { home, run, bytes } = await hardenOnce(config, ['--posture', posture, '--only-safe']);
  const reasons = checkRun(config, run, bytes);
  fs.rmSync(home, { recursive: true });
  return run.report ? [...reasons, ...await judged(config, bytes, complaints)] : reasons;
}

async function postures(configs) {
  const cases = [];
  for (const posture of POSTURES) {
    for (const config of configs.filter(({ before }) => before.valid)) {
      cases.push([`${config.name} ${posture}`, () => checkPosture(config, posture)]);
      cases.push([`${config.name} ${posture} --only-safe`, () => checkSafe(config, posture)]);
    }
  }
  return cases;
}

// Reports of the real audit are walked through, and what the walk says is fixed is gone from the real audit.
async function walk(configs) {
  const others = configs.filter(({ kind }) => kind !== 'corpus');
  const shared = process.env.OPENCLAW_HARDEN_SHARED ?? path.resolve(import.meta.dirname, '../../../shared');
  const early = path.join(shared, 'openclaw/samples/early-2026/openclaw.json');
  if (fs.existsSync(early)) others.push({ kind: 'sample', name: 'samples/early-2026', bytes: fs.readFileSync(early), env: {} });
  return walkCases({ openclaw, configs: others, judge, ours, newHome, refusal, mayStay: MAY_STAY, mayAppear: MAY_APPEAR });
}

// What is refused is mended as far as can be known, or left as it is with every reason named.
async function refused(configs) {
  return configs.filter(({ before }) => !before.valid).map((config) => [
    config.name,
    async () => {
      if (!isText(config)) return checkUntouched(config);
      const { run } = await hardenOnce(config, ['--posture', 'personal', '--yes']);
      return run.code === 2 ? checkUntouched(config) : checkMended(config);
    },
  ]);
}

// Every retired key: its example is refused, and accepted when it is mended.
async function mend() {
  const assets = path.resolve(import.meta.dirname, '../../assets');
  const catalogue = fs.readdirSync(assets).find((name) => /^retired-.*\.tsv$/.test(name));
  const lines = fs.readFileSync(path.join(assets, catalogue), 'utf8').split('\n');
  return lines.filter((line) => line && !line.startsWith('#')).map((line) => {
    const [key, , , , , , example] = line.split('\t');
    const config = { bytes: Buffer.from(example), env: {} };
    return [`mend ${key}`, async () => {
      const before = await judge.verdict(config.bytes, config.env);
      if (before.valid) return [`OpenClaw accepts ${example}`];
      const { run, bytes } = await hardenOnce(config, ['--posture', 'personal', '--yes']);
      if (run.code !== 0 && run.code !== 1) return [`apply ended with ${run.code}: ${run.stderr.trim().slice(0, 200)}`];
      return refusal(await judge.verdict(bytes, config.env));
    }];
  });
}

function isText({ text }) {
  try { return outline(text).length > 0; } catch { return false; }
}

async function checkMended(config) {
  const reasons = [];
  for (const posture of POSTURES) {
    const { run, bytes } = await hardenOnce(config, ['--posture', posture, '--yes']);
    if (run.code !== 0 && run.code !== 1) {
      reasons.push(`${posture}: apply ended with ${run.code}: ${run.stderr.trim().slice(0, 200)}`);
      continue;
    }
    const text = bytes.toString('utf8');
    const problems = (after) => [...refusal(after), ...criticals(after, text)];
    let found = problems(await judge.verdict(bytes, config.env));
    // What is only there because a variable is not set here must go when it is.
    if (found.length > 0) found = problems(await judge.verdict(bytes, { ...fillVariables(text), ...config.env }));
    reasons.push(...found.map((reason) => `${posture}: ${reason}`));
  }
  return reasons;
}

async function checkUntouched(config) {
  const { file, run, bytes } = await hardenOnce(config, ['--posture', 'personal', '--yes']);
  const reasons = [];
  if (run.code !== 2) reasons.push(`apply ended with ${run.code}, not 2`);
  if (!bytes.equals(config.bytes)) reasons.push('the file was changed');
  const others = fs.readdirSync(path.dirname(file)).filter((name) => name !== 'openclaw.json');
  if (others.length > 0) reasons.push(`left beside the file: ${others.join(', ')}`);
  // One sentence, and under it, where there are several faults, a line each that begins with its place; what explains one stands behind blanks.
  const said = run.stderr.trim();
  if (/This is no OpenClaw config/.test(said)) return reasons;
  const [, ...list] = said.split('\n').filter((line) => !line.startsWith('  '));
  const isPlace = (line) => /openclaw\.json:\d+:\d+: ./.test(line);
  if (!said.split('\n').some(isPlace)) reasons.push(`no file:line:column and reason in: ${said.slice(0, 200)}`);
  if (!list.every(isPlace)) reasons.push(`more than a sentence and a list of places: ${JSON.stringify(said.slice(0, 200))}`);
  const keys = refusedKeys(config.before.issues);
  if (keys.length > 0 && !keys.some((key) => said.includes(key))) {
    reasons.push(`none of ${keys.slice(0, 5).join(', ')} in: ${said.slice(0, 200)}`);
  }
  return reasons;
}

// The keys that OpenClaw objects to, as far as its issues name any.
function refusedKeys(issues) {
  const keys = [];
  for (const { path, message } of issues) {
    const last = path.split('.').filter((part) => !/^(<root>|\d*)$/.test(part)).at(-1);
    if (/^Unrecognized key/.test(message)) keys.push(...message.matchAll(/"([^"]+)"/g).map(([, key]) => key));
    else if (last) keys.push(last);
  }
  return keys;
}

// Twenty hardened files, spread over all that there are, by the real command line too.
async function cli(configs) {
  const valid = configs.filter(({ before }) => before.valid);
  const count = Math.min(20, valid.length);
  const picked = Array.from({ length: count }, (_, n) => valid[Math.floor((n * valid.length) / count)]);
  return picked.map((config, n) => {
    const posture = POSTURES[n % POSTURES.length];
    return [`${config.name} ${posture}`, async () => {
      config.hardened ??= {};
      config.hardened[posture] ??= (await hardenOnce(config, ['--posture', posture, '--yes'])).bytes;
      const bytes = config.hardened[posture];
      const env = { ...fillVariables(bytes.toString('utf8')), ...config.env };
      return commandLine(openclaw, newHome(), bytes, env, await judge.verdict(bytes, env), MAY_STAY);
    }];
  });
}

// The same by the command line of the held version before the great break.
async function early() {
  return earlyCases(process.env.OPENCLAW_EARLY_PACKAGE, { newHome, harden });
}

// A real gateway on loopback: on the config that is made where there was none, and on a hardened one. What is
// hardened in a container keeps its bind, so there the gateway is tried outside, too.
async function gateways(configs) {
  const sample = configs.find(({ name }) => name === 'own/lan-without-auth.json5');
  const started = (where, through) => {
    // On trial, so that the gateway itself is asked whether the administrator gets in.
    const trial = ['--confirm-within', '1h'];
    const apply = (home, args) => harden(home, ['--posture', 'personal', '--yes', ...trial, ...args], {}, through);
    const confirm = (home, args, env) => ours(home, ['confirm', '--lang', 'en', '--format', 'json', ...args], env, through);
    return [
      [`a fresh config${where}`, () => gateway(openclaw, newHome(), null, apply, confirm, through)],
      [`the hardened ${sample.name}${where}`, () => gateway(openclaw, newHome(), sample.bytes, apply, confirm, through)],
    ];
  };
  const outside = inContainer() ? wayOutside() : null;
  if (inContainer() && !outside) console.log('gateway: this is a container that nothing leads out of, so loopback is not tried');
  return [...started('', []), ...(outside ? started(', outside the container', outside) : [])];
}

// OpenClaw's own writer beside ours, on the same file.
function writers() {
  return writerCases({ openclaw, judge, newHome, program });
}

function number(name, otherwise) {
  const value = Number(process.env[name] || otherwise);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} is no whole number`);
  return value;
}

// Random policies: each is a case of its own, and counted as it is compared.
async function whoMay() {
  await permissions({ program, openclaw, work, result, judge, seed: number('OPENCLAW_HARDEN_SEED', 20260906) });
  return [];
}

// What the checkup finds of what was really done to an installation.
function checkups() {
  return new Checkups(openclaw, program, newHome).cases();
}

// Secrets that leave a config: OpenClaw resolves them to what they were.
async function secretMoves(configs) {
  return secretsPart({ openclaw, judge, ours, newHome, configs: configs.filter(({ before }) => before.valid) });
}

// Random configs: each is a case of its own, and counted as it is compared.
async function audit() {
  // The same configs every time, so that a change is judged and not the dice; other seeds are for whoever looks for more.
  const seed = number('OPENCLAW_HARDEN_SEED', 2180882988);
  const count = number('OPENCLAW_HARDEN_CONFIGS', 1000);
  console.log(`audit: ${count} configs of OPENCLAW_HARDEN_SEED=${seed}`);
  const valid = await compareAudits({ judge, program, home: newHome(), seed, count, result });
  console.log(`audit: OpenClaw accepts ${valid} of them`);
  return [];
}

// Configs in several files: read, judged and hardened as if they were one.
async function include(configs) {
  return includeCases({ configs: configs.filter(({ before }) => before.valid), judge, program, newHome });
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(0);

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((part) => !(part in PARTS));
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
  let configs = null;
  for (const [name, part] of Object.entries(PARTS).filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
    // A part without a parameter makes its own.
    if (part.length > 0) configs ??= await readConfigs();
    const began = Date.now();
    const before = { ...counts };
    const cases = await part(configs);
    // The real command line and gateway are heavy: two at a time. The others wait for the judge's two processes anyhow.
    const lanes = ['cli', 'early', 'writers', 'checkup', 'secrets'].includes(name) ? 2 : name === 'gateway' ? 1 : 6;
    const next = cases.values();
    await Promise.all(Array.from({ length: lanes }, async () => {
      for (const [title, run] of next) {
        result(`${name}: ${title}`, await run().catch((error) => [`could not run: ${error.message}`]));
      }
    }));
    const ran = counts.passed + counts.failed - before.passed - before.failed;
    if (ran === 0) result(name, ['there was nothing to run']);
    console.log(`${name}: ${ran} cases, ${counts.failed - before.failed} failed (${seconds(began)} s)`);
  }
  console.log(`OpenClaw gave ${judge.given} verdicts for ${judge.asked} questions`);
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('exit', () => {
  judge.close();
  fs.rmSync(work, { recursive: true, force: true });
});
await main().catch((error) => result('the suite', [error.message]));
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);

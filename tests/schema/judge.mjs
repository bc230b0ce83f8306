// The real OpenClaw's verdict on many configs, in one process: is each accepted, and if not, why.
// usage: node judge.mjs OPENCLAW_DIST CONFIGS.jsonl VERDICTS.jsonl
// Each line of CONFIGS.jsonl is a JSON string that holds the text of a config; each line of VERDICTS.jsonl answers it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [dist, configs, verdicts] = process.argv.slice(2);
for (const name of Object.keys(process.env)) if (!['PATH', 'LANG'].includes(name)) delete process.env[name];
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'validity-'));
process.env.HOME = home;
const state = path.join(home, '.openclaw');
fs.mkdirSync(state, { mode: 0o700 });
const file = path.join(state, 'openclaw.json');

const factory = fs.readdirSync(dist).filter((name) => /^io\.factory-.*\.mjs$/.test(name));
const found = (await Promise.all(factory.map((name) => import(path.join(dist, name))))).flatMap((module) => Object.values(module));
const createConfigIO = found.find((value) => typeof value === 'function' && value.name === 'createConfigIO');
const quiet = { warn() {}, error() {}, info() {} };
const out = fs.openSync(verdicts, 'w');
for (const line of fs.readFileSync(configs, 'utf8').split('\n')) {
  if (!line) continue;
  fs.writeFileSync(file, JSON.parse(line), { mode: 0o600 });
  let verdict;
  try {
    const io = createConfigIO({ env: { HOME: home }, configPath: file, logger: quiet, observe: false });
    const snapshot = await io.readConfigFileSnapshot();
    verdict = { valid: snapshot.valid, issues: snapshot.issues.map(({ path, message }) => [path, message]) };
  } catch (error) {
    verdict = { valid: false, thrown: true, issues: [['', String(error?.message ?? error)]] };
  }
  fs.writeSync(out, JSON.stringify(verdict) + '\n');
}
fs.closeSync(out);
fs.rmSync(home, { recursive: true, force: true });
process.exit(0);

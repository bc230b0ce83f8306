// An early OpenClaw by its command line: what it accepts it accepts after hardening, under its own keys and with nothing critical left.
import fs from 'node:fs';
import path from 'node:path';
import { ALONE, command } from './openclaw.mjs';
import { environment, makeHome } from './judge.mjs';

// What needs a decision that only the administrator can make.
const MAY_STAY = ['gateway.trusted_proxy_auth'];
// How many of the shared configs are asked about; those that the early version accepts are tried.
const ASKED = 24;

// The cases: our own configs, one real installation of early 2026, and some of the others that the early version accepts.
export async function earlyCases(openclaw, { newHome, harden }) {
  const own = path.join(import.meta.dirname, 'early');
  const read = (folder, name) => ({ name: `early/${name}`, bytes: fs.readFileSync(path.join(folder, name)), env: {} });
  const cases = fs.readdirSync(own).filter((name) => name.endsWith('.json5')).sort().map((name) => read(own, name));
  const shared = process.env.OPENCLAW_HARDEN_SHARED ?? path.resolve(import.meta.dirname, '../../../shared');
  const sample = path.join(shared, 'openclaw/samples/early-2026');
  if (fs.existsSync(sample)) cases.push({ ...read(sample, 'openclaw.json'), name: 'early/early-2026', isRefused: true });

  const place = (config) => {
    const home = newHome();
    const file = makeHome(home, config.bytes);
    const env = environment(home, { ...ALONE, ...config.env, OPENCLAW_CONFIG_PATH: file, OPENCLAW_STATE_DIR: path.dirname(file) });
    const run = (...args) => command(openclaw, env, home, args);
    return { home, file, run, isValid: async () => (await run('config', 'validate', '--json')).report?.valid === true };
  };
  const corpus = path.join(shared, 'openclaw/corpus');
  const names = fs.existsSync(corpus) ? fs.readdirSync(corpus).filter((name) => name.endsWith('.json5')).sort() : [];
  if (names.length === 0) console.log(`${corpus} is not there: its configs are left out`);
  const others = names.map((name) => read(corpus, name));
  const step = Math.max(1, Math.floor(others.length / ASKED));
  const asked = others.filter((_, n) => n % step === 0).slice(0, ASKED);
  for (let n = 0; n < asked.length; n += 2) {
    const pair = asked.slice(n, n + 2);
    const verdicts = await Promise.all(pair.map((config) => place(config).isValid()));
    cases.push(...pair.filter((_, n) => verdicts[n]));
  }
  return cases.map((config, n) => [`${config.name}`, async () => {
    const { home, file, run, isValid } = place(config);
    const reasons = [];
    if (await isValid() === Boolean(config.isRefused)) reasons.push(`before it is ${config.isRefused ? 'accepted' : 'refused'}`);
    const args = ['--openclaw-version', '2026.3.7', '--posture', ['personal', 'shared', 'public'][n % 3], '--yes', file];
    const applied = await harden(home, args, config.env);
    if (applied.code !== 0 && applied.code !== 1) return [...reasons, `apply ended with ${applied.code}: ${applied.stderr.trim().slice(0, 200)}`];
    if (!await isValid()) reasons.push(`refused after it: ${fs.readFileSync(file, 'utf8').slice(0, 300)}`);
    const audit = await run('security', 'audit', '--json');
    const findings = audit.report?.findings;
    if (!Array.isArray(findings)) reasons.push(`security audit ended with ${audit.code}: ${audit.stderr.trim().slice(-200)}`);
    const grave = (findings ?? []).filter(({ severity, checkId }) => severity === 'critical' && !MAY_STAY.includes(checkId));
    if (grave.length > 0) reasons.push(`critical left: ${grave.map(({ checkId }) => checkId).join(', ')}`);
    const again = await harden(home, args, config.env);
    if (again.report?.changed !== false) reasons.push('a second apply changes the file');
    fs.rmSync(home, { recursive: true, force: true });
    return reasons;
  }]);
}

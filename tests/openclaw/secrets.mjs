// The part `secrets`: secrets leave a config, and OpenClaw resolves each to what it was; its audit finds none in the file any
// more; a running gateway goes on with those in the file of secrets, and one that starts knows those in `.env`.
import { fork, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { environment, makeHome } from './judge.mjs';
import { ALONE, answers, freePort } from './openclaw.mjs';

const TOKEN = 't0ken-0f-the-gateway-that-is-long-enough-00';
const HOOKS = 'h00ks-t0ken-that-is-long-enough-for-all-00';

// Values that are hard to write down.
const HARD = [
  'plain-1.2', 'two words', ' edges ', 'a#b c', "it's", 'say "hi"', '`ticks`', 'line one\nline two\n', 'a\\nb', 'tab\tand\r\nmore',
  '$HOME $1 $$', 'back\\slash\\', '-----BEGIN KEY-----\nMIIB+/=\n-----END KEY-----\n', "'both' \"kinds\"", "'all' \"three\" `kinds`",
  '\u65e5\u672c\u8a9e', '=equals=', '#hash', '% {x} ;', '!"\u00a7$%&/()=?', '\\"', "\\'", 'a\n#b', '\u{1f512}',
];

const SAMPLES = [
  ['every kind of place', {
    gateway: { mode: 'local', auth: { mode: 'password', password: TOKEN } },
    hooks: { enabled: true, token: HOOKS },
    env: { vars: { SOME_API_KEY: 'abcdefgh-1', EDITOR: 'vi' } },
    channels: { telegram: { enabled: false, botToken: '123456:abcdefgh', webhookSecret: 'wh-secret-1', accounts: { two: { botToken: '9:zyxwvuts' } } } },
    models: { providers: { own: { baseUrl: 'https://models.invalid/v1', apiKey: 'sk-abcdefgh', headers: { Authorization: 'Bearer abcdefgh' }, models: [{ id: 'm', name: 'm' }] } } },
    mcp: { servers: { notes: { command: 'notes', env: { NOTES_API_KEY: 'notes-key-1' } } } },
    skills: { entries: { weather: { apiKey: 'weather-key-1' } } },
  }],
  ...HARD.map((value) => [`a value ${JSON.stringify(value)}`, {
    gateway: { mode: 'local', auth: { mode: 'password', password: value.trim() === '' ? 'x' : value } },
    hooks: { enabled: false, token: value },
    env: { vars: { HARD_API_KEY: value } },
  }]),
];

// The keys of a path as the program writes it.
function keys(written) {
  const found = [];
  for (const [, quoted, index, key] of written.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.[\]]+)/g)) {
    found.push(quoted !== undefined ? JSON.parse(`"${quoted}"`) : index !== undefined ? Number(index) : key);
  }
  return found;
}

class Resolver {
  #child;
  #waiting = [];
  #ready;

  constructor(openclaw, home) {
    fs.mkdirSync(path.join(home, 'tmp'), { recursive: true });
    this.#child = fork(new URL('resolver.mjs', import.meta.url), [path.join(openclaw, 'dist')], {
      env: environment(home), execArgv: ['--no-warnings'], stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#child.on('message', (message) => {
        if (message.ready) resolve();
        else if (message.fatal) reject(new Error(message.fatal));
        else this.#waiting.shift()(message);
      });
      this.#child.on('exit', () => {
        const ended = new Error('the resolver ended');
        reject(ended);
        for (const answer of this.#waiting.splice(0)) answer({ error: ended.message });
      });
    });
    this.#ready.catch(() => {});
    this.#child.unref();
    this.#child.channel.unref();
  }

  async values(home, env, places) {
    await this.#ready;
    this.#child.ref();
    this.#child.channel.ref();
    const answer = await new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#child.send({ home, env: environment(home, { ...ALONE, ...env }), places });
    });
    if (this.#waiting.length === 0) { this.#child.unref(); this.#child.channel.unref(); }
    if (answer.error) throw new Error(answer.error);
    return answer.values;
  }
}

const GONE = 'config.secrets.gateway_password_in_config';

export function secretsPart({ openclaw, judge, ours, newHome, configs }) {
  const resolver = new Resolver(openclaw, newHome());
  const move = (home, args = [], env = {}) => ours(home, ['secrets', '--lang', 'en', '--format', 'json', ...args], env);

  async function moved(config) {
    const { bytes, env } = config;
    const home = newHome();
    const file = makeHome(home, bytes);
    const look = await move(home, ['--dry-run'], env);
    if (!look.report) return [`secrets --dry-run ended with ${look.code}: ${look.stderr.slice(0, 300)}`];
    if (!fs.readFileSync(file).equals(bytes)) return ['--dry-run wrote'];
    const places = look.report.moves.map((step) => keys(step.path));
    if (places.length === 0) return config.mustMove ? ['nothing moves'] : [];
    const before = await resolver.values(home, env, places);
    const run = await move(home, ['--yes'], env);
    if (!run.report?.changed) return [`secrets --yes ended with ${run.code}: ${run.stderr.slice(0, 300)}`];
    const reasons = [];
    const after = await resolver.values(home, env, places);
    before.forEach((value, n) => {
      if (typeof value !== 'string' || value !== after[n]) reasons.push(`${run.report.moves[n].path} reads otherwise than before`);
    });
    const text = fs.readFileSync(file);
    const state = path.dirname(file);
    const beside = Object.fromEntries(['secrets.json', '.env'].filter((name) => fs.existsSync(path.join(state, name)))
      .map((name) => [name, fs.readFileSync(path.join(state, name), 'utf8')]));
    const verdict = await judge.verdict(text, env, beside);
    if (!verdict.valid) return [...reasons, `OpenClaw refuses the result: ${JSON.stringify(verdict.issues).slice(0, 300)}`];
    const worse = new Set(config.before.findings.map(([id]) => id));
    const fresh = verdict.findings.map(([id]) => id).filter((id) => !worse.has(id));
    if (fresh.length > 0) reasons.push(`newly shows ${fresh.join(', ')}`);
    const left = (run.report.left ?? []).map(({ path: place }) => place);
    if (verdict.findings.some(([id]) => id === GONE) && !left.includes('gateway.auth.password')) reasons.push(`${GONE} stays`);
    const modes = Object.keys(beside).filter((name) => fs.statSync(path.join(state, name)).mode & 0o077);
    if (modes.length > 0) reasons.push(`others can read ${modes.join(', ')}`);
    const shown = `${look.stdout}${run.stdout}${run.stderr}`;
    if (before.some((value) => value.length >= 8 && shown.includes(value))) reasons.push('a secret shows');
    const again = await move(home, ['--yes', '--purge'], env);
    const holds = fs.readdirSync(state).filter((name) => name.startsWith('openclaw.json.'))
      .filter((name) => before.some((value) => value.length >= 8 && fs.readFileSync(path.join(state, name), 'utf8').includes(value)));
    if (holds.length > 0) reasons.push(`${holds.join(', ')} still hold a secret: ${again.stderr.slice(0, 200)}`);
    if (!fs.readFileSync(file).equals(text)) reasons.push('a second run changes the config');
    fs.rmSync(home, { recursive: true, force: true });
    return reasons;
  }

  const own = SAMPLES.map(([title, value]) => [title, async () => {
    const bytes = Buffer.from(`// kept\n${JSON.stringify(value, null, 2)}\n`);
    return moved({ bytes, env: {}, before: await judge.verdict(bytes), mustMove: true });
  }]);
  const shared = configs.filter(({ bytes }) => !bytes.includes('$include')).map((config) => [config.name, () => moved(config)]);
  return [['a gateway before, meanwhile and after', () => life(openclaw, newHome(), move)], ...own, ...shared];
}

// One gateway: it runs while the first secrets move, and goes on; the others wait for it to stop; when it starts it knows them.
async function life(openclaw, home, move) {
  const file = makeHome(home, Buffer.from(JSON.stringify({
    gateway: { mode: 'local', bind: 'loopback', auth: { mode: 'token', token: TOKEN } },
    hooks: { enabled: true, path: '/hooks', token: HOOKS },
  })));
  const port = await freePort();
  const env = { ...ALONE, OPENCLAW_GATEWAY_PORT: `${port}` };
  const reasons = [];
  const expect = (what, is, wanted) => { if (is !== wanted) reasons.push(`${what}: ${is}, not ${wanted}`); };
  const ask = async (when) => {
    expect(`${when}, the gateway with its token`, await post(port, '/tools/invoke', TOKEN, '{"tool":"session_status"}'), 200);
    expect(`${when}, the gateway with another`, await post(port, '/tools/invoke', HOOKS, '{"tool":"session_status"}'), 401);
    expect(`${when}, the hooks with their token`, await post(port, '/hooks/none', HOOKS, '{}'), 404);
    for (const wrong of [TOKEN, '${OPENCLAW_SECRET_HOOKS_TOKEN}']) {
      expect(`${when}, the hooks with another`, await post(port, '/hooks/none', wrong, '{}'), 401);
    }
  };
  let gateway = await start(openclaw, home, env, port);
  try {
    await ask('before');
    const first = await move(home, ['--yes'], env);
    expect('what moves while it runs', first.report?.moves.map((step) => step.path).join(), 'gateway.auth.token');
    expect('what waits', first.report?.left.map((step) => step.path).join(), 'hooks.token');
    expect('a restart', first.report?.restart, false);
    await gateway.says(/hot reload applied|reload skipped|reload failed/i);
    await ask('meanwhile');
    await gateway.stop();
    const second = await move(home, ['--yes', '--purge'], env);
    expect('what moves then', second.report?.moves.map((step) => step.path).join(), 'hooks.token');
    expect('a start', second.report?.restart, true);
    expect('what is left', second.code, 0);
    const text = fs.readFileSync(file, 'utf8');
    if (text.includes(TOKEN) || text.includes(HOOKS)) reasons.push('a secret still stands in the config');
    gateway = await start(openclaw, home, env, port);
    await ask('after');
  } finally {
    await gateway.stop();
  }
  return reasons;
}

async function start(openclaw, home, env, port) {
  const options = { env: environment(home, env), cwd: home, detached: true, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = spawn(process.execPath, [path.join(openclaw, 'openclaw.mjs'), 'gateway', 'run', '--bind', 'loopback'], options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { output += data; });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  const kill = (signal) => { try { process.kill(-child.pid, signal); } catch { /* it has ended */ } };
  const last = () => kill('SIGKILL');
  process.on('exit', last);
  const stop = async () => {
    kill('SIGTERM');
    await Promise.race([ended, pause(20_000).then(last)]);
    process.off('exit', last);
  };
  const is = await answers(port);
  if (is !== true) {
    await stop();
    throw new Error(`${is}: ${output.slice(-400)}`);
  }
  const says = async (pattern) => {
    for (let n = 0; n < 60 && !pattern.test(output); n += 1) await pause(250);
    await pause(500);
  };
  return { stop, says };
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function post(port, url, token, body) {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const sent = http.request({ host: '127.0.0.1', port, method: 'POST', path: url, headers, timeout: 10_000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('timeout', () => sent.destroy()).on('error', () => resolve(null)).end(body);
  });
}

// The real OpenClaw as people start it: its command line, and its gateway on loopback.
import { execFile, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { environment, makeHome } from './judge.mjs';
import { outline } from './outline.mjs';

const LIMIT_MS = 120_000;
// OpenClaw looks for updates and tells the local network of itself unless it is told not to; a proxy that does
// not answer stops what asks elsewhere all the same.
export const ALONE = {
  OPENCLAW_NO_AUTO_UPDATE: '1',
  OPENCLAW_DISABLE_BONJOUR: '1',
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
};

export function command(openclaw, env, cwd, args) {
  return new Promise((resolve) => {
    const options = { env, cwd, timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 26 };
    execFile(process.execPath, [path.join(openclaw, 'openclaw.mjs'), ...args], options, (error, stdout, stderr) => {
      let report = null;
      try { report = JSON.parse(stdout); } catch { /* said by whoever needs it */ }
      resolve({ code: error ? error.code ?? error.signal : 0, report, stderr });
    });
  });
}

// What the command line says against a config, or says otherwise than the judge.
export async function commandLine(openclaw, home, bytes, env, verdict, mayStay) {
  const file = makeHome(home, bytes);
  const all = environment(home, { ...ALONE, ...env, OPENCLAW_CONFIG_PATH: file, OPENCLAW_STATE_DIR: path.dirname(file) });
  const validate = await command(openclaw, all, home, ['config', 'validate', '--json']);
  if (validate.code !== 0 || validate.report?.valid !== true) {
    return [`config validate ended with ${validate.code}: ${JSON.stringify(validate.report ?? validate.stderr).slice(0, 300)}`];
  }
  const audit = await command(openclaw, all, home, ['security', 'audit', '--json']);
  fs.rmSync(home, { recursive: true, force: true });
  if (audit.code !== 0 || !Array.isArray(audit.report?.findings)) {
    return [`security audit ended with ${audit.code}: ${audit.stderr.trim().slice(-300)}`];
  }
  const reasons = [];
  const critical = audit.report.findings.filter((f) => f.severity === 'critical' && !mayStay.includes(f.checkId));
  if (critical.length > 0) reasons.push(`critical left: ${critical.map((f) => f.checkId).join(', ')}`);
  // The command line may install a channel's plugin by itself, and then speaks of it.
  const ids = (list) => [...new Set(list)].filter((id) => !id.startsWith('plugins.')).sort().join(' ');
  const [said, judged] = [ids(audit.report.findings.map((f) => f.checkId)), ids((verdict.findings ?? []).map(([id]) => id))];
  if (said !== judged) reasons.push(`the command line says ${said}, the judge ${judged}`);
  return reasons;
}

// What goes wrong when a gateway starts on what `apply` leaves in a HOME, on nothing or on a config, and when `confirm` then
// proves that it lets the administrator in. All are started by way of `through`: a command that starts another, or none.
export async function gateway(openclaw, home, bytes, apply, confirm, through = []) {
  const file = makeHome(home, bytes);
  if (!bytes) fs.rmSync(path.dirname(file), { recursive: true });
  const run = await apply(home, bytes ? [file] : []);
  if (run.code !== 0 && run.code !== 1) return [`apply ended with ${run.code}: ${run.stderr.trim().slice(0, 200)}`];
  if (!fs.existsSync(file)) return [`apply made no ${file}`];
  const hardened = fs.readFileSync(file);

  const port = await freePort();
  const env = environment(home, { ...ALONE, OPENCLAW_GATEWAY_PORT: `${port}` });
  const options = { env, cwd: home, detached: true, stdio: ['ignore', 'pipe', 'pipe'] };
  const args = ['gateway', 'run'];
  const bind = outline(hardened.toString('utf8')).findLast(({ path }) => path === 'gateway.bind')?.text;
  const contained = inContainer() && through.length === 0;
  // In a container loopback would cut off its published ports, so there the posture keeps the bind. Elsewhere no bind is loopback.
  if (contained && !/^["']loopback["']$/.test(bind)) args.push('--bind', 'loopback');
  else if (bind && !/^["']loopback["']$/.test(bind)) return [`apply left gateway.bind at ${bind}`];
  const [first, ...rest] = [...through, process.execPath, path.join(openclaw, 'openclaw.mjs'), ...args];
  const child = spawn(first, rest, options);
  const stop = () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ } };
  process.on('exit', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { output += data; });
  const ended = new Promise((resolve) => { child.on('exit', (code, signal) => resolve(code ?? signal)); });
  try {
    const reasons = [];
    const started = await Promise.race([ended.then((code) => `the gateway ended with ${code}`), answers(port)]);
    if (started !== true) return [`${started}: ${output.trim().slice(-600)}`];
    if (/invalid config|config.{0,20}(refused|rejected|skipped)/i.test(output)) {
      reasons.push(`the gateway objects to the config: ${output.trim().slice(-600)}`);
    }
    const elsewhere = listeners(port).filter((address) => address !== '127.0.0.1' && address !== '::1');
    if (elsewhere.length > 0) reasons.push(`the gateway listens on ${elsewhere.join(', ')}`);
    const invoke = await request(port, 'POST', '/tools/invoke', '{"tool":"session_status"}');
    if (invoke !== 401) reasons.push(`a request without the token is answered with ${invoke}, not 401`);
    const confirmed = await confirm(home, ['--config', file], { OPENCLAW_GATEWAY_PORT: `${port}` });
    if (confirmed.report?.state !== 'confirmed' || confirmed.report.proof !== `127.0.0.1:${port}`) {
      reasons.push(`confirm ended with ${confirmed.code}: ${confirmed.stderr.trim().slice(0, 300)}`);
    }
    if (!fs.readFileSync(file).equals(hardened)) reasons.push('the gateway has rewritten the file');
    child.kill('SIGTERM');
    const code = await Promise.race([ended, pause(20_000).then(() => 'nothing in 20 s')]);
    if (code !== 0 && code !== 'SIGTERM') reasons.push(`the gateway answered SIGTERM with ${code}`);
    return reasons;
  } finally {
    stop();
    process.off('exit', stop);
  }
}

// A command that starts others as if outside the container that this is; none where there is no way out.
export function wayOutside() {
  const script = path.join(import.meta.dirname, 'outside.sh');
  if (spawnSync(script, ['test', '!', '-e', '/.dockerenv'], { stdio: 'ignore' }).status === 0) return [script];
  return null;
}

export function inContainer() {
  if (fs.existsSync('/.dockerenv') || fs.existsSync('/run/.containerenv')) return true;
  return fs.existsSync('/proc/1/cgroup') && /docker|kubepods|containerd|lxc|libpod/.test(fs.readFileSync('/proc/1/cgroup', 'utf8'));
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms).unref(); });

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function request(port, method, url, body) {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const sent = http.request({ host: '127.0.0.1', port, method, path: url, headers, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('timeout', () => sent.destroy()).on('error', () => resolve(null)).end(body);
  });
}

async function answers(port) {
  for (const until = Date.now() + LIMIT_MS; Date.now() < until; await pause(500)) {
    if (await request(port, 'GET', '/startupz') === 200) return true;
  }
  return `the gateway did not answer in ${LIMIT_MS / 1000} s`;
}

// The addresses on which this machine listens at a port, from Linux's own table.
function listeners(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const found = [];
  for (const [table, name] of [['tcp', v4], ['tcp6', v6]]) {
    const file = `/proc/net/${table}`;
    if (!fs.existsSync(file)) continue;
    for (const line of fs.readFileSync(file, 'utf8').split('\n').slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      if (state === '0A' && local.endsWith(`:${hex}`)) found.push(name(local.slice(0, -5)));
    }
  }
  return found;
}

const v4 = (hex) => hex.match(/../g).reverse().map((byte) => parseInt(byte, 16)).join('.');
const v6 = (hex) => (hex === '00000000000000000000000001000000' ? '::1' : `[${hex}]`);

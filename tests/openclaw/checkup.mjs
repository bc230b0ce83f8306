// The checkup against what really happens: a real gateway with right and wrong tokens, and real containers. One installation
// is clean; then one thing at a time is planted, and the checkup has to find that and nothing else.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { environment, makeHome } from './judge.mjs';
import { ALONE, answers, freePort } from './openclaw.mjs';

const TOKEN = 'a1f0c9'.repeat(8);
const STRANGER = '203.0.113.9';
const GUESSER = '198.51.100.7';
const LABELS = ['openclaw.sandbox=1', 'openclaw.sessionKey=agent:main:main', `openclaw.createdAtMs=${Date.now()}`];
const IMAGE = 'openclaw-sandbox:bookworm-slim';

function config(home, port) {
  return {
    gateway: {
      mode: 'local', port, bind: 'loopback', trustedProxies: ['127.0.0.1'],
      auth: { mode: 'token', token: TOKEN, rateLimit: { maxAttempts: 1000, windowMs: 60000, lockoutMs: 1000, exemptLoopback: true } },
    },
    logging: { file: path.join(home, 'gateway.log') },
    agents: { defaults: { sandbox: { mode: 'all', workspaceAccess: 'none' } } },
  };
}

export class Checkups {
  constructor(openclaw, program, newHome) {
    Object.assign(this, { openclaw, program, newHome });
  }

  // Runs the checkup and is its rows; what needs attention by id.
  checkup(home, args = [], env = {}) {
    // A machine that is busy with other cases answers late.
    const words = ['checkup', '--format', 'json', '--lang', 'en', ...(env.ASKED ? ['--engine-timeout', '60'] : []), ...args];
    const all = { ...environment(home), XDG_STATE_HOME: path.join(home, 'own-state'), ...env };
    return new Promise((resolve, reject) => {
      execFile(this.program, words, { env: all, cwd: home, timeout: 240_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        let report;
        try { report = JSON.parse(stdout); } catch { return reject(new Error(`checkup printed no JSON: ${stderr.slice(0, 300)}`)); }
        const bad = report.rows.filter(({ state }) => state === 'attention').map(({ id }) => id).sort();
        resolve({ code: error ? error.code : 0, rows: report.rows, bad, text: stdout });
      });
    });
  }

  // What is wrong where exactly these rows were to need attention.
  async expect(name, home, wanted, args, env) {
    const { code, rows, bad, text } = await this.checkup(home, args, env);
    const reasons = [];
    if (bad.join() !== [...wanted].sort().join()) {
      const evidence = rows.filter(({ state }) => state === 'attention').map(({ id, evidence }) => `${id}: ${evidence.join(' / ')}`);
      reasons.push(`${name}: found [${bad}] instead of [${wanted}] ${evidence.join('; ').slice(0, 500)}`);
    }
    if (code !== (wanted.length > 0 ? 1 : 0) && !args?.includes('--accept')) reasons.push(`${name}: ended with ${code}`);
    if (text.includes(TOKEN)) reasons.push(`${name}: the report shows the token`);
    return reasons;
  }

  // One gateway through its life, and a checkup after each thing that happens to it.
  async life() {
    const home = this.newHome();
    const port = await freePort();
    const settings = config(home, port);
    const file = makeHome(home, JSON.stringify(settings, null, 2));
    const none = ['--engine', 'none'];
    const env = environment(home, ALONE);
    const child = spawn(process.execPath, [path.join(this.openclaw, 'openclaw.mjs'), 'gateway', 'run'], { env, cwd: home, detached: true, stdio: 'ignore' });
    const stop = () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ } };
    process.on('exit', stop);
    try {
      const started = await answers(port);
      if (started !== true) return [started];
      const reasons = [];
      const found = async (name, wanted, args = none) => reasons.push(...await this.expect(name, home, wanted, args));
      // What is accepted is told by the second, so what comes next is to come in a later one.
      const accept = async () => { await this.checkup(home, [...none, '--accept']); await pause(1100); };

      const right = await connect(port, { token: TOKEN });
      if (!right.ok) reasons.push(`the right token was refused: ${JSON.stringify(right).slice(0, 200)}`);
      await found('a clean installation with a client', []);

      const wrong = await connect(port, { token: 'wrong', forwarded: STRANGER });
      if (wrong.ok) reasons.push('a wrong token was let in');
      await pause(500);
      await found('a foreign address', ['log.foreign_address']);
      await accept();
      await found('a foreign address that was accepted', []);

      for (let n = 0; n < 14; n += 1) await connect(port, { token: `guess ${n}`, forwarded: GUESSER });
      await pause(500);
      await found('a brute force', ['log.brute_force', 'log.foreign_address']);
      await accept();

      const device = await connect(port, { token: TOKEN, device: true });
      if (!device.ok) reasons.push(`the device was refused: ${JSON.stringify(device).slice(0, 300)}`);
      await pause(500);
      await found('an admin device that was approved silently', ['access.silent_admin']);
      await accept();
      await found('a device that was accepted', []);

      settings.tools = { deny: ['group:web'] };
      fs.writeFileSync(file, JSON.stringify(settings, null, 2));
      await pause(3000);
      await found('a changed policy', ['policy.drift']);
      const { rows } = await this.checkup(home, none);
      const drift = rows.find(({ id }) => id === 'policy.drift').evidence.join('\n');
      if (!/tools\.deny/.test(drift)) reasons.push(`the changed path is not named: ${drift}`);
      if (!/outside OpenClaw/.test(drift)) reasons.push(`OpenClaw's journal is not told: ${drift}`);
      await accept();

      fs.writeFileSync(file, JSON.stringify({ ...settings, bogus: 1 }, null, 2));
      await pause(3000);
      await found('a config that the gateway does not load', ['log.reload_rejected', 'policy.drift']);
      fs.writeFileSync(file, JSON.stringify(settings, null, 2));
      return reasons;
    } finally {
      stop();
      process.off('exit', stop);
    }
  }

  // Something else listens on the port, on every address.
  async listener() {
    const home = this.newHome();
    const port = await freePort();
    makeHome(home, JSON.stringify(config(home, port)));
    const reasons = await this.expect('no listener', home, [], ['--engine', 'none']);
    const server = net.createServer();
    await new Promise((resolve) => { server.listen(port, '0.0.0.0', resolve); });
    reasons.push(...await this.expect('an open listener', home, ['listeners.gateway'], ['--engine', 'none']));
    server.close();
    return reasons;
  }

  // Real containers, through a program: a clean one, and one with each thing that should not be.
  async containers(engine) {
    const home = this.newHome();
    const port = await freePort();
    makeHome(home, JSON.stringify(config(home, port)));
    const workspace = path.join(home, '.openclaw/sandboxes/main-1');
    fs.mkdirSync(workspace, { recursive: true });
    const socket = path.join(home, 'docker.sock');
    const unix = net.createServer();
    await new Promise((resolve) => { unix.listen(socket, resolve); });
    const secret = path.join(home, 'documents');
    fs.mkdirSync(secret);
    const box = podman(home);
    const env = await engine(box, home);
    const seen = async (name, wanted) => {
      const { rows } = await this.checkup(home, [], env);
      const row = rows.find(({ id, looked }) => id === 'containers.engine' && looked.includes(env.ASKED));
      const asked = row?.state === 'ok' ? [] : [`${name}: ${env.ASKED} was not asked: ${JSON.stringify(row)}`];
      return [...asked, ...await this.expect(name, home, wanted, [], env)];
    };
    try {
      const reasons = await seen('no container', []);
      box.create('openclaw-sbx-clean', [`${workspace}:/workspace:z`]);
      reasons.push(...await seen('a clean container', []));
      for (const [name, mounts, options, wanted] of [
        ['mount', [`${secret}:/documents`], [], ['containers.unexpected_mount']],
        ['socket', [`${socket}:/var/run/docker.sock`], [], ['containers.docker_socket']],
        ['privileged', [], ['--privileged'], ['containers.rights']],
        ['network', [], ['--network', 'host'], ['containers.rights']],
      ]) {
        box.create(`openclaw-sbx-${name}`, [`${workspace}:/workspace:z`, ...mounts], options);
        reasons.push(...await seen(name, wanted));
        box.run(['rm', '--force', `openclaw-sbx-${name}`]);
      }
      return reasons;
    } finally {
      unix.close();
      env.stop?.();
    }
  }

  // An engine that never answers.
  async hanging() {
    const home = this.newHome();
    makeHome(home, JSON.stringify(config(home, await freePort())));
    fs.mkdirSync(path.join(home, 'bin'));
    fs.writeFileSync(path.join(home, 'bin/docker'), '#!/bin/sh\nexec /bin/sleep 60\n', { mode: 0o755 });
    const began = Date.now();
    const { rows } = await this.checkup(home, [], { PATH: `${home}/bin` });
    const row = rows.find(({ id, looked }) => id === 'containers.engine' && looked.includes('docker'));
    const reasons = row?.state === 'unknown' ? [] : [`a hanging engine is ${row?.state}`];
    if (Date.now() - began > 30_000) reasons.push(`it was waited for ${Date.now() - began} ms`);
    return reasons;
  }

  cases() {
    const missing = ['podman', 'busybox'].filter((name) => spawnSync(name, ['--help'], { stdio: 'ignore' }).error);
    if (missing.length > 0) install(['podman', 'busybox-static']);
    const hasDocker = !spawnSync('docker', ['--version'], { stdio: 'ignore' }).error;
    if (!hasDocker) console.log('checkup: there is no docker client, so containers are asked of podman alone');
    return [
      ['a gateway through its life', () => this.life()],
      ['an open listener', () => this.listener()],
      ['containers of podman', () => this.containers(throughPodman)],
      ...(hasDocker ? [['containers through the docker client', () => this.containers(throughDocker)]] : []),
      ['an engine that hangs', () => this.hanging()],
    ];
  }
}

function install(packages) {
  if (process.getuid() !== 0) throw new Error(`please install ${packages.join(' and ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env, stdio: 'ignore' });
}

// A podman with folders of its own, and OpenClaw's image in it: no more than a shell.
function podman(home) {
  const options = ['--root', path.join(home, 'store'), '--runroot', path.join(home, 'run'), '--storage-driver', 'vfs'];
  const run = (words) => execFileSync('podman', [...options, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const root = path.join(home, 'root/bin');
  fs.mkdirSync(root, { recursive: true });
  const busybox = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim();
  fs.copyFileSync(busybox, path.join(root, 'busybox'));
  for (const name of ['sh', 'sleep']) fs.symlinkSync('busybox', path.join(root, name));
  execFileSync('tar', ['-C', path.dirname(root), '-cf', path.join(home, 'root.tar'), '.']);
  run(['import', path.join(home, 'root.tar'), IMAGE]);
  const create = (name, mounts, more = []) => run([
    'create', '--name', name, ...LABELS.flatMap((label) => ['--label', label]), '--read-only',
    ...(more.includes('--network') ? [] : ['--network', 'none']), '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges',
    ...mounts.flatMap((mount) => ['-v', mount]), ...more, IMAGE, 'sleep', 'infinity',
  ]);
  return { options, run, create };
}

const only = (home, name, script) => {
  const bin = path.join(home, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.writeFileSync(path.join(bin, name), script, { mode: 0o755 });
  return bin;
};

// The program sees podman with these folders, and no docker.
function throughPodman(box, home) {
  const real = spawnSync('sh', ['-c', 'command -v podman'], { encoding: 'utf8' }).stdout.trim();
  return { PATH: only(home, 'podman', `#!/bin/sh\nexec ${real} ${box.options.join(' ')} "$@"\n`), ASKED: 'podman' };
}

// The program sees the real docker client, whose daemon is podman's service.
async function throughDocker(box, home) {
  const socket = path.join(home, 'service.sock');
  const service = spawn('podman', [...box.options, 'system', 'service', '--time=0', `unix://${socket}`], { stdio: 'ignore' });
  const stop = () => service.kill('SIGKILL');
  process.on('exit', stop);
  for (let n = 0; n < 100 && !fs.existsSync(socket); n += 1) await pause(100);
  const real = spawnSync('sh', ['-c', 'command -v docker'], { encoding: 'utf8' }).stdout.trim();
  const PATH = only(home, 'docker', `#!/bin/sh\nexec ${real} "$@"\n`);
  return { PATH, DOCKER_HOST: `unix://${socket}`, ASKED: 'docker', stop };
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Connects as a command-line client, as the protocol of OpenClaw 2026.9.6 has it.
function connect(port, { token, forwarded, device }) {
  const headers = forwarded ? { 'x-forwarded-for': forwarded } : {};
  const scopes = device ? ['operator.read', 'operator.admin'] : [];
  const client = { id: 'cli', version: '1.0.0', platform: 'linux', mode: 'cli' };
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers });
    const over = (outcome) => { clearTimeout(timer); socket.close(); resolve(outcome); };
    const timer = setTimeout(() => over({ ok: false, why: 'no answer' }), 20_000);
    socket.addEventListener('close', ({ code, reason }) => over({ ok: false, code, reason }));
    socket.addEventListener('error', () => over({ ok: false, why: 'error' }));
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.event === 'connect.challenge') {
        const params = { minProtocol: 3, maxProtocol: 4, client, role: 'operator', scopes, auth: { token } };
        if (device) params.device = identity(client, scopes, token, frame.payload.nonce);
        socket.send(JSON.stringify({ type: 'req', id: 'c1', method: 'connect', params }));
      } else if (frame.type === 'res' && frame.id === 'c1') over(frame);
    });
  });
}

// A new device, and its signature of what it asks for.
function identity(client, scopes, token, nonce) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const id = createHash('sha256').update(raw).digest('hex');
  const signedAt = Date.now();
  const payload = ['v2', id, client.id, client.mode, 'operator', scopes.join(','), signedAt, token, nonce].join('|');
  return { id, publicKey: raw.toString('base64url'), signature: sign(null, Buffer.from(payload), privateKey).toString('base64url'), signedAt, nonce };
}

// The part `writers`: OpenClaw's own writer and ours on one config, one after the other, at the same moment, and at the worst one; and
// a running gateway that loads what we write. Whoever says that it has written has its change in the file at the end; whoever
// cannot says so; and at every moment the file is whole.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { environment, makeHome } from './judge.mjs';
import { ALONE, answers, command, freePort, inContainer } from './openclaw.mjs';
import { outline } from './outline.mjs';

const POSTURES = ['personal', 'shared', 'public'];
const ROUNDS = 4;
const LIMIT_MS = 60_000;
const CONFIG = `{
  // the family's lobster
  gateway: { mode: 'local', bind: 'loopback', auth: { mode: 'token', token: '${'a1f0c9'.repeat(8)}' } },
  channels: { telegram: { enabled: false, dmPolicy: 'open', allowFrom: ['*'], groupPolicy: 'open' } },
  tools: { exec: { security: 'full', ask: 'off' }, elevated: { enabled: true, allowFrom: { telegram: ['*'] } } },
}
`;
const KEY = 'agents.defaults.maxConcurrent';

class Writers {
  constructor({ openclaw, judge, newHome, program }) {
    Object.assign(this, { openclaw, judge, newHome, program });
  }

  make() {
    const home = this.newHome();
    return { home, file: makeHome(home, CONFIG), env: environment(home, ALONE) };
  }

  // OpenClaw's writer.
  set({ home, env }, value, more = {}) {
    return command(this.openclaw, { ...env, ...more }, home, ['config', 'set', KEY, `${value}`]);
  }

  // Ours; at a call of the system, counted from 1, a signal comes where one is wanted.
  apply({ home, env }, posture, signal) {
    const args = ['apply', '--yes', '--posture', posture, '--engine', 'docker', '--lang', 'en', '--format', 'json'];
    const through = signal ? ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=renameat2', '-e', `inject=renameat2:${signal}`] : [];
    return run([...through, this.program, ...args], env, home);
  }

  // What is wrong with a file in which OpenClaw wrote this value last, and we this posture.
  async lost(place, value, posture) {
    const text = fs.readFileSync(place.file, 'utf8');
    const reasons = [];
    const verdict = await this.judge.verdict(Buffer.from(text));
    if (!verdict.valid) reasons.push(`OpenClaw refuses the file: ${JSON.stringify(verdict.issues).slice(0, 300)}`);
    const found = valueAt(text, KEY);
    if (value !== undefined && found !== `${value}`) reasons.push(`OpenClaw said that it wrote ${value}, and the file has ${found}`);
    if (posture !== undefined) {
      const again = await this.apply(place, posture);
      if (again.report?.changed !== false) reasons.push(`what apply --posture ${posture} wrote is lost: it changes ${again.stdout.slice(0, 200)}`);
    }
    const strange = fs.readdirSync(path.dirname(place.file)).filter((name) => /\.(lock|tmp|begun)$/.test(name));
    if (strange.length > 0) reasons.push(`left beside the file: ${strange.join(', ')}`);
    return reasons;
  }

  async inTurn() {
    const place = this.make();
    const reasons = [];
    for (const [n, posture] of POSTURES.entries()) {
      const set = await this.set(place, n + 2);
      if (set.code !== 0) reasons.push(`config set ended with ${set.code}: ${set.stderr.slice(-300)}`);
      const ours = await this.apply(place, posture);
      if (!isDone(ours) || !ours.report.changed) reasons.push(`apply --posture ${posture} ended with ${ours.code}: ${ours.stderr.slice(-300)}`);
      reasons.push(...await this.lost(place, n + 2, posture));
    }
    return reasons;
  }

  // Ours run while OpenClaw's does, from its start to its end; each round at other moments.
  async atOnce(round) {
    const place = this.make();
    const reasons = [];
    let over = false;
    const watching = watch(place.file, () => over, reasons);
    const setting = this.set(place, round + 2);
    let last;
    for (const posture of POSTURES) {
      await pause(150 + 130 * round);
      const ours = await this.apply(place, posture);
      if (isDone(ours)) last = posture;
      else if (!/another program|OpenClaw is writing/.test(ours.stderr)) reasons.push(`apply ended with ${ours.code}: ${ours.stderr.slice(-300)}`);
    }
    const set = await setting;
    over = true;
    await watching;
    if (!isTold(set)) reasons.push(`config set ended with ${set.code} and does not say why: ${set.stderr.slice(-300)}`);
    if (!last) reasons.push('no apply came through');
    return [...reasons, ...await this.lost(place, set.code === 0 ? round + 2 : undefined, last)];
  }

  // OpenClaw has looked at the file for the last time, and is about to put its own in the place.
  async beforeTheirs() {
    const place = this.make();
    const mark = path.join(place.home, 'about-to-rename');
    const slow = { NODE_OPTIONS: `--require=${path.join(import.meta.dirname, 'slow.cjs')}`, SLOW_AT: place.file, SLOW_MARK: mark };
    const setting = this.set(place, 7, slow);
    if (!await comes(() => fs.existsSync(mark))) return [`config set ended with ${(await setting).code} and did not come to its rename`];
    const ours = await this.apply(place, 'personal');
    return this.bothDone(place, await setting, ours);
  }

  // We have made our backup, and are about to.
  async beforeOurs() {
    const place = this.make();
    const applying = this.apply(place, 'personal', 'signal=STOP:when=2');
    const isStopped = () => fs.readdirSync(path.dirname(place.file)).some((name) => /harden-\d+-\d+$/.test(name));
    if (!await comes(isStopped)) return ['apply made no backup'];
    const setting = this.set(place, 7);
    await pause(4000);
    const reasons = fs.readFileSync(place.file, 'utf8') === CONFIG ? [] : ['OpenClaw did not wait for us'];
    applying.child.kill('SIGCONT');
    execFileSync('pkill', ['-CONT', '-P', `${applying.child.pid}`]);
    const ours = await applying;
    const set = await setting;
    if (!isDone(ours)) reasons.push(`apply ended with ${ours.code}: ${ours.stderr.slice(-300)}`);
    if (!isTold(set)) reasons.push(`config set ended with ${set.code} and does not say why: ${set.stderr.slice(-300)}`);
    return [...reasons, ...await this.lost(place, set.code === 0 ? 7 : undefined, 'personal')];
  }

  async bothDone(place, set, ours) {
    const reasons = isDone(ours) ? [] : [`apply ended with ${ours.code}: ${ours.stderr.slice(-300)}`];
    if (set.code !== 0) reasons.push(`config set ended with ${set.code}: ${set.stderr.slice(-300)}`);
    return [...reasons, ...await this.lost(place, 7, 'personal')];
  }

  // We are killed while we hold the lock: OpenClaw does not wait for us.
  async killed() {
    const place = this.make();
    await this.apply(place, 'personal', 'signal=KILL:when=3');
    const reasons = fs.existsSync(`${place.file}.lock`) ? [] : ['the kill left no lock'];
    if (fs.readFileSync(place.file, 'utf8') !== CONFIG) reasons.push('the kill came after the write');
    const set = await this.set(place, 7);
    const done = await this.bothDone(place, set, await this.apply(place, 'personal'));
    // The draft goes when it is an hour old.
    const isDraft = (reason) => /^left beside the file: \.openclaw\.json\.harden-[0-9a-f]{16}\.tmp$/.test(reason);
    return [...reasons, ...done.filter((reason) => !isDraft(reason))];
  }

  // A gateway runs on the file meanwhile: it loads each config whole.
  async reloads() {
    const place = this.make();
    const port = await freePort();
    const env = { ...place.env, OPENCLAW_GATEWAY_PORT: `${port}` };
    const args = [path.join(this.openclaw, 'openclaw.mjs'), 'gateway', 'run', ...(inContainer() ? ['--bind', 'loopback'] : [])];
    const child = spawn(process.execPath, args, { env, cwd: place.home, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ } };
    process.on('exit', stop);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said += data; });
    try {
      const started = await answers(port);
      if (started !== true) return [`${started}: ${said.trim().slice(-600)}`];
      const reasons = [];
      for (const [n, posture] of POSTURES.entries()) {
        const before = said.length;
        const ours = await this.apply(place, posture);
        if (!isDone(ours) || !ours.report.changed) reasons.push(`apply --posture ${posture} ended with ${ours.code}: ${ours.stderr.slice(-300)}`);
        if (!await comes(() => /config change detected/.test(said.slice(before)))) reasons.push(`the gateway does not see the write of ${posture}`);
        const set = await this.set(place, n + 2);
        if (set.code !== 0) reasons.push(`config set ended with ${set.code}: ${set.stderr.slice(-300)}`);
        const isSeen = () => new RegExp(`config change detected[^\\n]*${KEY}`).test(said.slice(before));
        if (!await comes(isSeen)) reasons.push(`the gateway does not see what config set wrote: ${said.slice(before).slice(-400)}`);
        reasons.push(...await this.lost(place, n + 2, posture));
      }
      if (await answers(port) !== true) reasons.push('the gateway no longer answers');
      const wrong = said.split('\n').find((line) => /invalid config|reload (failed|skipped)|config file not found/i.test(line));
      if (wrong) reasons.push(`the gateway says: ${wrong.slice(0, 300)}`);
      return reasons;
    } finally {
      stop();
      process.off('exit', stop);
    }
  }
}

// Whether apply did its work: what it leaves to be done by hand ends it with 1.
const isDone = ({ code, report }) => [0, 1].includes(code) && report !== null;
// Whether OpenClaw's writer came through, or says that it did not because the file is another one now.
const isTold = ({ code, stderr }) => code === 0 || /changed while this command was writing/.test(stderr);
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const valueAt = (text, key) => outline(text).findLast((entry) => entry.path === key)?.text;

function run([program, ...args], env, cwd) {
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS, killSignal: 'SIGKILL' });
  const ended = new Promise((resolve) => {
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => { output[name] += data; });
    child.on('error', (error) => resolve({ code: error.message, report: null, ...output }));
    child.on('close', (code, signal) => {
      let report = null;
      try { report = JSON.parse(output.stdout); } catch { /* said by whoever needs it */ }
      resolve({ code: code ?? signal, report, ...output });
    });
  });
  return Object.assign(ended, { child });
}

async function comes(isThere, ms = LIMIT_MS) {
  for (const until = Date.now() + ms; Date.now() < until; await pause(20)) if (isThere()) return true;
  return false;
}

// Reads the file again and again: whatever stands there is a whole config.
async function watch(file, isOver, reasons) {
  let before = '';
  while (!isOver()) {
    const text = fs.readFileSync(file, 'utf8');
    if (text !== before) {
      try {
        if (!outline(text).some((entry) => entry.path === 'channels.telegram')) reasons.push(`half a config stood there: ${text.slice(0, 200)}`);
      } catch (error) {
        reasons.push(`no config stood there (${error.message}): ${text.slice(0, 200)}`);
      }
    }
    before = text;
    await pause(1);
  }
}

export function writerCases(tools) {
  const writers = new Writers(tools);
  if (spawnSync('strace', ['-V'], { stdio: 'ignore' }).error) {
    if (process.getuid() !== 0) throw new Error('please install strace');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'strace'], { env, stdio: 'ignore' });
  }
  return [
    ['one after the other', () => writers.inTurn()],
    ...Array.from({ length: ROUNDS }, (_, n) => [`at the same moment, ${n + 1}`, () => writers.atOnce(n)]),
    ['before their rename', () => writers.beforeTheirs()],
    ['before our rename', () => writers.beforeOurs()],
    ['killed with the lock', () => writers.killed()],
    ['a gateway that reloads', () => writers.reloads()],
  ];
}

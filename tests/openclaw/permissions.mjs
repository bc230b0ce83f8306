// Who may call what: policies drawn at random, ours and the real OpenClaw's own resolvers compared tool by tool.
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { open } from '../derive/bundle.mjs';
import { environment, makeHome } from './judge.mjs';

const POLICIES = Number(process.env.OPENCLAW_HARDEN_POLICIES ?? 500);
// The real command takes seconds, its resolvers microseconds: the whole command is asked about some policies only.
const WHOLE = 8;
const SENDERS = { owner: { isOwner: true }, other: { isOwner: false, senderId: '1' }, 'id:42': { isOwner: false, senderId: '42' } };
const PROVIDERS = [null, 'openai', 'openai/gpt-5'];
const AGENTS = ['main', 'work'];

function source(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function policy(seed, catalogue) {
  const random = source(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const maybe = (chance, make) => (random() < chance ? make() : undefined);
  const plain = (value) => JSON.parse(JSON.stringify(value));
  const names = [...catalogue.tools, ...Object.keys(catalogue.groups), ...Object.keys(catalogue.groups), 'group:plugins', 'bundle-mcp', '*', 'Bash',
    'cron', 'sessions_*', '*_list', 'w*', '  Exec ', 'nonsense', 'some_server__*', 'browser', 'write'];
  const some = () => Array.from({ length: Math.floor(random() * 4) }, () => pick(names));
  const lists = (weight) => plain({ allow: maybe(0.25 * weight, some), alsoAllow: maybe(0.25 * weight, some), deny: maybe(0.45 * weight, some) });
  const profile = () => pick(['minimal', 'coding', 'messaging', 'full']);
  const exec = () => plain({
    ...(random() < 0.5 ? { mode: pick(['deny', 'allowlist', 'ask', 'auto', 'full']) }
      : { security: maybe(0.5, () => pick(['deny', 'allowlist', 'full'])), ask: maybe(0.5, () => pick(['off', 'on-miss', 'always'])) }),
    host: maybe(0.3, () => pick(['auto', 'sandbox', 'gateway', 'node'])),
  });
  const provider = () => [pick(['openai', 'OpenAI', 'openai/gpt-5', 'anthropic']), plain({ ...lists(1), profile: maybe(0.3, profile) })];
  const tools = (weight) => plain({
    ...lists(weight), profile: maybe(0.35, profile), exec: maybe(0.4, exec), sandbox: maybe(0.3, () => ({ tools: lists(1) })),
    byProvider: maybe(0.3, () => Object.fromEntries([provider(), provider()])),
    toolsBySender: maybe(0.35, () => Object.fromEntries([[pick(['*', 'id:42', '42', 'ID:42']), lists(1)], [pick(['*', 'id:42', 'id:7']), lists(1)]])),
  });
  const boxes = () => plain({ mode: maybe(0.8, () => pick(['off', 'non-main', 'all'])), workspaceAccess: maybe(0.3, () => pick(['none', 'ro', 'rw'])) });
  return plain({
    gateway: { mode: 'local' },
    tools: maybe(0.9, () => tools(1)),
    agents: {
      ownership: 'explicit', defaults: plain({ sandbox: maybe(0.6, boxes) }),
      entries: { main: plain({ tools: maybe(0.5, () => tools(0.8)), sandbox: maybe(0.4, boxes) }), work: plain({ tools: maybe(0.5, () => tools(0.8)) }) },
    },
  });
}

async function resolvers(openclaw) {
  const { values, version } = open(openclaw);
  const of = (file, names) => values(`//#region src/${file}.ts`, names);
  const found = await Promise.all([
    of('agents/agent-tools.policy', ['resolveEffectiveToolPolicy']),
    of('agents/tool-policy-pipeline', ['buildDefaultToolPolicyPipelineSteps', 'applyToolPolicyPipeline']),
    of('agents/sandbox/tool-policy', ['resolveSandboxToolPolicyForAgent']),
    of('agents/sandbox/config', ['resolveSandboxConfigForAgent']),
    of('agents/exec-defaults', ['resolveExecDefaults']),
    of('agents/tool-policy-shared', ['resolveToolProfilePolicy']),
    of('agents/tool-policy', ['mergeAlsoAllowPolicy']),
    of('agents/sender-tool-policy', ['resolveSenderToolPolicy']),
    values('const GATEWAY_CONTROL_PLANE_TOOLS = [', ['GATEWAY_OWNER_ONLY_CORE_TOOLS']),
  ]);
  return { version, ...Object.assign({}, ...found) };
}

// The resolvers think aloud.
function quietly(run) {
  const { write } = process.stdout;
  const { warn, error } = console;
  console.warn = () => {};
  console.error = () => {};
  process.stdout.write = () => true;
  try {
    return run();
  } finally {
    process.stdout.write = write;
    Object.assign(console, { warn, error });
  }
}

// What OpenClaw's own resolvers let through, for one kind of caller.
function allowed(real, cfg, { agentId, provider, sender, sandboxed }, all, owners) {
  const [modelProvider, modelId = 'another'] = provider?.split('/') ?? ['nobody'];
  const own = real.resolveEffectiveToolPolicy({ config: cfg, agentId, modelProvider, modelId });
  const profile = (name, also) => real.mergeAlsoAllowPolicy(real.resolveToolProfilePolicy(name), also);
  const steps = real.buildDefaultToolPolicyPipelineSteps({
    ...own,
    profilePolicy: profile(own.profile, own.profileAlsoAllow),
    providerProfilePolicy: profile(own.providerProfile, own.providerProfileAlsoAllow),
    senderPolicy: real.resolveSenderToolPolicy({ config: cfg, agentId, messageProvider: 'telegram', senderId: sender.senderId }),
  });
  if (sandboxed) steps.push({ policy: real.resolveSandboxToolPolicyForAgent(cfg, agentId), label: 'sandbox' });
  if (!sender.isOwner) steps.push({ policy: { deny: [...real.GATEWAY_OWNER_ONLY_CORE_TOOLS] }, label: 'owner' });
  const toolMeta = ({ name }) => (owners[name] ? { pluginId: owners[name] } : undefined);
  const left = real.applyToolPolicyPipeline({ tools: all.map((name) => ({ name })), toolMeta, warn() {}, steps });
  return new Set(left.map(({ name }) => name));
}

// What OpenClaw makes of exec: where, and who is asked.
function execOf(real, cfg, agentId, sandboxed) {
  const { effectiveHost, host, security, ask, mode } =
    real.resolveExecDefaults({ cfg, agentId, sandboxAvailable: sandboxed, execApprovals: { version: 1, agents: {} } });
  if (host === 'sandbox' && !sandboxed) return 'blocked';
  // In a sandbox nothing but a plain refusal counts, and there the resolver's default is no setting of the config.
  const asked = (tools) => tools?.exec?.security ?? tools?.exec?.mode;
  if (effectiveHost === 'sandbox') {
    const said = asked(cfg.agents.entries[agentId]?.tools) ?? asked(cfg.tools);
    return said !== undefined && security === 'deny' ? 'blocked' : 'sandbox none';
  }
  if (security === 'deny') return 'blocked';
  const approval = ask === 'always' ? 'always' : security === 'full' ? 'none' : mode === 'auto' ? 'auto' : ask === 'on-miss' ? 'on-miss' : 'allowlist';
  return `${effectiveHost} ${approval}`;
}

function explain(program, home, file, tools) {
  return new Promise((resolve, reject) => {
    const args = ['explain', ...tools, '--config', file, '--format', 'json'];
    execFile(program, args, { env: environment(home), cwd: home, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`explain ended with ${error.code}: ${stderr}`));
      return resolve(new Map(JSON.parse(stdout).tools.map((tool) => [tool.tool, tool.agents])));
    });
  });
}

// A line of ours that only the sandbox's own workings explain, which the resolvers of lists know nothing of.
const beyondLists = ({ layer, key }) => layer === 'exec' || layer === 'workspace-access' || /sandbox\.browser$/.test(key);

export async function permissions({ program, openclaw, work, result, seed, judge }) {
  const real = await resolvers(openclaw);
  const catalogue = JSON.parse(fs.readFileSync(new URL(`../../assets/tools-${real.version}.json`, import.meta.url)));
  const owners = { some_server__some_tool: 'bundle-mcp' };
  for (const [plugin, own] of Object.entries(catalogue.pluginTools)) for (const tool of own) owners[tool] = plugin;
  const all = [...new Set([...catalogue.tools, ...Object.keys(owners)])].sort();
  let verdicts = 0;
  const whole = [];
  for (let n = 0; n < POLICIES; n += 1) {
    const cfg = policy(seed + n, catalogue);
    const home = path.join(work, `permissions-${n}`);
    const file = makeHome(home, JSON.stringify(cfg, null, 2));
    const ours = await explain(program, home, file, all);
    const reasons = [];
    for (const agentId of AGENTS) {
      const { mode } = real.resolveSandboxConfigForAgent(cfg, agentId);
      for (const session of ['main', 'other']) {
        const sandboxed = mode === 'all' || (mode === 'non-main' && session === 'other');
        for (const provider of PROVIDERS) for (const [who, sender] of Object.entries(SENDERS)) {
          const theirs = quietly(() => allowed(real, cfg, { agentId, provider, sender, sandboxed }, all, owners));
          for (const tool of all) {
            const one = find(ours.get(tool), agentId, session, who, provider);
            verdicts += 1;
            const where = `${tool} for ${who} in ${session} of ${agentId} with ${provider}`;
            if (!one) reasons.push(`nothing is said of ${where}`);
            else if (one.sandboxed !== sandboxed) reasons.push(`${where}: sandboxed is ${one.sandboxed}`);
            else if (!one.allowed && beyondLists(one)) {
              if (!theirs.has(tool)) reasons.push(`${where}: the lists deny it, we say ${one.layer}`);
            } else if (one.allowed !== theirs.has(tool)) reasons.push(`${where}: allowed is ${one.allowed} by ${one.key} (${one.layer})`);
            if (one && tool === 'exec' && theirs.has(tool)) {
              const said = one.allowed ? `${one.place} ${one.approval}` : 'blocked';
              const wanted = execOf(real, cfg, agentId, sandboxed);
              if (said !== wanted) reasons.push(`${where}: ${said}, and OpenClaw says ${wanted}`);
            }
          }
        }
        if (whole.length < WHOLE && sandboxed && (await judge.verdict(fs.readFileSync(file))).valid) whole.push({ home, agentId, session, ours });
      }
    }
    result(`policy ${seed + n}`, reasons.map((reason) => `${reason}; ${JSON.stringify(cfg).slice(0, 1500)}`));
  }
  for (const one of whole) result(`sandbox explain of ${one.agentId}`, wholeCommand(openclaw, one, all));
  console.log(`${POLICIES} policies, ${verdicts} verdicts, ${whole.length} runs of openclaw sandbox explain, seed ${seed}`);
}

// Those for whom a sender or provider is not told apart fall under the general line.
function find(agents, agentId, session, who, provider) {
  const lines = agents.find(({ agent }) => agent === agentId).permissions.filter(({ sessions }) => sessions.includes(session));
  const named = (one, name) => one.senders.includes(name);
  const known = lines.some((one) => named(one, who)) ? who : 'other';
  const of = (key) => lines.find((one) => one.provider === key && named(one, known));
  // The section of a model itself stands before that of its provider.
  const keys = provider === null ? [] : [provider, provider.split('/')[0]];
  const sections = new Set(agents.find(({ agent }) => agent === agentId).providers);
  const key = keys.find((name) => sections.has(name)) ?? null;
  return of(key) ?? of(null);
}

// The whole real command: the session runs in the sandbox as we say, and what its lists block we block.
function wholeCommand(openclaw, { home, agentId, session, ours }, all) {
  const key = session === 'main' ? `agent:${agentId}:main` : `agent:${agentId}:telegram:group:-1`;
  const args = [path.join(openclaw, 'openclaw.mjs'), 'sandbox', 'explain', '--agent', agentId, '--session', key, '--json'];
  const said = JSON.parse(execFileSync(process.execPath, ['--no-warnings', ...args], { env: environment(home), cwd: home, stdio: ['ignore', 'pipe', 'ignore'] }));
  const reasons = [];
  if (!said.sandbox.sessionIsSandboxed) reasons.push('OpenClaw says that the session runs outside the sandbox');
  for (const tool of all) {
    const one = find(ours.get(tool), agentId, session, 'owner', null);
    if (one.allowed && said.sandbox.tools.deny.includes(tool)) reasons.push(`${tool} is denied in the sandbox, and we allow it`);
  }
  return reasons;
}

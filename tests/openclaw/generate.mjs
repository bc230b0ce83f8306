// Random configs for the part `audit`: what is drawn is what OpenClaw's audit and validator look at, in every JSON5 spelling.
// A config is known by its seed and its number, so each can be made again alone.

// A source of random numbers in [0, 1): sfc32, as Node's own cannot be seeded.
function source(seed, number) {
  let [a, b, c, d] = [seed >>> 0, number >>> 0, 0x9e3779b9, 1];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let n = 0; n < 15; n += 1) next();
  return next;
}

// What the process of the audit finds in its environment: each config is audited on one of these machines.
const VARIABLES = {
  AUDIT_LONG: '5c0f2e7ab19d48630d1b7ea4c2f8936051ac7de9f04b62c8',
  AUDIT_SHORT: 'hunter2',
  AUDIT_EMPTY: '',
  AUDIT_BLANK: '  ',
  AUDIT_NULL: 'null',
  AUDIT_LAN: 'lan',
  AUDIT_TOOL: 'exec',
};
export const MACHINES = [
  VARIABLES,
  { ...VARIABLES, OPENCLAW_GATEWAY_TOKEN: 'b1946ac92492d2347c6235b4d2611184591f3d6e2f0a8c7b' },
  { ...VARIABLES, OPENCLAW_GATEWAY_PASSWORD: 'correct horse battery staple', BRAVE_API_KEY: 'brave-key' },
  { ...VARIABLES, OPENCLAW_GATEWAY_TOKEN: 'short', OPENCLAW_GATEWAY_PASSWORD: '   ', GEMINI_API_KEY: 'gemini-key' },
];

const AGENTS = ['main', 'work', 'family', 'kids-room', 'ops'];
const TOOLS = [
  'exec', 'bash', 'Exec ', 'process', 'read', 'write', 'edit', 'apply_patch', 'apply-patch', 'ls', 'cron', 'automations', 'gateway', 'plugins',
  'nodes', 'browser', 'canvas', 'web_search', 'web_fetch', 'x_search', 'message', 'sessions_list', 'sessions_send', 'sessions_spawn',
  'sessions_history', 'session_status', 'memory_search', 'image_generate', 'update_plan', 'show_widget', 'terminal', 'portal', 'subagents',
  'conversations_send', 'agents_list', 'tts', 'openclaw', 'code_execution',
  'group:fs', 'group:runtime', 'group:web', 'group:ui', 'group:sessions', 'group:openclaw', 'group:automation', 'group:messaging',
  'group:memory', 'group:nodes', 'group:agents', 'group:media', 'group:plugins', 'GROUP:FS', 'group:browser', 'group:nonsense',
  '*', 'web_*', '*exec*', 'sessions_*', 're?d', 'w*e', '', '  ', 'sys_shutdown', 'my_plugin_tool', 'bundle-mcp', '${AUDIT_TOOL}',
];
const MODELS = [
  'anthropic/claude-sonnet-4-5', 'anthropic/claude-opus-4-1', 'anthropic/claude-haiku-4-5', 'anthropic/claude-3-5-sonnet', 'openai/gpt-5',
  'openai/gpt-4o', 'openai/gpt-3.5-turbo', 'openai/gpt-4-0613', 'ollama/llama3.1:8b', 'ollama/qwen3-70b', 'lmstudio/mixtral-8x7b',
  'ollama/llama-3.1-405b', 'openrouter/anthropic/claude-2', 'google/gemini-2.5-pro', 'gpt-4.1', 'openai/gpt-5.1-mini', 'ollama/phi-3.5b-7b',
  'anthropic/claude-instant-1', 'groq/llama-3.3-70B', 'ollama/gemma2:0.5b',
];
const SECRETS = [
  'short', '', '   ', 'undefined', 'null', ' null ', '4f7b9d21c0e84a6597d3f1b06e2ca845', '5c0f2e7ab19d48630d1b7ea4c2f8936051ac7de9f04b62c8',
  'exactly-24-characters-xx', 'only-23-characters-here', 'change-me-to-a-long-random-token',
  '${AUDIT_LONG}', '${AUDIT_SHORT}', '${AUDIT_EMPTY}', '${AUDIT_BLANK}', '${AUDIT_NULL}', '${AUDIT_NOT_SET}', '$${AUDIT_LONG}', 'x${AUDIT_SHORT}x',
  '$AUDIT_LONG', '${OPENCLAW_GATEWAY_TOKEN}', '${FROM_THE_CONFIG}', '${audit_long}',
];
const NODE_COMMANDS = [
  'camera.snap', 'screen.record', 'sms.send', 'contacts.add', 'health.summary', 'canvas.present', 'system.run', 'system.*', 'group:camera',
  '/camera/', 'camera snap', 'system.notify', 'location.get', ' camera.snap ', 'no.such.command',
];
const BINS = ['jq', 'python3', 'sh', 'node', 'grep', 'awk', 'sed', '/usr/bin/perl', 'Python', 'ruby3.2', 'cut', 'busybox', ' bash ', 'lua5.4'];
const FOLDERS = ['/usr/bin', '/tmp/bin', 'bin', '/usr/local/bin', '/home/me/.local/bin', '/opt/homebrew/bin', '~/bin', '/opt/tools', 'C:/Users/me', '/var/tmp', '/USR/BIN'];
const PEOPLE = ['*', '+15550100', '123456789', 'tg:42', '  ', '@me', ' * ', 'user:7'];
const BINDS = [
  '/srv/data:/data', '/etc:/host-etc:ro', '/var/run/docker.sock:/var/run/docker.sock', '/:/host', '/srv/data:/workspace', '/proc:/p', '/tmp:/t',
  '/srv/../etc:/x', '/run/docker.sock:/d', '/home/someone/project:/project:rw', '/rootless:/r', '/boot/grub:/b', '/usr/share/doc:/doc:ro',
];
const CHECKS = [
  'gateway.loopback_no_auth', 'gateway.trusted_proxies_missing', 'gateway.http.no_auth', 'summary.attack_surface', 'models.weak_tier',
  'security.audit.suppressions.active', 'config.insecure_or_dangerous_flags', 'hooks.token_too_short', 'gateway.bind_no_auth', 'no.such.check',
];

// Channels, and how each of them spells who may speak to it.
const CHANNELS = {
  telegram: { groups: 'groups', topics: true, people: 'groupAllowFrom', secret: 'botToken' },
  whatsapp: { groups: 'groups', people: 'groupAllowFrom' },
  discord: { groups: 'guilds', secret: 'token', dm: true },
  slack: { groups: 'channels', secret: 'botToken', dm: true },
  signal: { groups: 'groups', people: 'groupAllowFrom' },
  imessage: { groups: 'groups', people: 'groupAllowFrom' },
  irc: { groups: 'groups', people: 'groupAllowFrom' },
  googlechat: { groups: 'groups', people: 'groupAllowFrom', dm: true },
  msteams: { groups: 'teams', people: 'groupAllowFrom', single: true },
  mattermost: { groups: 'groups', people: 'groupAllowFrom', secret: 'botToken' },
  line: { groups: 'groups', people: 'groupAllowFrom' },
  feishu: { groups: 'groups', people: 'groupAllowFrom', allowall: true },
  matrix: { groups: 'rooms', people: 'groupAllowFrom', nested: true },
  'nextcloud-talk': { groups: 'rooms', people: 'groupAllowFrom' },
  zalouser: { groups: 'groups', people: 'groupAllowFrom' },
  zalo: { people: 'groupAllowFrom', secret: 'botToken' },
  sms: { noGroups: true },
  nostr: { noGroups: true, single: true },
};

// A config as a value: what stands where, before it is spelled.
function draw(random) {
  const chance = (part) => random() < part;
  const below = (count) => Math.floor(random() * count);
  const pick = (list) => list[below(list.length)];
  const some = (list, most) => Array.from({ length: below(most + 1) }, () => pick(list));
  const yes = () => chance(0.5);
  // Each member is [how often it is there, its value].
  const object = (members) => {
    const drawn = Object.entries(members).filter(([, [part]]) => chance(part)).map(([key, [, value]]) => [key, value()]);
    if (chance(0.3)) drawn.reverse();
    return Object.fromEntries(drawn);
  };
  const dictionary = (names, most, value) => Object.fromEntries(some(names, most).map((name) => [name, value(name)]));

  const reference = () => pick([
    { source: 'env', provider: 'default', id: 'AUDIT_LONG' },
    { source: 'env', provider: 'default', id: 'AUDIT_SHORT' },
    { source: 'env', provider: 'default', id: 'AUDIT_NOT_SET' },
    { source: 'env', provider: 'default', id: 'AUDIT_EMPTY' },
    { source: 'env', provider: 'default', id: 'OPENCLAW_GATEWAY_TOKEN' },
    { source: 'file', provider: 'vault', id: '/gateway/token' },
  ]);
  const secret = () => (chance(0.2) ? reference() : chance(0.4) ? SECRETS[6] : pick(SECRETS));
  const word = () => (chance(0.5) ? SECRETS[7] : pick(SECRETS));
  const address = () => pick(['127.0.0.1', '::1', '10.0.0.0/8', '127.0.0.1/32', '192.168.1.9', '::1/128', '']);
  const model = () => (chance(0.1) ? 'ollama/llama3.2:3b' : pick(MODELS));
  const models = () => (chance(0.5) ? model() : object({ primary: [0.9, model], fallbacks: [0.5, () => some(MODELS, 2)] }));

  const policy = (wide = 0.5) => {
    const both = chance(0.005);
    const allows = chance(wide) ? { allow: [1, () => some(TOOLS, 4)] } : { alsoAllow: [0.5, () => some(TOOLS, 3)] };
    return object({ ...allows, ...(both && { alsoAllow: [1, () => ['exec']], allow: [1, () => ['read']] }), deny: [0.45, () => some(TOOLS, 5)] });
  };
  const profile = () => pick(['minimal', 'coding', 'messaging', 'full']);
  const exec = () => ({
    ...object({ host: [0.4, () => pick(['auto', 'sandbox', 'gateway', 'node'])] }),
    ...(chance(0.5)
      ? object({ mode: [0.7, () => pick(['deny', 'allowlist', 'ask', 'auto', 'full'])], ask: [0.02, () => 'off'] })
      : object({ security: [0.6, () => pick(['deny', 'allowlist', 'full'])], ask: [0.3, () => pick(['off', 'on-miss', 'always'])] })),
    ...object({
      safeBins: [0.25, () => some(BINS, 4)],
      safeBinProfiles: [0.15, () => dictionary(['jq', 'python3', 'sh', 'Python', 'awk'], 2, () => ({ maxPositional: below(3) }))],
      safeBinTrustedDirs: [0.15, () => some(FOLDERS, 3)],
      strictInlineEval: [0.1, yes],
      applyPatch: [0.15, () => object({ enabled: [0.3, yes], workspaceOnly: [0.7, yes] })],
    }),
  });
  const elevated = () => object({
    enabled: [0.5, yes],
    allowFrom: [0.5, () => dictionary(['telegram', 'whatsapp', 'discord', 'webchat'], 2, () =>
      (chance(0.15) ? Array.from({ length: 24 + below(4) }, (_, n) => n) : some(PEOPLE, 3)))],
  });
  const sandboxTools = () => object({ tools: [0.8, policy] });
  const sandbox = () => object({
    mode: [0.75, () => pick(['off', 'non-main', 'all', 'all'])],
    scope: [0.3, () => pick(['session', 'agent', 'shared'])],
    workspaceAccess: [0.3, () => pick(['none', 'ro', 'rw'])],
    backend: [0.1, () => pick(['docker', 'ssh', 'podman'])],
    sessionToolsVisibility: [0.15, () => pick(['spawned', 'all'])],
    docker: [0.3, () => object({
      image: [0.2, () => 'openclaw-sandbox:bookworm-slim'],
      network: [0.4, () => pick(['none', 'bridge', 'mynet', 'container:web', 'container:web', chance(0.2) ? 'host' : 'none'])],
      binds: [0.4, () => some(BINDS, 2)],
      readOnlyRoot: [0.2, yes],
      capDrop: [0.2, () => pick([[], ['ALL']])],
      dangerouslyAllowReservedContainerTargets: [0.3, yes],
      dangerouslyAllowExternalBindSources: [0.3, yes],
      dangerouslyAllowContainerNamespaceJoin: [0.6, () => chance(0.8)],
    })],
    browser: [0.1, () => object({ enabled: [0.8, yes], network: [0.2, () => 'bridge'] })],
  });
  const agentTools = () => ({
    ...object({ profile: [0.4, profile] }),
    ...(chance(0.6) && policy(0.4)),
    ...object({
      exec: [0.35, exec],
      elevated: [0.1, elevated],
      fs: [0.25, () => object({ workspaceOnly: [0.9, yes] })],
      sandbox: [0.15, sandboxTools],
      byProvider: [0.1, () => dictionary(['anthropic', 'ollama', 'openai/gpt-4o', 'ollama/llama3.1:8b'], 2, () => ({ ...object({ profile: [0.3, profile] }), ...policy() }))],
    }),
  });
  const agent = () => object({
    name: [0.2, () => 'somebody'],
    model: [0.3, models],
    skills: [0.15, () => pick([[], ['weather'], ['github', 'notes']])],
    sandbox: [0.45, sandbox],
    tools: [0.55, agentTools],
    workspace: [0.1, () => pick(['~/work', '/srv/agents/a', './w'])],
  });
  const defaults = () => object({
    model: [0.4, models],
    imageModel: [0.15, models],
    skills: [0.15, () => pick([[], ['weather']])],
    sandbox: [0.6, sandbox],
    workspace: [0.1, () => '~/openclaw'],
  });

  const ids = [];
  const agents = () => {
    const names = [...new Set(some(AGENTS, 4).map((id) => (chance(0.02) ? 'Family' : id)))];
    ids.push(...names);
    const all = object({ defaults: [0.6, defaults] });
    if (names.length > 1 ? chance(0.93) : chance(0.1)) all.ownership = 'explicit';
    if (names.length === 0) return all;
    if (chance(0.25)) {
      all.list = names.map((id, n) => ({ id, ...agent(), ...(n === 0 && chance(0.85) && { default: true }) }));
      if (chance(0.9)) delete all.ownership;
    } else {
      all.entries = Object.fromEntries(names.map((id) => [id, agent()]));
      if (chance(0.02)) all.entries[names[0]].default = true;
    }
    return all;
  };
  const someAgent = () => (chance(0.02) ? 'nobody' : ids.length > 0 ? pick(ids) : 'main');

  const tools = () => ({
    ...agentTools(),
    ...object({
      sessions: [0.2, () => object({ visibility: [0.9, () => pick(['self', 'tree', 'agent', 'all'])] })],
      agentToAgent: [0.2, () => object({ enabled: [0.6, yes], allow: [0.4, () => pick([[], ['*'], ['main']])] })],
      web: [0.2, () => object({
        search: [0.6, () => object({ enabled: [0.6, yes] })],
        fetch: [0.5, () => object({ enabled: [0.9, yes] })],
      })],
    }),
  });

  const gateway = () => {
    const drawn = object({
      mode: [0.9, () => (chance(0.92) ? 'local' : 'remote')],
      port: [0.2, () => pick([18789, 1, 65535, 8080])],
      bind: [0.6, () => pick(['loopback', 'loopback', 'lan', 'lan', 'auto', 'tailnet', chance(0.2) ? 'custom' : 'lan', chance(0.2) ? '${AUDIT_LAN}' : 'auto'])],
      auth: [0.8, () => object({
        mode: [0.5, () => pick(['token', 'token', 'password', 'none', 'trusted-proxy'])],
        token: [0.6, secret],
        password: [0.3, secret],
        allowTailscale: [0.2, yes],
        rateLimit: [0.3, () => pick([{}, { maxAttempts: 10, windowMs: 60000, lockoutMs: 300000 }, { exemptLoopback: true }])],
        trustedProxy: [0.25, () => ({
          userHeader: 'x-forwarded-user',
          ...object({
            allowUsers: [0.5, () => pick([[], ['me@example.com']])],
            allowLoopback: [0.4, yes],
            deviceAutoApprove: [0.4, () => object({ enabled: [0.8, yes], scopes: [0.6, () => pick([['operator.admin'], ['operator.read'], []])] })],
          }),
        })],
      })],
      controlUi: [0.4, () => object({
        enabled: [0.5, yes],
        allowedOrigins: [0.5, () => some(['*', 'https://claw.example.com', ' * ', 'http://localhost:18789'], 2)],
        dangerouslyAllowHostHeaderOriginFallback: [0.3, yes],
        dangerouslyDisableDeviceAuth: [0.2, yes],
      })],
      trustedProxies: [0.3, () => Array.from({ length: below(3) }, address)],
      allowRealIpFallback: [0.15, yes],
      tailscale: [0.2, () => object({ mode: [0.9, () => pick(['off', 'serve', 'funnel'])] })],
      tools: [0.2, () => object({ allow: [0.8, () => some(TOOLS, 4)], deny: [0.4, () => some(TOOLS, 3)] })],
      remote: [0.15, () => object({ url: [0.6, () => 'ws://127.0.0.1:18789'], token: [0.5, secret], password: [0.2, secret] })],
      http: [0.15, () => ({ endpoints: object({ chatCompletions: [0.6, () => ({ enabled: yes() })], responses: [0.6, () => ({ enabled: yes() })] }) })],
      nodes: [0.25, () => object({ commands: [0.9, () => object({ allow: [0.7, () => some(NODE_COMMANDS, 3)], deny: [0.7, () => some(NODE_COMMANDS, 3)] })] })],
      terminal: [0.05, () => ({ enabled: yes() })],
    });
    if (drawn.bind === 'custom' && chance(0.9)) drawn.customBindHost = pick(['192.168.1.5', '127.0.0.1', '10.0.0.2']);
    // What OpenClaw refuses together is kept for now and then.
    if (/serve|funnel/.test(drawn.tailscale?.mode) && chance(0.85)) {
      drawn.bind = 'loopback';
      if (drawn.tailscale.mode === 'funnel') drawn.auth = { mode: 'password', password: secret() };
    }
    return drawn;
  };

  const hooks = () => object({
    enabled: [0.8, () => chance(0.8)],
    path: [0.3, () => pick(['/hooks', '/', 'hooks', '/a/b', ''])],
    token: [0.85, word],
    defaultSessionKey: [0.4, () => pick(['hook:ingress', '', '  '])],
    allowRequestSessionKey: [0.3, yes],
    allowedSessionKeyPrefixes: [0.3, () => some(['hook:', '', ' ', 'x'], 2)],
    allowedAgentIds: [0.4, () => pick([[], ['*'], ['main'], ['main', ' * '], [someAgent()]])],
    mappings: [0.3, () => Array.from({ length: below(3) }, (_, n) => ({
      id: `m${n}`, match: { path: `p${n}` }, action: 'wake', textTemplate: 'hello', ...object({ allowUnsafeExternalContent: [0.5, yes] }),
    }))],
    gmail: [0.15, () => object({ account: [0.8, () => 'me@example.com'], allowUnsafeExternalContent: [0.6, yes] })],
    internal: [0.15, () => ({ enabled: yes() })],
  });

  const groupOf = (kind, depth) => object({
    requireMention: [0.5, yes],
    enabled: [kind.groups === 'guilds' || kind.groups === 'teams' ? 0 : 0.1, yes],
    groupPolicy: [kind.topics ? 0.25 : 0, () => pick(['open', 'allowlist', 'disabled'])],
    allowFrom: [kind.topics ? 0.3 : 0, () => some(PEOPLE, 2)],
    users: [kind.groups === 'guilds' ? 0.3 : 0, () => some(PEOPLE, 2)],
    topics: [kind.topics && depth > 0 ? 0.3 : 0, () => dictionary(['1', '77'], 2, () => groupOf({ ...kind, topics: true }, 0))],
    channels: [kind.groups === 'guilds' && depth > 0 ? 0.4 : 0, () => dictionary(['general', '42'], 2, () => object({ requireMention: [0.5, yes] }))],
    tools: [kind.groups === 'guilds' || kind.topics ? 0.1 : 0.02, policy],
  });
  const account = (kind) => {
    const group = () => pick(['open', 'allowlist', 'allowlist', 'disabled', ...(kind.allowall ? ['allowall'] : [])]);
    const senders = (open) => [...some(PEOPLE, 2), ...(open && chance(0.9) ? ['*'] : [])];
    const drawn = object({
      enabled: [0.2, () => chance(0.6)],
      groupPolicy: [kind.noGroups ? 0 : 0.55, group],
      ...(kind.secret && { [kind.secret]: [0.5, secret] }),
      ...(kind.people && { [kind.people]: [0.3, () => some(PEOPLE, 2)] }),
      ...(kind.groups && { [kind.groups]: [0.35, () => dictionary(['*', '-100123', 'home'], 2, () => groupOf(kind, 1))] }),
    });
    const direct = pick(['pairing', 'pairing', 'allowlist', 'open', 'disabled']);
    if (kind.nested) {
      if (chance(0.6)) drawn.dm = object({ policy: [0.8, () => direct], allowFrom: [0.6, () => senders(direct === 'open')] });
      return drawn;
    }
    if (chance(0.6)) drawn.dmPolicy = direct;
    if (chance(drawn.dmPolicy ? 0.8 : 0.3)) drawn.allowFrom = senders(drawn.dmPolicy === 'open');
    if (kind.dm && chance(0.1)) drawn.dm = object({ enabled: [0.8, yes], policy: [0.05, () => direct] });
    return drawn;
  };
  const channels = () => {
    const drawn = dictionary(Object.keys(CHANNELS), 2, (name) => {
      const kind = CHANNELS[name];
      const all = account(kind);
      if (!kind.single && chance(0.3)) all.accounts = dictionary(['default', 'home', 'shop'], 2, () => account(kind));
      return all;
    });
    if (chance(0.4)) drawn.telegram ??= account(CHANNELS.telegram);
    if (chance(0.15)) drawn.defaults = object({ groupPolicy: [0.8, () => pick(['open', 'allowlist', 'disabled'])] });
    return drawn;
  };

  const config = object({
    env: [0.3, () => ({ vars: dictionary(['FROM_THE_CONFIG', 'AUDIT_LONG', 'AUDIT_EMPTY', 'AUDIT_BLANK', 'OPENCLAW_GATEWAY_TOKEN', 'BRAVE_API_KEY'], 3, () => pick(['', ' ', 'short', SECRETS[6], 'x'])) })],
    gateway: [0.95, gateway],
    agents: [0.75, agents],
    tools: [0.7, tools],
    channels: [0.65, channels],
    hooks: [0.3, hooks],
    session: [0.2, () => object({ dmScope: [0.5, () => pick(['main', 'per-peer', 'per-channel-peer'])], groupScope: [0.5, () => pick(['main', 'per-group'])] })],
    discovery: [0.2, () => object({ mdns: [0.9, () => object({ mode: [0.9, () => pick(['off', 'minimal', 'full'])] })] })],
    browser: [0.25, () => object({
      enabled: [0.5, yes],
      ssrfPolicy: [0.4, () => object({ dangerouslyAllowPrivateNetwork: [0.8, yes] })],
      cdpUrl: [0.2, () => pick(['http://127.0.0.1:9222', 'https://browser.example.com', 'http://192.168.1.7:9222'])],
    })],
    mcp: [0.2, () => object({
      servers: [0.8, () => dictionary(['files', 'web', 'db'], 2, () => ({ command: 'npx', args: ['-y', 'some-server'], ...object({ enabled: [0.3, yes] }) }))],
      apps: [0.3, () => object({ enabled: [0.8, yes] })],
    })],
    plugins: [0.25, () => object({
      enabled: [0.2, yes],
      allow: [0.3, () => some(['telegram', 'browser', 'memory-core', 'no-such-plugin'], 2)],
      deny: [0.2, () => some(['browser', 'telegram'], 1)],
      entries: [0.4, () => dictionary(['browser', 'telegram', 'memory-core', 'memory-wiki', 'webhooks'], 2, () => object({ enabled: [0.8, yes] }))],
      slots: [0.1, () => ({ memory: pick(['memory-core', 'none']) })],
    })],
    // What stands in the title and the detail of a finding is each program's own, but for the keys.
    security: [0.15, () => ({ audit: object({ suppressions: [0.9, () => Array.from({ length: below(4) }, () => ({
      checkId: pick(CHECKS),
      ...object({
        titleIncludes: [0.1, () => pick(['zzz', ' ', chance(0.1) ? '' : ' '])],
        detailIncludes: [0.15, () => pick(['zzz', 'HOOKS.allowRequestSessionKey=true', 'tools.fs.workspaceOnly=false'])],
        reason: [0.4, () => 'known'],
      }),
    }))] }) })],
    logging: [0.1, () => object({ level: [0.5, () => pick(['info', 'debug'])] })],
    models: [0.15, () => ({ providers: dictionary(['ollama', 'openai', 'my-own', 'anthropic'], 2, (name) => ({
      ...object({ baseUrl: [0.85, () => 'http://127.0.0.1:11434/v1'], apiKey: [0.4, secret], models: [0.85, () => some(MODELS, 2).map((id) => ({ id: id.split('/').at(-1), name: id }))] }),
      ...(name === 'my-own' && { api: 'openai-completions' }),
    })) })],
    secrets: [0.1, () => ({ providers: object({ default: [0.4, () => ({ source: 'env' })], vault: [0.7, () => ({ source: 'file', path: '/srv/no/such/file.json', mode: 'json' })] }) })],
  });
  if (chance(0.15)) {
    config.bindings = Array.from({ length: below(3) }, () => ({
      ...object({ type: [0.3, () => 'route'] }),
      agentId: someAgent(),
      match: { channel: pick(Object.keys(config.channels ?? { telegram: 0 }).concat('telegram')), ...object({ accountId: [0.4, () => pick(['*', 'home', 'default'])] }) },
      ...object({ session: [0.5, () => object({ groupScope: [0.6, () => pick(['main', 'per-group'])], dmScope: [0.3, () => 'per-peer'] })] }),
    }));
  }
  if (chance(0.15)) spoil(config, random);
  return config;
}

// Puts one thing in or out that OpenClaw may refuse.
function spoil(config, random) {
  const places = [];
  (function visit(value) {
    if (value === null || typeof value !== 'object') return;
    for (const key of Object.keys(value)) {
      places.push([value, key]);
      visit(value[key]);
    }
  })(config);
  if (places.length === 0) return;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const [holder, key] = pick(places);
  const wrong = () => pick([null, true, false, 0, -1, 1.5, '', 'yes', 'true', '127.0.0.1', [], {}, [null], ['x'], { enabled: 1 }, 'open', '*', 'Loopback', ' lan']);
  if (Array.isArray(holder) || random() < 0.6) holder[key] = wrong();
  else if (random() < 0.5) holder[pick(['enable', 'mdoe', 'dmpolicy', 'allowInsecureAuth', 'policy', key.toUpperCase(), `${key}s`])] = wrong();
  else delete holder[key];
}

// Spells a value as a JSON5 text in a style of its own.
export function spell(value, random) {
  const chance = (part) => random() < part;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const newline = pick(['\n', '\n', '\n', '\r\n', '']);
  const unit = newline === '' ? '' : pick(['  ', '    ', '\t', '']);
  const style = { comments: chance(0.5) ? 0.15 : 0, bare: pick([0, 1, 0.5]), single: pick([0, 1, 0.5]), trailing: pick([0, 1, 0.5]), odd: pick([0, 0.5]) };
  const comment = () => {
    if (!chance(style.comments)) return '';
    const said = pick(['a remark', 'was: { mode: "all" }', '"quoted", \'so\'', 'ひとこと', '', '}, ] : http://example.com']);
    return newline !== '' && chance(0.6) ? `// ${said}${newline}` : `/* ${said} */`;
  };
  const gap = (depth) => `${newline}${unit.repeat(depth)}${comment()}`;
  const quoted = (text) => {
    const quote = chance(style.single) ? "'" : '"';
    const inner = [...JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')].map((char) => {
      if (char === quote) return `\\${char}`;
      if (!chance(style.odd * 0.1) || !/[a-zA-Z]/.test(char)) return char;
      return pick([`\\x${char.charCodeAt(0).toString(16)}`, `\\u00${char.charCodeAt(0).toString(16)}`, `\\${newline || '\n'}${char}`]);
    });
    // What JSON.stringify escaped must keep its two characters together.
    return /\\/.test(JSON.stringify(text)) ? JSON.stringify(text) : `${quote}${inner.join('')}${quote}`;
  };
  const name = (key) => (/^[a-zA-Z_$][\w$]*$/.test(key) && chance(style.bare) ? key : quoted(key));
  const number = (value) => {
    if (!chance(style.odd)) return String(value);
    const spelled = [`+${value}`, `${value}.0`, `${value}e0`, `${value}.`];
    if (Number.isInteger(value) && value >= 0) spelled.push(`0x${value.toString(16)}`, `0X${value.toString(16).toUpperCase()}`);
    const one = pick(spelled);
    return Number(one.replace(/^\+/, '')) === value && /^\+?(0x|\d)/i.test(one) ? one : String(value);
  };
  const members = (open, close, items, depth) => {
    if (items.length === 0) return open + comment() + close;
    const end = chance(style.trailing) ? ',' : '';
    return open + items.map((item) => gap(depth + 1) + item).join(',') + end + gap(depth) + close;
  };
  const any = (inner, depth) => {
    if (Array.isArray(inner)) return members('[', ']', inner.map((item) => any(item, depth + 1)), depth);
    if (inner === null || typeof inner === 'boolean') return String(inner);
    if (typeof inner === 'number') return number(inner);
    if (typeof inner === 'string') return quoted(inner);
    const items = Object.entries(inner).map(([key, member]) => {
      const twice = chance(style.odd * 0.02) ? `${name(key)}: ${pick(['null', '{}', '"first"'])},${gap(depth + 1)}` : '';
      return `${twice}${name(key)}${chance(0.1) ? ' ' : ''}:${newline === '' ? '' : ' '}${comment()}${any(member, depth + 1)}`;
    });
    return members('{', '}', items, depth);
  };
  return `${chance(0.05) ? '\ufeff' : ''}${comment()}${any(value, 0)}${comment()}${pick(['', newline])}`;
}

// The config of a seed and a number: { value, text, env }.
export function generate(seed, number) {
  const random = source(seed, number);
  const value = draw(random);
  return { value, text: spell(value, random), env: MACHINES[number % MACHINES.length] };
}

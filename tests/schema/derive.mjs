// Derives the stripped schema of an OpenClaw version: names, types, required keys and allowed values, and nothing else.
// usage: node tests/schema/derive.mjs OPENCLAW_DIR > assets/schema/VERSION.txt
// OPENCLAW_DIR is the installed npm package. The same package gives the same bytes.
//
// The output is a table of nodes, one a line, equal subtrees once. `src/settings/schema/table.rs` says what a line means.
// `openclaw config schema` tells neither what OpenClaw trims before it looks nor what a function checks; TRIMMED and CHECKED
// put that back, by the path of the value (`*` is any key or position). A version before 2026.3.28 has no such command: its schema is
// taken from the module that defines it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const dir = path.resolve(process.argv[2]);
const version = JSON.parse(fs.readFileSync(path.join(dir, 'package.json'), 'utf8')).version;
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'derive-'));
const env = { PATH: process.env.PATH, HOME: home, OPENCLAW_STATE_DIR: path.join(home, '.openclaw') };
const dist = path.join(dir, 'dist');
// The first version that keeps its agents by their ids.
const early = version.localeCompare('2026.8.1', 'en', { numeric: true }) < 0;
const root = early ? await fromModule() : JSON.parse(execFileSync(process.execPath,
  [path.join(dir, 'openclaw.mjs'), 'config', 'schema'], { env, maxBuffer: 1 << 28 }));
fs.rmSync(home, { recursive: true, force: true });

// Its exports are mangled, so the module is run from a copy with one more.
async function fromModule() {
  const name = fs.readdirSync(dist).find((file) => /^config-.*\.js$/.test(file)
    && fs.readFileSync(path.join(dist, file), 'utf8').includes('const OpenClawSchema = '));
  const copy = path.join(dist, `.derive-${process.pid}-${name}`);
  fs.writeFileSync(copy, `${fs.readFileSync(path.join(dist, name), 'utf8')}\nexport const derived = { OpenClawSchema, CHANNEL_IDS, CHAT_CHANNEL_ALIASES };\n`);
  Object.assign(process.env, env);
  try {
    globalThis.derived = (await import(pathToFileURL(copy))).derived;
  } finally {
    fs.unlinkSync(copy);
  }
  return globalThis.derived.OpenClawSchema.toJSONSchema({ target: 'draft-07', unrepresentable: 'any', io: 'input' });
}

const AGENT = ['agents.defaults', early ? 'agents.list.*' : 'agents.entries.*'];
const MCP = ['mcp.servers.*', 'nodeHost.mcp.servers.*'];
const each = (starts, ...ends) => starts.flatMap((start) => ends.map((end) => `${start}.${end}`));

const TRIMMED = new Set(early ? [] : [
  ...each(['agents.defaults'], 'systemAgent.agentId', 'authInheritance.agentId', 'sessionStore.agentId', 'heartbeat.agentId'),
  ...each(AGENT, 'decisionModel', 'models.*.pickerRuntimes.*'),
  ...each(['tools', 'agents.entries.*.tools'], 'github.gitAuthor.name', 'github.gitAuthor.email'),
  ...each(['tools.media.image', 'tools.media.audio', 'tools.media.video'], 'preferredModel'),
  ...each(MCP, 'oauth.authProfileId', 'oauth.scope', 'toolFilter.include.*', 'toolFilter.exclude.*', 'codex.agents.*'),
  ...each(['gateway.auth.trustedProxy.cloudflareAccessOidc'], 'providerId', 'githubAccountIdClaim'),
  ...each(['gateway'], 'controlUi.environment.label', 'roles.default', 'roles.definitions#', 'roles.definitions.*.agents.*',
    'roles.definitions.*.accessPolicyPlugin'),
  'cloudWorkers.profiles.*.provider', 'desktop.host.passwordFile', 'hooks.mappings.*.channel', 'nodeHost.workerRuns.containerImage',
  'secrets.egressProxy.allowedHosts.*', 'secrets.egressProxy.bypassHosts.*', 'talk.agentId', 'worktreeRoot',
]);

// Those that an early version makes as well.
const EARLY_CHECKS = ['any-absolute-path', 'bind-spec', 'clock-end', 'clock-start', 'confined', 'duration-or-empty', 'executable', 'module-path'];

// Name of the check -> where. `#` stands for the keys of the object.
const CHECKED = new Map(Object.entries({
  'absolute-or-home': ['worktreeRoot'],
  'absolute-path': ['desktop.host.passwordFile'],
  'agent-id': ['gateway.roles.definitions.*.agents.*'],
  'any-absolute-path': ['secrets.providers.*.trustedDirs.*'],
  'bind-spec': each(AGENT, 'sandbox.docker.binds.*', 'sandbox.browser.binds.*'),
  'byte-size': [...each(['session.maintenance'], 'maxDiskBytes', 'highWaterBytes'),
    ...each(['agents.defaults.compaction'], 'maxActiveTranscriptBytes', 'memoryFlush.forceFlushTranscriptBytes')],
  'catalog-url': ['models.catalogRefresh.url'],
  'clock-end': each(AGENT, 'heartbeat.activeHours.end'),
  'clock-start': each(AGENT, 'heartbeat.activeHours.start'),
  'confined': each(AGENT, 'sandbox.docker.seccompProfile', 'sandbox.docker.apparmorProfile'),
  'domain': ['gateway.portals.ingress.domain'],
  'duration': ['cron.sessionRetention'],
  'duration-or-empty': each(AGENT, 'heartbeat.every'),
  'exact-host': ['secrets.egressProxy.allowedHosts.*', 'secrets.egressProxy.bypassHosts.*'],
  'executable': ['secrets.providers.*.command'],
  'http-url': [...each(MCP, 'url', 'oauth.redirectUrl'), 'proxy.proxyUrl'],
  'https-page': each(MCP, 'oauth.clientMetadataUrl'),
  'minute-or-more': ['cloudWorkers.profiles.*.suspendAfter'],
  'model-or-empty': each(AGENT, 'decisionModel'),
  'module-path': ['hooks.mappings.*.transform.module'],
  'no-outer-space': ['cloudWorkers.profiles#', 'cloudWorkers.projectProfiles.*', 'nodeHost.mcp.servers#'],
  'not-blank': ['gateway.tls.certPath', 'gateway.tls.keyPath'],
  'origin': ['mcp.apps.sandboxOrigin'],
  'positive-duration': each(['session.maintenance'], 'pruneAfter', 'archiveDashboardAfter', 'preserveRecent', 'resetArchiveRetention'),
  'project-key': ['cloudWorkers.projectProfiles#'],
  'public-origin': ['gateway.publicOrigin'],
  'runtime-id': each(AGENT, 'models.*.pickerRuntimes.*'),
}).filter(([check]) => !early || EARLY_CHECKS.includes(check)).flatMap(([check, places]) => places.map((place) => [place, check])));
const CASELESS = new Set(early ? [] : ['agents.entries#', ...each(MCP, 'codex.agents.*')]);
const unused = new Set([...TRIMMED, ...CHECKED.keys(), ...CASELESS]);

const lines = [];
const known = new Map();
const put = (line) => {
  if (!known.has(line)) { known.set(line, lines.length); lines.push(line); }
  return known.get(line);
};
const LETTER = { object: 'o', array: 'a', string: 's', number: 'n', integer: 'i', boolean: 'b', null: 'z' };
const name = (text) => { if (!/^[A-Za-z0-9$_-]+$/.test(text)) throw new Error(`cannot be written as a name: ${text}`); return text; };
const constants = (s) => ('const' in s ? [s.const] : Array.isArray(s.enum) ? s.enum : undefined);
const below = (at, key) => (at ? `${at}.${key}` : key);

// Channels and the configs of plugins are judged by another validator than the rest: it fills defaults in first and checks no more.
function isPluginOwned(at) {
  const plugin = /^(channels|plugins\.entries)\.([^.]+)(\..+)?$/.exec(at);
  if (!plugin) return false;
  return plugin[1] === 'channels' ? !['defaults', 'modelByChannel'].includes(plugin[2]) : /^\.config\b/.test(plugin[3] ?? '') && plugin[2] !== '*';
}

function node(s, at, defs) {
  if (typeof s === 'boolean') return put(s ? '' : '!');
  defs = s.$defs ?? s.definitions ?? defs;
  if (s.$ref) {
    const target = defs?.[s.$ref.split('/').pop()];
    if (!target || Object.keys(s).length > 1) throw new Error(`cannot follow ${s.$ref} at ${at}`);
    return node(target, at, defs);
  }
  const owned = isPluginOwned(at);
  const field = [];
  const add = (letter, value = '') => field.push(letter + value);
  const all = (list) => list.map((one) => node(one, at, defs)).join(',');
  const key = (letter) => (value) => value !== undefined && add(letter, value);

  const type = s.type === undefined ? '' : [s.type].flat().map((one) => LETTER[one]).join('');
  const branches = s.anyOf ?? s.oneOf;
  const allowed = constants(s) ?? (branches?.length && branches.every((one) => constants(one)) ? branches.flatMap(constants) : undefined);
  if (allowed) add('e', JSON.stringify([...new Set(allowed)]));
  else if (type) add('t', type);
  if (s.properties) add('p', Object.entries(s.properties).map(([k, v]) => `${name(k)}=${node(v, below(at, k), defs)}`).join(','));
  if (s.additionalProperties === false) add('x');
  else if (s.additionalProperties && Object.keys(s.additionalProperties).length) add('m', node(s.additionalProperties, below(at, '*'), defs));
  if (s.patternProperties) throw new Error(`patternProperties at ${at}`);
  const required = (s.required ?? []).filter((k) => !(owned && s.properties?.[k] && 'default' in s.properties[k]));
  if (required.length) add('r', required.map(name).join(','));
  const keys = { ...s.propertyNames };
  if (Object.keys(keys).length > 1 || TRIMMED.has(`${at}#`) || CHECKED.has(`${at}#`)) add('k', node(keys, `${at}#`, defs));
  if (Array.isArray(s.items)) add('u', s.items.map((one) => node(one, below(at, '*'), defs)).join(','));
  else if (s.items) add('l', node(s.items, below(at, '*'), defs));
  const whole = type === 'i';
  if (s.minimum !== undefined && !(whole && s.minimum === Number.MIN_SAFE_INTEGER)) add('>', s.minimum);
  if (s.maximum !== undefined && !(whole && s.maximum === Number.MAX_SAFE_INTEGER)) add('<', s.maximum);
  key('+')(s.exclusiveMinimum);
  key('L')(s.minLength); key('U')(s.maxLength);
  key('A')(s.minItems); key('B')(s.maxItems);
  key('C')(s.minProperties); key('D')(s.maxProperties);
  if (s.uniqueItems) add('q');
  if (s.pattern) {
    if (/[\t\n]/.test(s.pattern)) throw new Error(`pattern at ${at}`);
    unused.delete(at);
    add(CASELESS.has(at) ? 'I' : '~', s.pattern);
  }
  if (s.format === 'uri' && !CHECKED.has(at)) add('f', 'uri');
  if (!allowed && s.anyOf) add('|', all(s.anyOf));
  if (!allowed && s.oneOf) add('|', all(s.oneOf));
  if (s.allOf) add('&', all(s.allOf));
  if (s.not) add('-', node(s.not, at, defs));
  if (s.if) add('?', `${node(s.if, at, defs)},${node(s.then ?? true, at, defs)}`);
  const text = /s/.test(type) && !allowed;
  if (!owned && text && TRIMMED.has(at)) { add('w'); unused.delete(at); }
  if (!owned && /[sn]/.test(type) && !allowed && CHECKED.has(at)) { add('f', CHECKED.get(at)); unused.delete(at); }
  if (s.properties?.source && s.properties.provider && s.properties.id) {
    const source = constants(s.properties.source)?.[0];
    add('$');
    if (!owned && (source === 'file' || source === 'exec')) {
      const names = field.findIndex((one) => one.startsWith('p'));
      field[names] = field[names].replace(/\bid=\d+/, `id=${put(`ts\tf${source}-id`)}`);
    }
  }
  return put(field.join('\t'));
}

const top = node(root, '');
// In a version that is taken up these want a look: the place has moved, or the check is gone.
if (unused.size) console.error(`TRIMMED, CHECKED and CASELESS name places that ${version} has not: ${[...unused].join(' ')}`);

// What the validator knows beside the schema.
const list = (key, values) => `${key} ${[...new Set(values)].sort().join(',')}\n`;
const extensions = path.join(dir, early ? 'extensions' : 'dist/extensions');
const manifests = fs.readdirSync(extensions).sort()
  .map((plugin) => path.join(extensions, plugin, 'openclaw.plugin.json')).filter((file) => fs.existsSync(file))
  .map((file) => JSON.parse(fs.readFileSync(file, 'utf8')));
const source = (prefix, text) => fs.readdirSync(dist).filter((file) => file.startsWith(prefix) && file.endsWith('.mjs'))
  .map((file) => fs.readFileSync(path.join(dist, file), 'utf8')).find((content) => content.includes(text));
const loaded = async (prefix) => {
  const file = fs.readdirSync(dist).find((name) => name.startsWith(prefix) && name.endsWith('.mjs'));
  if (!file) console.error(`${version} has no dist/${prefix}*.mjs: what is read from there is left empty`);
  return file ? Object.values(await import(path.join(dist, file))) : [];
};
const shipped = early ? shippedEarly() : await shippedNow();
const facts = {
  plugins: manifests.map((plugin) => plugin.id),
  'web-search': manifests.flatMap((plugin) => plugin.contracts?.webSearchProviders ?? []),
  ...shipped,
};
const ORDER = ['channels', 'channel-aliases', 'plugins', 'providers', 'retired-models', 'web-search', 'web-search-plugins'];

function shippedEarly() {
  const { CHANNEL_IDS, CHAT_CHANNEL_ALIASES } = globalThis.derived;
  return {
    channels: [...CHANNEL_IDS, ...manifests.flatMap((plugin) => plugin.channels ?? [])],
    'channel-aliases': Object.keys(CHAT_CHANNEL_ALIASES),
  };
}

async function shippedNow() {
  const channels = (await loaded('bundled-channel-config-metadata.generated')).find(Array.isArray)?.filter((one) => one.configurable !== false) ?? [];
  const webSearch = (await loaded('web-search-install-catalog')).map((one) => { try { return one(); } catch { return []; } })
    .find((list) => list?.[0]?.provider) ?? [];
  const overlays = /BUILT_IN_MODEL_PROVIDER_OVERLAY_IDS = [^[]*(\[[^\]]*\])/.exec(source('zod-schema.core', 'BUILT_IN_MODEL_PROVIDER_OVERLAY_IDS'))?.[1];
  if (!overlays) console.error(`${version} has no BUILT_IN_MODEL_PROVIDER_OVERLAY_IDS: the list of providers is left empty`);
  const suppressed = manifests.flatMap((plugin) => plugin.modelCatalog?.suppressions ?? []).filter((one) => !one.when);
  return {
    channels: channels.map((one) => one.channelId),
    'channel-aliases': channels.flatMap((one) => one.aliases ?? []),
    providers: JSON.parse(overlays ?? '[]'),
    'retired-models': suppressed.map((one) => `${one.provider}/${one.model}`.toLowerCase()),
    'web-search-plugins': webSearch.map((one) => `${one.provider.id}=${one.pluginId}`),
  };
}

process.stdout.write(`openclaw ${version}\n${ORDER.map((key) => list(key, facts[key] ?? [])).join('')}root ${top}\n\n${lines.join('\n')}\n`,
  () => process.exit(0));

// Writes assets/tools-<version>.json from an unpacked OpenClaw.
// usage: node tests/derive/tools.mjs PACKAGE_DIR > assets/tools-2026.9.6.json
import fs from "node:fs";
import path from "node:path";
import { open } from "./bundle.mjs";

const { dist, version, values } = open(process.argv[2]);
const flat = (value) => JSON.stringify(value);
const isMap = (value) => typeof value === "object" && !Array.isArray(value);
const block = (value) => `{\n${Object.entries(value).map(([key, inner]) => `    ${flat(key)}: ${flat(inner)}`).join(",\n")}\n  }`;
const print = (out) => process.stdout.write(`{\n${Object.entries(out).map(([key, value]) => `  ${flat(key)}: ${isMap(value) ? block(value) : flat(value)}`).join(",\n")}\n}\n`, () => process.exit(0));

// Of a version before 2026.8.1 the names alone are needed: what a policy list may hold there.
if (version.localeCompare("2026.8.1", "en", { numeric: true }) < 0) {
  const { CORE_TOOL_DEFINITIONS, CORE_TOOL_GROUPS } = await values("const CORE_TOOL_DEFINITIONS = [",
    ["CORE_TOOL_DEFINITIONS", "CORE_TOOL_GROUPS"], "tool-catalog");
  print({ version, tools: CORE_TOOL_DEFINITIONS.map(({ id }) => id), groups: CORE_TOOL_GROUPS });
  await new Promise(() => {});
}

const catalog = await values("const CORE_TOOL_DEFINITIONS = [",
  ["CORE_TOOL_DEFINITIONS", "CORE_TOOL_GROUPS", "CORE_TOOL_PROFILES"]);
const shared = await values("const TOOL_NAME_ALIASES =", ["TOOL_NAME_ALIASES"]);
const shipped = await values("const SHIPPED_CORE_POLICY_RENAMES =",
  ["SHIPPED_CORE_POLICY_RENAMES", "SHIPPED_PLUGIN_POLICY_FAMILY_CORE_TOOLS"]);
const sandbox = await values("const DEFAULT_TOOL_DENY = [", ["DEFAULT_TOOL_ALLOW", "DEFAULT_TOOL_DENY"]);
const dangerous = await values("const GATEWAY_CONTROL_PLANE_TOOLS = [", ["GATEWAY_CONTROL_PLANE_TOOLS"]);
const bins = await values("const INTERPRETER_LIKE_SAFE_BINS =", ["INTERPRETER_LIKE_SAFE_BINS"]);
const broad = await values("const SAFE_BIN_SEMANTIC_RULES =", ["SAFE_BIN_SEMANTIC_RULES"]);

// What the plugins that come with OpenClaw are called, and their tools; the variables that give the web search a key.
const plugins = new Set();
const pluginTools = {};
const webSearchKeys = new Set();
for (const folder of fs.readdirSync(path.join(dist, "extensions")).sort()) {
  const file = path.join(dist, "extensions", folder, "openclaw.plugin.json");
  if (!fs.existsSync(file)) continue;
  const manifest = JSON.parse(fs.readFileSync(file, "utf8"));
  const { tools = [], webSearchProviders = [] } = manifest.contracts ?? {};
  // The other names under which `plugins.allow` finds a plugin.
  for (const name of [manifest.id, ...(manifest.providers ?? []), ...(manifest.channels ?? []),
    ...(manifest.setup?.providers ?? []).map(({ id }) => id), ...(manifest.cliBackends ?? []),
    ...(manifest.setup?.cliBackends ?? []), ...Object.keys(manifest.modelCatalog?.providers ?? {}),
    ...Object.keys(manifest.modelCatalog?.aliases ?? {}), ...Object.keys(manifest.providerAuthAliases ?? {}),
    ...(manifest.legacyPluginIds ?? [])])
    plugins.add(name.toLowerCase());
  if (tools.length > 0) pluginTools[manifest.id] = tools;
  if (webSearchProviders.length > 0)
    for (const name of (manifest.setup?.providers ?? []).flatMap(({ envVars }) => envVars ?? [])) webSearchKeys.add(name);
}

const list = (values) => [...values];
const out = {
  version,
  tools: catalog.CORE_TOOL_DEFINITIONS.map(({ id }) => id),
  groups: catalog.CORE_TOOL_GROUPS,
  profiles: Object.fromEntries(Object.entries(catalog.CORE_TOOL_PROFILES).map(([id, { allow }]) => [id, allow])),
  aliases: Object.fromEntries(shared.TOOL_NAME_ALIASES),
  renames: Object.fromEntries([
    ...list(shipped.SHIPPED_CORE_POLICY_RENAMES).map(([old, now]) => [old, [now]]),
    ...list(shipped.SHIPPED_PLUGIN_POLICY_FAMILY_CORE_TOOLS).map(([old, more]) => [old, [old, ...more]]),
  ]),
  sandbox: { allow: sandbox.DEFAULT_TOOL_ALLOW, deny: sandbox.DEFAULT_TOOL_DENY },
  controlPlane: dangerous.GATEWAY_CONTROL_PLANE_TOOLS,
  interpreters: list(bins.INTERPRETER_LIKE_SAFE_BINS).sort(),
  broadBins: Object.keys(broad.SAFE_BIN_SEMANTIC_RULES).sort(),
  plugins: list(plugins).sort(),
  pluginTools,
  webSearchKeys: list(webSearchKeys).sort(),
};
print(out);

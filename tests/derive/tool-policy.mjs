// Writes tests/derive/tool-policy.json: configs made up at random, and what an unpacked OpenClaw makes of their tool policy.
// usage: node tests/derive/tool-policy.mjs PACKAGE_DIR > tests/derive/tool-policy.json
import fs from "node:fs";
import { open } from "./bundle.mjs";

const CASES = 60;
const MODELS = [null, "openai/gpt-5", "openai/other", "anthropic/x"];

const { version, values } = open(process.argv[2]);
const catalogue = JSON.parse(fs.readFileSync(new URL(`../../assets/tools-${version}.json`, import.meta.url)));
const of = (source, names) => values(`//#region src/agents/${source}.ts`, names);
const policy = await of("agent-tools.policy", ["resolveConfiguredToolPolicies", "resolveEffectiveToolPolicy"]);
const match = await of("tool-policy-match", ["isToolAllowedByPolicies"]);
const pipeline = await of("tool-policy-pipeline", ["buildDefaultToolPolicyPipelineSteps", "applyToolPolicyPipeline"]);
const sandbox = await of("sandbox/tool-policy", ["resolveSandboxToolPolicyForAgent"]);
const config = await of("sandbox/config", ["resolveSandboxConfigForAgent"]);
const exec = await of("exec-defaults", ["resolveExecDefaults"]);
const shared = await of("tool-policy-shared", ["resolveToolProfilePolicy"]);
const merge = await of("tool-policy", ["mergeAlsoAllowPolicy"]);

let seed = 20260906;
const random = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
const pick = (list) => list[Math.floor(random() * list.length)];
const maybe = (chance, make) => (random() < chance ? make() : undefined);
const plain = (value) => JSON.parse(JSON.stringify(value));

const NAMES = [...catalogue.tools, ...Object.keys(catalogue.groups), ...Object.keys(catalogue.groups), "group:plugins", "bundle-mcp",
  "*", "Bash", "cron", "apply-patch", "update_plan", "canvas", "sessions_*", "*_list", "w*", "  Exec ", "nonsense", "group:nope",
  "image", "browser", "memory-core", "xai", "llm-task", "some_server__*", "some_plugin_tool", "view_image", "write", ""];
const PROFILES = ["minimal", "coding", "messaging", "full"];
const names = () => Array.from({ length: Math.floor(random() * 5) }, () => pick(NAMES));
const lists = (weight) => plain({ allow: maybe(0.35 * weight, names), alsoAllow: maybe(0.3 * weight, names), deny: maybe(0.45 * weight, names) });
const execs = () => plain({
  ...(random() < 0.4
    ? { mode: pick(["deny", "allowlist", "ask", "auto", "full"]) }
    : { security: maybe(0.4, () => pick(["deny", "allowlist", "full"])), ask: maybe(0.4, () => pick(["off", "on-miss", "always"])) }),
  host: maybe(0.3, () => pick(["auto", "sandbox", "gateway", "node"])),
});
const provider = () => [pick(["openai", "OpenAI", "openai/gpt-5", "anthropic"]), plain({ ...lists(1), profile: maybe(0.3, () => pick(PROFILES)) })];
const tools = (weight) => plain({
  ...lists(weight), profile: maybe(0.4, () => pick(PROFILES)), exec: maybe(0.5, execs), sandbox: maybe(0.4, () => ({ tools: lists(1.2) })),
  byProvider: maybe(0.4, () => Object.fromEntries([provider(), provider()])),
});
const boxes = () => plain({ mode: maybe(0.7, () => pick(["off", "non-main", "all"])) });

const owner = { some_plugin_tool: "some-plugin", some_server__some_tool: "bundle-mcp" };
for (const [plugin, own] of Object.entries(catalogue.pluginTools)) for (const tool of own) owner[tool] = plugin;
const all = [...new Set([...catalogue.tools, ...Object.keys(owner)])].sort();
const toolMeta = ({ name }) => (owner[name] ? { pluginId: owner[name] } : undefined);
// A tool a bit, the first one the highest bit of the first digit.
const mask = (allowed) => {
  const bits = all.map((name) => (allowed.has(name) ? "1" : "0")).join("");
  return bits.match(/.{1,4}/g).map((four) => parseInt(four.padEnd(4, "0"), 2).toString(16)).join("");
};

function running(cfg, agentId, model, sandboxed) {
  const [modelProvider, modelId] = model?.split("/") ?? [];
  const own = policy.resolveEffectiveToolPolicy({ config: cfg, agentId, modelProvider, modelId });
  const profile = (name, also) => merge.mergeAlsoAllowPolicy(shared.resolveToolProfilePolicy(name), also);
  const steps = pipeline.buildDefaultToolPolicyPipelineSteps({
    ...own, profilePolicy: profile(own.profile, own.profileAlsoAllow),
    providerProfilePolicy: profile(own.providerProfile, own.providerProfileAlsoAllow),
  });
  if (sandboxed) steps.push({ policy: sandbox.resolveSandboxToolPolicyForAgent(cfg, agentId), label: "sandbox" });
  const allowed = pipeline.applyToolPolicyPipeline({ tools: all.map((name) => ({ name })), toolMeta, warn() {}, steps });
  return mask(new Set(allowed.map(({ name }) => name)));
}

console.warn = console.error = () => {};
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const cases = Array.from({ length: CASES }, () => {
  const cfg = plain({
    tools: maybe(0.9, () => tools(1)),
    agents: {
      ownership: "explicit", defaults: plain({ sandbox: maybe(0.6, boxes) }),
      entries: { main: plain({ tools: maybe(0.6, () => tools(0.8)), sandbox: maybe(0.4, boxes) }), work: plain({ tools: maybe(0.5, () => tools(0.8)) }) },
    },
  });
  const contexts = [undefined, "main", "work"].map((agentId) => {
    const agentTools = agentId && cfg.agents.entries[agentId].tools;
    const sandboxMode = config.resolveSandboxConfigForAgent(cfg, agentId).mode;
    const policies = policy.resolveConfiguredToolPolicies({ cfg, agentTools, sandboxMode, agentId });
    const audit = mask(new Set(all.filter((name) => match.isToolAllowedByPolicies(name, policies))));
    if (!agentId) return { audit };
    const sessions = [false, true].map((sandboxed) => {
      const { effectiveHost, security, ask, mode } =
        exec.resolveExecDefaults({ cfg, agentId, sandboxAvailable: sandboxed, execApprovals: { version: 1, agents: {} } });
      return { exec: [effectiveHost, security, ask, mode], models: MODELS.map((model) => running(cfg, agentId, model, sandboxed)) };
    });
    return { agent: agentId, audit, sessions };
  });
  return { config: cfg, contexts };
});
write(`{"version":${JSON.stringify(version)},\n"tools":${JSON.stringify(all)},\n"models":${JSON.stringify(MODELS)},\n"cases":[\n${cases.map((one) => JSON.stringify(one)).join(",\n")}\n]}\n`, () => process.exit(0));

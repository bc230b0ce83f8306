// One process of the judge: the real OpenClaw's own loader and audit, asked about one HOME after another.
// Starting OpenClaw takes seconds, a verdict a fifth of one; so the process stays and the HOMEs change.
//
// The parent sends { home, env } and gets { valid: false, issues: [{ path, message }] }
// or { valid: true, findings: [[checkId, severity, detail]], report: what the command line prints }; { error } is no verdict.
// Both have `merged` where the config draws in files: what they give together.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = [
  'createConfigIO',
  'resolveCommandSecretRefsViaGateway',
  'getSecurityAuditCommandSecretTargetIds',
  'runSecurityAuditCore',
];

// File names and exported names are shortened anew with each build of OpenClaw; the names under which the
// `security` command imports what it needs are not. So that command is looked up, and its imports followed.
async function importAudit(dist) {
  const files = fs.readdirSync(dist).filter((file) => /\.m?js$/.test(file));
  files.sort((a, b) => b.startsWith('security') - a.startsWith('security'));
  for (const file of files) {
    const source = fs.readFileSync(path.join(dist, file), 'utf8');
    if (!NAMES.every((name) => source.includes(name))) continue;
    const found = {};
    for (const [, names, module] of source.matchAll(/^import \{([^}]*)\} from "(\.[^"]+)";/gm)) {
      for (const item of names.split(',')) {
        const [exported, local = exported] = item.trim().split(' as ');
        if (NAMES.includes(local)) found[local] = { exported, module };
      }
    }
    if (Object.keys(found).length < NAMES.length) continue;
    const functions = {};
    for (const [local, { exported, module }] of Object.entries(found)) {
      functions[local] = (await import(pathToFileURL(path.join(dist, module))))[exported];
    }
    return functions;
  }
  throw new Error(`no file in ${dist} imports ${NAMES.join(', ')}: this is not the OpenClaw that the suite knows`);
}

function useEnvironment(env) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

async function judge(openclaw, home) {
  const configPath = path.join(home, '.openclaw', 'openclaw.json');
  const quiet = { info() {}, warn() {}, error() {} };
  const io = openclaw.createConfigIO({ env: process.env, configPath, logger: quiet });
  const snapshot = await io.readConfigFileSnapshot();
  const merged = String(snapshot.raw).includes('$include') ? { merged: snapshot.authoredConfig } : {};
  if (!snapshot.valid) {
    return { valid: false, issues: snapshot.issues.map(({ path, message }) => ({ path, message })), ...merged };
  }
  const sourceConfig = io.loadConfig();
  const { resolvedConfig } = await openclaw.resolveCommandSecretRefsViaGateway({
    config: sourceConfig,
    commandName: 'security audit',
    targetIds: openclaw.getSecurityAuditCommandSecretTargetIds(),
    mode: 'read_only_status',
  });
  const report = await openclaw.runSecurityAuditCore({
    config: resolvedConfig,
    sourceConfig,
    deep: false,
    includeFilesystem: true,
    includeChannelSecurity: true,
    // What runs in this machine's containers is no property of a config.
    execDockerRawFn: async () => ({ code: 1, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }),
  });
  return { valid: true, findings: report.findings.map((f) => [f.checkId, f.severity, f.detail]), report, ...merged };
}

const openclaw = await importAudit(process.argv[2]).catch((error) => {
  process.send({ fatal: error.message }, () => process.exit(1));
});
if (openclaw) process.send({ ready: true });
process.on('message', async ({ home, env }) => {
  useEnvironment(env);
  try {
    process.send(await judge(openclaw, home));
  } catch (error) {
    process.send({ error: String(error?.message ?? error) });
  }
});
process.on('disconnect', () => process.exit(0));

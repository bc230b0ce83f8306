// The real OpenClaw's loader and its resolver of references, asked about one HOME after another: { home, env, places } comes in,
// each place a path of keys; the values that OpenClaw would use there go out, or { error }. A place under `env.vars` is the
// variable as the gateway's process has it.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const dist = process.argv[2];

// Exported names are shortened in most files of a build; a file that passes them on has them whole.
async function exported(...names) {
  for (const file of fs.readdirSync(dist).filter((file) => file.endsWith('.mjs'))) {
    const lists = [...fs.readFileSync(path.join(dist, file), 'utf8').matchAll(/^export \{([^}]*)\}/gm)].map(([, list]) => list);
    const whole = lists.flatMap((list) => list.split(',').map((name) => name.trim()));
    if (names.every((name) => whole.includes(name))) return import(pathToFileURL(path.join(dist, file)));
  }
  throw new Error(`no file in ${dist} exports ${names.join(', ')}: this is not the OpenClaw that the suite knows`);
}

async function prepared() {
  const { loadGlobalRuntimeDotEnvFiles } = await exported('loadGlobalRuntimeDotEnvFiles');
  const { resolveSecretRefValue } = await exported('resolveSecretRefValue', 'resolveSecretRefValues');
  const { createConfigIO } = await exported('createConfigIO');
  return { loadGlobalRuntimeDotEnvFiles, resolveSecretRefValue, createConfigIO };
}

async function values(openclaw, home, places) {
  const configPath = path.join(home, '.openclaw', 'openclaw.json');
  openclaw.loadGlobalRuntimeDotEnvFiles({ quiet: true });
  const io = openclaw.createConfigIO({ env: process.env, configPath, logger: { info() {}, warn() {}, error() {} } });
  const snapshot = await io.readConfigFileSnapshot();
  if (!snapshot.valid) throw new Error(`refused: ${JSON.stringify(snapshot.issues).slice(0, 300)}`);
  const config = io.loadConfig();
  const found = [];
  for (const place of places) {
    if (place[0] === 'env' && place[1] === 'vars') {
      found.push(process.env[place[2]] ?? config.env?.vars?.[place[2]]);
      continue;
    }
    const value = place.reduce((inner, key) => inner?.[key], config);
    const isReference = value !== null && typeof value === 'object' && typeof value.source === 'string';
    found.push(isReference ? await openclaw.resolveSecretRefValue(value, { config, env: process.env }) : value);
  }
  return found;
}

const openclaw = await prepared().catch((error) => {
  process.send({ fatal: error.message }, () => process.exit(1));
});
if (openclaw) process.send({ ready: true });
// One after the other: all share the process environment.
let before = Promise.resolve();
process.on('message', (asked) => { before = before.then(() => answer(asked)); });

async function answer({ home, env, places }) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  try {
    process.send({ values: await values(openclaw, home, places) });
  } catch (error) {
    process.send({ error: String(error?.message ?? error) });
  }
}
process.on('disconnect', () => process.exit(0));

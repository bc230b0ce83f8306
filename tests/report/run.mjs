// The page that `report --format html` makes, as a browser shows it.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const puppeteer = createRequire(path.join(process.env.PUPPETEER, 'package.json'))('puppeteer-core');
const program = process.env.OPENCLAW_HARDEN_BIN;
const configs = path.join(import.meta.dirname, '../openclaw/configs');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'openclaw-harden-report-'));
const env = { HOME: work, PATH: process.env.PATH };

// Real results of the project's own configs, and one that tries to be markup.
const results = path.join(work, 'results');
fs.mkdirSync(results);
for (const [n, name] of fs.readdirSync(configs).filter((name) => name.endsWith('.json5')).sort().slice(0, 12).entries()) {
  const config = path.join(configs, name);
  for (const [kind, args] of [['audit', ['audit', config]], ['apply', ['apply', config, '--dry-run', '--only-safe']]]) {
    const ran = spawnSync(program, [...args, '--format', 'json', '--engine', 'docker'], { env, encoding: 'utf8' });
    if (ran.stdout) fs.writeFileSync(path.join(results, `claw${n}.${kind}.json`), ran.stdout);
  }
}
const markup = '<script>window.caught = true</script><img src=x onerror="window.caught = true"><b>';
fs.writeFileSync(path.join(results, 'hostile.json'), JSON.stringify({
  ts: 1, valid: false, findings: [{ checkId: `made.up${markup}`, severity: 'critical', title: markup }],
}));
const files = fs.readdirSync(results).map((name) => path.join(results, name));
const hosts = new Set(files.map((file) => path.basename(file).split('.')[0]));

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
let passed = 0;
let failed = 0;
for (const lang of ['en', 'ja']) {
  const page = path.join(work, `fleet-${lang}.html`);
  const args = ['report', '--format', 'html', '--fail-on', 'never', '--lang', lang, ...files];
  fs.writeFileSync(page, execFileSync(program, args, { env }));
  for (const scheme of ['light', 'dark']) {
    for (const width of [1280, 400]) {
      const faults = await look(page, scheme, width);
      const name = `${lang} ${scheme} ${width}`;
      if (faults.length === 0) passed += 1;
      else failed += 1;
      console.log(faults.length === 0 ? `ok      ${name}` : `FAILED  ${name}\n  ${faults.join('\n  ')}`);
    }
  }
}
await browser.close();
fs.rmSync(work, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function look(file, scheme, width) {
  const faults = [];
  const tab = await browser.newPage();
  const own = pathToFileURL(file).href;
  tab.on('request', (request) => { if (request.url() !== own) faults.push(`it loads ${request.url()}`); });
  tab.on('console', (message) => faults.push(`the console says ${message.text()}`));
  tab.on('pageerror', (error) => faults.push(`an error: ${error.message}`));
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await tab.goto(own, { waitUntil: 'load' });
  const seen = await tab.evaluate(measure);
  await tab.close();
  if (seen.caught) faults.push('markup of a result was run');
  if (seen.scripts > 0) faults.push(`${seen.scripts} scripts`);
  if (seen.overflow > 0) faults.push(`${seen.overflow} pixels wider than the window`);
  const isDark = seen.back < 0.2;
  if (isDark !== (scheme === 'dark')) faults.push(`the background's luminance is ${seen.back}`);
  for (const [text, contrast] of seen.weak) faults.push(`contrast ${contrast.toFixed(2)}: ${text}`);
  for (const host of hosts) if (!seen.text.includes(host)) faults.push(`${host} is not on the page`);
  return faults;
}

// Runs in the page.
function measure() {
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map((part) => channel(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\)$/.test(colour)) return luminance(colour);
    }
    return 1;
  };
  const weak = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!node.data.trim()) continue;
    const [a, b] = [luminance(getComputedStyle(node.parentElement).color), behind(node.parentElement)].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) weak.push([node.data.trim().slice(0, 40), contrast]);
  }
  return {
    weak,
    back: behind(document.body),
    caught: Boolean(window.caught),
    scripts: document.scripts.length,
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    text: document.body.innerText,
  };
}

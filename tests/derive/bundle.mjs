// Opens an unpacked OpenClaw. The bundle's file names carry hashes, so a value is found by a text that its module holds.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

export function open(folder) {
  const dist = path.join(path.resolve(folder), "dist");
  const { version } = JSON.parse(fs.readFileSync(path.join(dist, "..", "package.json"), "utf8"));
  // A name without a hash is a bundle that repeats what stands in others.
  const modules = fs.readdirSync(dist).filter((name) => /-[\w-]{8}\.m?js$/.test(name)).sort()
    .map((name) => ({ name, text: fs.readFileSync(path.join(dist, name), "utf8") }));

  // Where `file` begins the name, the first of several copies is as good as any. Exports are mangled or missing, so the module is run from a copy with one more export line.
  async function values(marker, names, file = "") {
    const found = modules.filter(({ name, text }) => name.startsWith(file) && text.includes(marker));
    if (found.length === 0 || (found.length > 1 && !file)) throw new Error(`${found.length} modules hold ${marker}`);
    const copy = path.join(dist, `.derive-${process.pid}-${found[0].name}`);
    fs.writeFileSync(copy, `${found[0].text}\nexport const derived = { ${names.join(", ")} };\n`);
    try {
      return (await import(pathToFileURL(copy))).derived;
    } finally {
      fs.unlinkSync(copy);
    }
  }
  return { dist, version, values };
}

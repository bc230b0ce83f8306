// Loaded into OpenClaw before anything else: it waits where it has looked at its config for the last time and is about to rename its
// own over it, and says so by a file.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  if (to === process.env.SLOW_AT) {
    fs.writeFileSync(process.env.SLOW_MARK, '');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
  }
  return rename(from, to);
};
syncBuiltinESMExports();

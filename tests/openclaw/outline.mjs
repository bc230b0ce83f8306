// What stands where in a JSON5 text, to see that a change touched nothing beside its listed edits.
// Only for texts that OpenClaw has accepted: faults are not looked for.

// All that a text spells, in order: [{ path, text, before }]. A path is spelled as in `agents.list[2].tools`; each key,
// each plain value and each empty object or array is one mark, and so is each comment (without a path).
// `before` is what stands between the mark and the one before it: punctuation and white space.
export function outline(text) {
  const marks = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let last = 0;

  function mark(path, from) {
    marks.push({ path, text: text.slice(from, at), before: text.slice(last, from) });
    last = at;
  }

  function match(pattern) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) at += found.length;
    return found;
  }

  function gap() {
    for (;;) {
      match(/[\s\ufeff]+/y);
      const from = at;
      if (!match(/\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\//y)) return;
      mark(null, from);
    }
  }

  function token(path) {
    const from = at;
    const found = match(/"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|[^\s\ufeff,:{}[\]"'/]+/y);
    if (!found) throw new Error(`neither a key nor a value at offset ${at}`);
    const place = path(found);
    mark(place, from);
    return place;
  }

  function members(path, closing, member) {
    const from = at;
    at += 1;
    const marked = marks.length;
    let count = 0;
    for (gap(); text[at] !== closing; gap()) {
      member(count++);
      gap();
      if (text[at] === ',') at += 1;
    }
    at += 1;
    if (count === 0 && marks.length === marked) mark(path, from);
  }

  function value(path) {
    gap();
    if (text[at] === '{') {
      members(path, '}', () => {
        const inner = token((spelled) => join(path, plain(spelled)));
        gap();
        at += 1;
        value(inner);
      });
    } else if (text[at] === '[') {
      members(path, ']', (index) => value(`${path}[${index}]`));
    } else {
      token(() => path);
    }
  }

  value('');
  gap();
  return marks;
}

function join(path, key) {
  if (key === '' || /[.[\]"]/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function plain(spelled) {
  if (!/^["']/.test(spelled)) return spelled;
  return spelled.slice(1, -1).replace(/\\u([0-9a-fA-F]{4})|\\([^])/g, (_, hex, char) =>
    hex ? String.fromCharCode(parseInt(hex, 16)) : ({ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[char] ?? char));
}

// What a change did beside its listed edits, as sentences.
export function strayChanges(before, after, edits) {
  const [old, now] = [outline(before), outline(after)];
  const stray = lostComments(old, now);
  // Positions shift when an entry of an array goes, so an edited entry stands for its array.
  const places = edits.map((path) => (path === '<root>' ? '' : path.replace(/\[\d+\]$/, '')));
  const untouched = ({ path }) => path === null || !places.some((place) => inside(path, place) || inside(place, path));
  const [kept, found] = [old, now].map((marks) => marks
    .map((mark, n) => ({ ...mark, previous: marks[n - 1] }))
    .filter(untouched));
  const name = (mark) => (mark ? mark.path ?? mark.text.slice(0, 40) : 'the end');
  const same = (a, b) => a?.path === b?.path && a?.text === b?.text;
  for (let n = 0; stray.length === 0 && n < Math.max(kept.length, found.length); n += 1) {
    const [a, b] = [kept[n], found[n]];
    if (!same(a, b)) stray.push(`no edit is listed for what changed at ${name(a)}, where now stands ${name(b)}`);
    // A neighbour may have got or lost a comma, nothing else.
    else if (same(a.previous, b.previous) && a.before.replaceAll(',', '') !== b.before.replaceAll(',', '')) {
      stray.push(`the white space before ${name(a)} was changed`);
    }
  }
  for (const [what, pattern] of [['a byte order mark', /^\ufeff/], ['CRLF line ends', /\r\n/], ['a final line end', /\n$/]]) {
    if (pattern.test(before) !== pattern.test(after)) stray.push(`${what} came or went`);
  }
  if (/\r\n/.test(before) && !/[^\r]\n/.test(before) && /[^\r]\n/.test(after)) stray.push('bare line ends came into a CRLF file');
  return stray;
}

function lostComments(old, now) {
  const left = now.filter(({ path }) => path === null).map(({ text }) => text);
  const lost = [];
  for (const { text } of old.filter(({ path }) => path === null)) {
    const at = left.indexOf(text);
    if (at < 0) lost.push(text);
    else left.splice(at, 1);
  }
  return lost.length === 0 ? [] : [`${lost.length} comments are lost: ${lost[0].slice(0, 60)}`];
}

function inside(path, place) {
  return place === '' || path === place || (path.startsWith(place) && /^[.[]/.test(path.slice(place.length)));
}

// The secrets that stand in a config in plain text.
export function secrets(text) {
  return outline(text)
    .filter(({ path, text: spelled }) => /(token|password|secret|apiKey)$/i.test(path ?? '') && /^["'][^$]{16,}["']$/.test(spelled))
    .map(({ text: spelled }) => spelled.slice(1, -1));
}

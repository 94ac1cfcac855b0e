// The diagnosis page. The engine runs in a worker made of this script's own text: it has no address to load from, and the
// page's policy lets nothing out. What is pasted is only ever put into the page as text.
(() => {
  'use strict';

  // Runs in the worker; uses nothing from outside.
  function work() {
    const bytesOf = async (base64) => {
      const text = atob(base64);
      const bytes = new Uint8Array(text.length);
      for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
      if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    };
    let engine;
    const put = (bytes) => {
      const at = engine.web_room(bytes.length);
      if (!at) throw new Error('out of memory');
      new Uint8Array(engine.memory.buffer).set(bytes, at);
      return bytes.length;
    };
    const result = () => new TextDecoder().decode(new Uint8Array(engine.memory.buffer, engine.web_result(), engine.web_result_length()));
    const start = async ({ module, knowledge }) => {
      const nothing = () => 8; // no file is open
      const imports = { wasi_snapshot_preview1: { clock_time_get: () => 0, fd_close: nothing, fd_seek: nothing, fd_write: nothing } };
      const unpacked = bytesOf(knowledge);
      const made = await WebAssembly.instantiate(await bytesOf(module), imports);
      engine = made.instance.exports;
      engine._initialize?.();
      if (engine.web_knowledge(put(await unpacked))) throw new Error(result());
    };
    let ready;
    onmessage = async ({ data }) => {
      try {
        if (data.module) {
          ready = start(data);
          await ready;
          return;
        }
        await ready;
        const bytes = typeof data.paste === 'string' ? new TextEncoder().encode(data.paste) : data.paste;
        const status = engine.web_diagnose(put(bytes), data.format);
        postMessage({ id: data.id, status, text: result() });
      } catch (error) {
        postMessage({ id: data.id, broken: true, status: -1, text: String(error.message || error) });
      }
    };
  }

  const section = document.getElementById('diagnose');
  if (!section || !globalThis.stopcodeEngine) return;
  const paste = document.getElementById('paste');
  const state = document.getElementById('state');
  const box = document.getElementById('result');
  const lines = document.getElementById('lines');
  const copy = document.getElementById('copy');
  section.hidden = false;

  let worker;
  const waiting = new Map();
  let last = 0;
  function answer({ data }) {
    if (data.broken) {
      worker.terminate(); // what went wrong may have left anything behind in its memory
      worker = undefined;
      for (const done of waiting.values()) done(data);
      waiting.clear();
      if (data.id === undefined) state.textContent = `The engine did not start: ${data.text}`;
      return;
    }
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  }
  function start() {
    worker = new Worker(URL.createObjectURL(new Blob([`(${work})()`], { type: 'text/javascript' })));
    worker.onmessage = answer;
    worker.postMessage({ module: globalThis.stopcodeEngine, knowledge: globalThis.stopcodeKnowledge });
  }
  start();

  // A paste is a string, or the bytes of a file. Formats: 0 JSON, 1 Markdown.
  function ask(text, format) {
    if (!worker) start();
    return new Promise((done) => {
      const id = ++last;
      waiting.set(id, done);
      worker.postMessage({ id, paste: text, format });
    });
  }

  // ---- The report -----------------------------------------------------------------------------------------------------

  function make(tag, className, text) {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  }
  // Words with `code` in backquotes.
  function words(tag, className, text) {
    const e = make(tag, className);
    text.split('`').forEach((part, i) => e.append(i % 2 ? make('code', '', part) : part));
    return e;
  }
  function linked(href, text) {
    const a = make('a', '', text);
    a.href = href;
    return a;
  }
  const plain = (name) => name.replaceAll('-', ' ');

  // The lines that are marked below, each with the link that it leads back to.
  let marks = new Map();
  let proofs = 0;
  function lineLink(line, lastLine, ...inside) {
    const a = make('a');
    a.id = `proof-${++proofs}`;
    a.href = `#line-${line}`;
    a.append(...inside);
    for (let n = line; n <= Math.min(lastLine ?? line, line + 200); n++) if (!marks.has(n)) marks.set(n, a.id);
    return a;
  }
  function evidenceList(finding) {
    const list = make('ul', 'evidence');
    for (const item of finding.evidence) {
      if (!item.line) continue;
      const entry = make('li');
      const clause = linked(`${finding.rule}/index.html#clause-${item.clause}`, plain(item.clause));
      clause.className = 'clause';
      entry.append(lineLink(item.line, item.last_line, make('span', 'number', String(item.line)), make('code', '', item.text)), clause);
      list.append(entry);
    }
    return list;
  }
  function putFinding(parent, finding) {
    const part = make('div', 'finding');
    const confirmed = finding.verdict === 'confirmed';
    if (confirmed) part.append(make('span', `sure ${finding.confidence}`, finding.confidence));
    else part.append(make('span', 'sure open', 'open'));
    part.append(words('p', '', confirmed ? finding.summary : finding.title));
    part.append(evidenceList(finding));
    if (confirmed && finding.fixes.length) {
      part.append(make('h4', '', 'What to do'));
      const fixes = make('ol');
      for (const fix of finding.fixes) fixes.append(words('li', '', fix));
      part.append(fixes);
    }
    const more = make('p', 'rule');
    more.append('Rule: ', linked(`${finding.rule}/index.html`, finding.title));
    part.append(more);
    parent.append(part);
  }
  function putNext(parent, asks) {
    const next = make('div', 'next');
    next.append(make('h4', '', 'Next, in the debugger'));
    const list = make('ul', 'asks');
    for (const one of asks.slice(0, 3)) {
      const entry = make('li');
      const button = make('button', 'take', 'Copy');
      button.type = 'button';
      button.setAttribute('aria-label', `Copy ${one.command}`);
      button.addEventListener('click', () => globalThis.stopcodeCopy(button, one.command));
      entry.append(make('code', '', one.command), button);
      if (one.why) entry.append(words('p', '', one.why));
      list.append(entry);
    }
    next.append(list);
    parent.append(next);
  }
  function putModules(parent, suspects) {
    parent.append(make('h4', '', 'Modules'));
    const list = make('ul');
    for (const s of suspects) {
      const entry = make('li');
      entry.append(make('strong', '', s.module), ` ${s.role}`);
      [...s.for, ...s.against].forEach((reason, i) => {
        entry.append(i ? '; ' : ': ', reason.text);
        if (reason.line) entry.append(' (', lineLink(reason.line, reason.line, `line ${reason.line}`), ')');
      });
      list.append(entry);
    }
    parent.append(list);
  }
  function putCrash(crash) {
    const part = make('article', 'crash');
    const check = crash.bugcheck;
    const title = make('h3');
    if (check?.name) title.append(linked(`${check.code}/index.html`, check.code), ` ${check.name}`);
    else title.append(check?.code ?? 'No bug check');
    part.append(title);
    if (crash.headline) part.append(make('p', 'headline', crash.headline));
    if (check?.args?.some((a) => a !== null)) part.append(make('p', 'arguments', check.args.map((a) => a ?? '?').join('  ')));
    const culprit = crash.culprit;
    const verdicts = { confirmed: 'What happened is known.', undecided: 'Undecided: the evidence does not prove a cause.', unrecognised: 'No rule recognises this crash.' };
    const verdict = make('p', 'verdict');
    if (culprit?.name) {
      verdict.append(make('span', `sure ${culprit.confidence}`, culprit.confidence));
      verdict.append(crash.outcome === 'confirmed' ? 'Culprit: ' : 'The best lead: ', make('strong', '', culprit.name));
    } else {
      verdict.textContent = verdicts[crash.outcome] ?? crash.outcome;
    }
    part.append(verdict);
    if (culprit?.name && crash.outcome !== 'confirmed') part.append(make('p', '', verdicts[crash.outcome]));
    const shown = crash.findings.filter((f) => !f.superseded);
    for (const finding of shown.filter((f) => f.verdict === 'confirmed')) putFinding(part, finding);
    if (crash.ask.length) putNext(part, crash.ask);
    for (const finding of shown.filter((f) => f.verdict !== 'confirmed').slice(0, 3)) putFinding(part, finding);
    if (crash.suspects.length) putModules(part, crash.suspects);
    return part;
  }
  // Of a long paste only what stands around the marked lines.
  const MOST_LINES = 4000;
  const AROUND = 20;
  function putLines(text) {
    const all = text.split(text.includes('\n') ? '\n' : '\r').map((line) => line.replace(/\r+$/u, '')); // as the engine counts
    const whole = all.length <= MOST_LINES;
    const near = new Set();
    if (!whole) for (const n of marks.keys()) for (let i = n - AROUND; i <= n + AROUND; i++) near.add(i);
    const parts = [];
    let skipped = false;
    all.forEach((line, i) => {
      const number = i + 1;
      if (!whole && !near.has(number)) {
        if (!skipped) parts.push(make('span', 'number', '...'), '\n');
        skipped = true;
        return;
      }
      skipped = false;
      parts.push(make('span', 'number', String(number)));
      if (marks.has(number)) {
        const mark = make('mark');
        mark.id = `line-${number}`;
        mark.append(linked(`#${marks.get(number)}`, line));
        parts.push(mark, '\n');
      } else {
        parts.push(`${line}\n`);
      }
    });
    lines.replaceChildren(...parts);
    lines.hidden = false;
  }

  // ---- While somebody types -------------------------------------------------------------------------------------------

  // What was opened, for as long as nobody changes it: its bytes, its text, and what the text area makes of that.
  let file = { bytes: undefined, text: undefined, shown: undefined };
  const isFile = () => paste.value === file.shown;
  const input = () => (isFile() ? file.bytes : paste.value);
  globalThis.stopcodeDiagnose = async (text) => (await ask(text ?? input(), 0)).text; // JSON, for the tests and for the curious

  let timer;
  async function diagnose() {
    clearTimeout(timer);
    const text = paste.value;
    copy.disabled = true;
    if (!text.trim()) {
      box.replaceChildren();
      lines.hidden = true;
      state.textContent = '';
      return;
    }
    state.textContent = 'Reading ...';
    const { status, text: said } = await ask(input(), 0);
    if (paste.value !== text) return; // somebody typed on
    if (status) {
      state.textContent = said;
      box.replaceChildren();
      lines.hidden = true;
      return;
    }
    const report = JSON.parse(said);
    marks = new Map();
    proofs = 0;
    box.replaceChildren(...report.crashes.map(putCrash));
    for (const health of report.transcript.health) {
      const note = make('p', 'notice');
      if (health.line) note.append(lineLink(health.line, health.line, `Line ${health.line}`), ': ');
      note.append(health.text);
      box.append(note);
    }
    state.textContent = report.crashes.length
      ? `${report.transcript.lines} lines, ${report.transcript.sections.length} commands read`
      : 'This does not look like kernel-debugger output.';
    putLines(isFile() ? file.text : text);
    copy.disabled = !report.crashes.length;
  }
  paste.addEventListener('input', (event) => {
    clearTimeout(timer);
    if (/^insertFrom/u.test(event.inputType)) diagnose(); // a whole paste, not a letter
    else timer = setTimeout(diagnose, 250);
  });
  copy.addEventListener('click', async () => {
    const { text } = await ask(input(), 1);
    globalThis.stopcodeCopy(copy, text);
  });
  document.getElementById('clear').addEventListener('click', () => {
    paste.value = '';
    diagnose();
    paste.focus();
  });
  async function take(given) {
    state.textContent = 'Reading ...';
    const bytes = new Uint8Array(await given.arrayBuffer());
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
    const text = new TextDecoder(encoding).decode(bytes);
    paste.value = text;
    file = { bytes, text, shown: paste.value };
    diagnose();
  }
  document.getElementById('file').addEventListener('change', (event) => {
    if (event.target.files[0]) take(event.target.files[0]);
    event.target.value = '';
  });
  section.addEventListener('dragover', (event) => event.preventDefault());
  section.addEventListener('drop', (event) => {
    if (!event.dataTransfer.files[0]) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  if (paste.value.trim()) diagnose(); // the browser kept it
})();

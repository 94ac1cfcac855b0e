// The diagnosis page. The engine runs in a worker made of this script's own text: it has no address to load from, and the
// page's policy lets nothing out. What is pasted is only ever put into the page as text.
(() => {
  'use strict';

  // Runs in the worker; uses nothing from outside.
  function work() {
    const bytesOf = async (base64) => {
      const text = atob(base64);
      const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
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
      const made = await WebAssembly.instantiate(await bytesOf(module), imports);
      engine = made.instance.exports;
      engine._initialize?.();
      if (engine.web_knowledge(put(await bytesOf(knowledge)))) throw new Error(result());
    };
    let ready;
    onmessage = async ({ data }) => {
      try {
        if (data.module) {
          ready = start(data);
          await ready;
          postMessage({ started: true });
          return;
        }
        await ready;
        const status = engine.web_diagnose(put(new TextEncoder().encode(data.paste)), data.format);
        postMessage({ id: data.id, status, text: result() });
      } catch (error) {
        postMessage({ id: data.id, status: -1, text: String(error.message || error) });
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

  const worker = new Worker(URL.createObjectURL(new Blob([`(${work})()`], { type: 'text/javascript' })));
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data }) => {
    if (data.id === undefined) {
      if (data.status) state.textContent = `The engine did not start: ${data.text}`;
      return;
    }
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  worker.postMessage({ module: globalThis.stopcodeEngine, knowledge: globalThis.stopcodeKnowledge });

  // Formats: 0 JSON, 1 Markdown.
  function ask(text, format) {
    return new Promise((done) => {
      const id = ++last;
      waiting.set(id, done);
      worker.postMessage({ id, paste: text, format });
    });
  }
  globalThis.stopcodeDiagnose = async (text) => (await ask(text, 0)).text; // for the tests, and for the curious

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
  function ruleLink(rule, text) {
    const a = make('a', '', text);
    a.href = `${rule}/index.html`;
    return a;
  }
  function evidenceList(items, marks) {
    const list = make('ul', 'evidence');
    for (const item of items) {
      if (!item.line) continue;
      const entry = make('li');
      const link = make('a');
      const id = `proof-${marks.size}-${list.childElementCount}`;
      link.id = id;
      link.href = `#line-${item.line}`;
      link.append(make('span', 'number', String(item.line)), make('code', '', item.text));
      link.title = item.clause.replaceAll('-', ' ');
      if (!marks.has(item.line)) marks.set(item.line, id);
      entry.append(link);
      list.append(entry);
    }
    return list;
  }
  function putFinding(parent, finding, marks) {
    const part = make('div', 'finding');
    if (finding.verdict === 'confirmed') part.append(make('span', `sure ${finding.confidence}`, finding.confidence));
    part.append(words('p', '', finding.verdict === 'confirmed' ? finding.summary : `Open: ${finding.title}`));
    part.append(evidenceList(finding.evidence, marks));
    if (finding.verdict === 'confirmed' && finding.fixes.length) {
      part.append(make('h4', '', 'What to do'));
      const fixes = make('ol');
      for (const fix of finding.fixes) fixes.append(words('li', '', typeof fix === 'string' ? fix : fix.text));
      part.append(fixes);
    }
    const more = make('p');
    more.append('Rule: ', ruleLink(finding.rule, finding.title));
    part.append(more);
    parent.append(part);
  }
  function putCrash(crash, marks) {
    const part = make('article', 'crash');
    const check = crash.bugcheck;
    part.append(make('h3', '', check?.code ? `${check.code} ${check.name ?? ''}` : 'No bug check'));
    if (check?.args) part.append(make('p', '', `{${check.args.map((a) => a ?? '?').join(', ')}}`));
    const culprit = crash.culprit;
    const verdicts = { confirmed: 'What happened is known.', undecided: 'Undecided: the evidence does not prove a cause.', unrecognised: 'No rule recognises this crash.' };
    const verdict = make('p');
    if (culprit?.name) {
      verdict.append(make('span', `sure ${culprit.confidence}`, culprit.confidence));
      verdict.append(crash.outcome === 'confirmed' ? 'Culprit: ' : 'The best lead: ', make('strong', '', culprit.name));
    } else {
      verdict.textContent = verdicts[crash.outcome] ?? crash.outcome;
    }
    part.append(verdict);
    if (culprit?.name && crash.outcome !== 'confirmed') part.append(make('p', '', verdicts[crash.outcome]));
    for (const finding of crash.findings.filter((f) => f.verdict === 'confirmed')) putFinding(part, finding, marks);
    if (crash.ask.length) {
      const next = make('div', 'next');
      next.append(make('strong', '', 'Next, in the debugger:'));
      for (const ask of crash.ask.slice(0, 3)) {
        const line = make('p');
        const button = make('button', '', 'Copy');
        button.type = 'button';
        button.setAttribute('aria-label', `Copy ${ask.command}`);
        button.addEventListener('click', () => navigator.clipboard.writeText(ask.command));
        line.append(make('code', '', ask.command), ' ', button, make('br'), ask.why ?? '');
        next.append(line);
      }
      part.append(next);
    }
    for (const finding of crash.findings.filter((f) => f.verdict !== 'confirmed').slice(0, 3)) putFinding(part, finding, marks);
    if (crash.suspects.length) {
      part.append(make('h4', '', 'Modules'));
      const list = make('ul');
      for (const s of crash.suspects) {
        const reasons = [...s.for, ...s.against].map((r) => (typeof r === 'string' ? r : r.text)).join('; ');
        list.append(make('li', '', `${s.module} (${s.role})${reasons ? `: ${reasons}` : ''}`));
      }
      part.append(list);
    }
    return part;
  }
  function putLines(text, marks) {
    lines.replaceChildren();
    text.split(/\r\n|\n|\r/u).forEach((line, i) => {
      const number = i + 1;
      lines.append(make('span', 'number', String(number)));
      if (marks.has(number)) {
        const mark = make('mark', '');
        const link = make('a', '', line);
        link.href = `#${marks.get(number)}`;
        mark.id = `line-${number}`;
        mark.append(link);
        lines.append(mark);
      } else {
        lines.append(line);
      }
      lines.append('\n');
    });
    lines.hidden = false;
  }

  // ---- While somebody types -------------------------------------------------------------------------------------------

  async function diagnose() {
    const text = paste.value;
    copy.disabled = true;
    if (!text.trim()) {
      box.replaceChildren();
      lines.hidden = true;
      state.textContent = '';
      return;
    }
    state.textContent = 'Reading ...';
    const { status, text: answer } = await ask(text, 0);
    if (paste.value !== text) return; // somebody typed on
    if (status) {
      state.textContent = answer;
      box.replaceChildren();
      return;
    }
    const report = JSON.parse(answer);
    const marks = new Map();
    box.replaceChildren(...report.crashes.map((crash) => putCrash(crash, marks)));
    for (const health of report.transcript.health) box.append(words('p', 'notice', `Line ${health.line}: ${health.text}`));
    state.textContent = report.crashes.length
      ? `${report.transcript.lines} lines, ${report.transcript.sections.length} commands read`
      : 'This does not look like kernel-debugger output.';
    putLines(text, marks);
    copy.disabled = !report.crashes.length;
  }
  let timer;
  paste.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(diagnose, 250);
  });
  copy.addEventListener('click', async () => {
    const { text } = await ask(paste.value, 1);
    await navigator.clipboard.writeText(text);
    state.textContent = 'Copied';
  });
  document.getElementById('clear').addEventListener('click', () => {
    paste.value = '';
    diagnose();
    paste.focus();
  });
  async function take(file) {
    paste.value = await file.text();
    diagnose();
  }
  document.getElementById('file').addEventListener('change', (event) => {
    if (event.target.files[0]) take(event.target.files[0]);
  });
  section.addEventListener('dragover', (event) => event.preventDefault());
  section.addEventListener('drop', (event) => {
    if (!event.dataTransfer.files[0]) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  if (paste.value.trim()) diagnose(); // the browser kept it
})();

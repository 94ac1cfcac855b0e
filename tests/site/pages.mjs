// node pages.mjs SITE: html-validate over every page, and where every link of the HTML and of the Markdown leads.
import fs from 'node:fs';
import path from 'node:path';
import { check, finish, load, none } from './harness.mjs';

const site = process.argv[2];
const files = fs.readdirSync(site, { recursive: true }).map((f) => f.split(path.sep).join('/'));
const names = new Set(files);
const pages = new Map(files.filter((f) => f.endsWith('.html')).map((f) => [f, fs.readFileSync(path.join(site, f), 'utf8')]));

const plain = (text) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const ids = (name) => [...pages.get(name).matchAll(/ id="([^"]*)"/gu)].map((m) => plain(m[1]));

// A page without its words: what the validator looks at. Of rows and lines that are alike, one. Most pages are one of a few
// shapes, and to look at each page would take a minute.
function shape(text) {
  return text
    .replaceAll(/(href|id|content|aria-label)="([^"]*)"/gu, (all, name, value) => `${name}="${value.replaceAll(/[\w .,%!*?@$-]+/gu, 'x')}"`)
    .replaceAll(/>[^<]*</gu, (words) => words.replaceAll(/[^<>&;\n]+/gu, 'x').replaceAll(/(\n)(?:x?\n)+/gu, '$1'))
    .replaceAll(/^(.+\n)\1+/gmu, '$1');
}

async function validity() {
  const { HtmlValidate, StaticConfigLoader } = await load('html-validate/dist/es/index.js');
  const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: ['html-validate:standard'] }));
  const judge = (text) => validator.validateStringSync(text).results.flatMap((r) => r.messages);
  const faults = [];
  const shapes = new Map();
  for (const [name, text] of pages) if (!shapes.has(shape(text))) shapes.set(shape(text), name);
  for (const name of shapes.values()) {
    for (const m of judge(pages.get(name))) faults.push(`${name}:${m.line}:${m.column}: ${m.ruleId}: ${m.message}`);
  }
  none(faults, `html-validate has nothing against ${pages.size} pages, which have ${shapes.size} shapes`);
  none([...pages.keys()].filter((name) => ids(name).some((id, i, all) => !/^\S+$/u.test(id) || all.indexOf(id) !== i)),
    'every id stands once, and has no blank');
  const broken = pages.get('index.html').replace('<main', '<p><div></p><img src="x"><main id="main"></main><main');
  check(judge(broken).length > 2, 'html-validate finds what is wrong with a broken page');
}

const idsOf = new Map([...pages.keys()].map((name) => [name, new Set(ids(name))]));
const linked = new Set(['index.html']);

// What is wrong with a link from the file `from`; undefined when nothing is.
function fault(from, link, markdown) {
  if (/^https:\/\/[a-z0-9.-]+\/|^data:,$/u.test(link)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:|^\//iu.test(link)) return 'leads out of the site';
  const [address, anchor] = link.split('#');
  const target = address ? path.posix.join(path.posix.dirname(from), decodeURI(address)) : from;
  if (!names.has(target)) return 'there is no such file';
  if (target !== from) linked.add(target);
  if (anchor === undefined || markdown || link === '#here') return undefined;
  return idsOf.get(target)?.has(decodeURIComponent(anchor)) ? undefined : 'there is no such anchor';
}

function links() {
  const faults = [];
  let n = 0;
  const look = (from, link, markdown) => {
    const why = fault(from, link, markdown);
    n++;
    if (why) faults.push(`${from}: ${link}: ${why}`);
  };
  for (const [name, text] of pages) {
    for (const m of text.matchAll(/ (?:href|src)="([^"]*)"/gu)) look(name, plain(m[1]));
    for (const m of text.matchAll(/http-equiv="refresh" content="0; url=([^"]*)"/gu)) look(name, plain(m[1]));
  }
  check(n > pages.size, `there are links: ${n}`);
  none(faults, 'every link leads to a page and to an anchor of it');
  none([...pages.keys()].filter((name) => !linked.has(name) && !pages.get(name).includes('http-equiv="refresh"')), 'every page is linked from another');

  faults.length = 0;
  n = 0;
  for (const name of files.filter((f) => f.endsWith('.md'))) {
    const text = fs.readFileSync(path.join(site, name), 'utf8');
    const words = text.replaceAll(/^ {4}.*$/gmu, '').replaceAll(/`[^`\n]*`/gu, ''); // code holds no links
    for (const m of words.matchAll(/\]\(([^)\s]+)\)/gu)) look(name, m[1], true);
  }
  check(n > 1000, `the Markdown pages have links: ${n}`);
  none(faults, 'every link of the Markdown leads to a page');

  globalThis.stopcodeIndex = undefined;
  (0, eval)(fs.readFileSync(path.join(site, 'assets/index.js'), 'utf8'));
  const lost = globalThis.stopcodeIndex.map((entry) => entry[0].replace(/^([^#]*)/u, '$1index.html'))
    .filter((to) => {
      const [file, anchor] = to.split('#');
      return !pages.has(file) || (anchor && !idsOf.get(file).has(anchor));
    });
  none(lost, `all of the ${globalThis.stopcodeIndex.length} hits of the search lead to a page and an anchor`);
}

links();
await validity();
finish();

// node figures.mjs STOPCODE CORPUS: measures, and compares with what was promised. Of several runs the best one counts:
// this machine may be busy with other tests.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { pathToFileURL } from 'node:url';
import { check, finish, launch, serve } from './harness.mjs';

const [stopcode, corpus] = process.argv.slice(2);
const { SITE: site, WEB: web, NODE_PACKAGES: packages } = process.env;
const tell = (name, value, unit, limit) => check(value < limit, `${name}: ${value.toFixed(0)} ${unit} (under ${limit})`);

// Pages made, and made again. What counts is processor time, and in memory where that can be: while other tests run, the
// rest is waiting for them and for the disk.
const made = fs.mkdtempSync(path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : '.', 'stopcode-site-'));
const parts = ['--engine', `${web}/engine.gz`, '--knowledge', `${web}/knowledge.gz`, '--minisearch', `${packages}/minisearch/dist/umd/index.js`];
const times = { first: [], again: [] };
let pages = 0;
for (let i = 0; i < 2; i++) {
  fs.rmSync(made, { recursive: true, force: true });
  for (const which of ['first', 'again']) {
    const start = performance.now();
    const said = execFileSync('sh', ['-c', '"$@" && times', 'sh', stopcode, 'site', made, '--corpus', corpus, ...parts], { encoding: 'utf8' });
    const wall = performance.now() - start;
    const [user, system] = said.trim().split('\n').at(-1).split(' ').map((t) => parseFloat(t.split('m')[0]) * 60e3 + parseFloat(t.split('m')[1]) * 1e3);
    pages = parseInt(said, 10);
    times[which].push({ wall, cpu: user + system });
  }
}
fs.rmSync(made, { recursive: true, force: true });
const best = (which, kind) => Math.min(...times[which].map((t) => t[kind]));
tell(`1,000 pages made; ${pages} took ${best('first', 'wall').toFixed(0)} ms on the clock`, best('first', 'cpu') * 1000 / pages, 'ms', 1000);
tell(`1,000 pages looked through; ${pages} took ${best('again', 'wall').toFixed(0)} ms on the clock`, best('again', 'cpu') * 1000 / pages, 'ms', 1000);

// What the first page loads, and what its search loads besides, as a server sends it.
const packed = (name) => zlib.gzipSync(fs.readFileSync(path.join(site, name)), { level: 9 }).length;
const html = fs.readFileSync(path.join(site, 'index.html'), 'utf8');
const assets = [...html.matchAll(/(?:src|href)="(assets\/[^"]*)"/gu)].map((m) => m[1]);
const sum = (names) => names.reduce((n, name) => n + packed(name), 0) / 1024;
tell(`the first page with ${assets.length} files, compressed`, sum(['index.html', ...assets]), 'KiB', 976);
tell('the search besides', sum(['assets/minisearch.js', 'assets/index.js']), 'KiB', 1024);

// In the page: the first diagnosis counts from the navigation, the others from the paste, up to the report that is shown.
function measure(sample) {
  const shown = (act) => new Promise((done) => {
    const result = document.getElementById('result');
    const seen = new MutationObserver(() => {
      if (!result.querySelector('article.crash')) return;
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    });
    seen.observe(result, { childList: true });
    act();
  });
  const put = (text) => {
    const area = document.getElementById('paste');
    area.value = text;
    area.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste' }));
  };
  globalThis.measured = new Promise((done) => {
    addEventListener('DOMContentLoaded', () => setTimeout(async () => {
      const first = await shown(() => put(sample));
      const warm = [];
      for (let i = 0; i < 7; i++) {
        const start = performance.now();
        warm.push(await shown(() => put(`${sample}${'\n'.repeat(i + 1)}`)) - start);
      }
      done({ first, warm });
    }));
  });
}

const sample = fs.readFileSync(path.join(corpus, '0x9F/zte-modem.txt'), 'utf8').slice(0, 10240);
const browser = await launch();
const server = await serve(site);
for (const [where, base] of [['disk', `${pathToFileURL(site)}/`], ['server', server.address]]) {
  let first = Infinity;
  let warm = Infinity;
  for (let i = 0; i < 3; i++) {
    const context = await browser.newContext(); // nothing is kept from one to the next
    const page = await context.newPage();
    await page.addInitScript(measure, sample);
    await page.goto(`${base}index.html`);
    const times = await page.evaluate(() => globalThis.measured);
    first = Math.min(first, times.first);
    warm = Math.min(warm, times.warm.sort((a, b) => a - b)[3]);
    await context.close();
  }
  tell(`${where}: first diagnosis on a cold page, from the navigation`, first, 'ms', 1000);
  tell(`${where}: a diagnosis of 10 KB on a warm page`, warm, 'ms', 150);
}
await browser.close();
await server.close();
finish();

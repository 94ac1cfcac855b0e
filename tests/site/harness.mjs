// What the tests of the site share: TAP, a browser, a server of files. They run under node, with the packages that
// site/npm/ pins; NODE_PACKAGES names the folder where those are.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const packages = path.resolve(process.env.NODE_PACKAGES);
export const load = (file) => import(pathToFileURL(path.join(packages, file)));
export const packageText = (file) => fs.readFileSync(path.join(packages, file), 'utf8');

let n = 0;
let failed = 0;
// One test. `detail` is shown when it fails.
export function check(good, name, detail = '') {
  n++;
  if (!good) failed++;
  console.log(`${good ? 'ok' : 'not ok'} ${n} - ${name}`);
  if (!good && detail) console.log(String(detail).split('\n').slice(0, 40).map((line) => `# ${line}`).join('\n'));
}
export function is(got, wanted, name) {
  check(got === wanted, name, `got ${got}\nexpected ${wanted}`);
}
// True when there are none; the first ones are shown.
export function none(list, name) {
  check(list.length === 0, name, `${list.length}:\n${list.slice(0, 20).join('\n')}`);
}
export function finish() {
  console.log(`1..${n}`);
  process.exitCode = failed ? 1 : 0;
}

// Debian's Chromium, which must not look for anything on the network by itself.
export async function launch() {
  const { chromium } = await load('playwright-core/index.mjs');
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

// Serves a folder on a free port of this machine; `seen` collects what was asked for. Without a folder: an
// empty page /free, and nothing for all else.
export async function serve(folder) {
  const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };
  const seen = [];
  const server = http.createServer((request, answer) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    seen.push(`${request.method} ${pathname}`);
    if (!folder) {
      const page = pathname === '/free';
      answer.writeHead(page ? 200 : 204, { 'content-type': 'text/html' }).end(page ? '<!DOCTYPE html><title>free</title>' : '');
      return;
    }
    const file = path.join(folder, path.normalize(decodeURIComponent(pathname)), pathname.endsWith('/') ? 'index.html' : '');
    fs.readFile(file, (error, bytes) => {
      if (error) answer.writeHead(404).end();
      else answer.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(bytes);
    });
  });
  server.on('upgrade', (request, socket) => {
    seen.push(`${request.method} ${request.url.split('?')[0]}`);
    socket.destroy();
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const close = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  return { address: `http://127.0.0.1:${server.address().port}/`, seen, close };
}

// A page whose complaints and requests are kept: { page, errors, strangers }. `base` is where the site is.
export async function open(browser, base, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors = [];
  const strangers = [];
  page.setDefaultTimeout(20000);
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') errors.push(m.text()); });
  page.on('pageerror', (e) => errors.push(String(e)));
  page.on('request', (r) => { if (!r.url().startsWith(base) && !/^(?:data|blob):/u.test(r.url())) strangers.push(r.url()); });
  return { context, page, errors, strangers, close: () => context.close() };
}

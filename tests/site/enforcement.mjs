// Nothing leaves a page: every way out that a script has is tried, against a server that counts what reaches it.
import { check, none, open, serve } from './harness.mjs';

// Runs in the page. Each way is one that some policy of a page can forbid.
async function tryAll(to) {
  const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
  const put = (tag, values) => {
    const e = Object.assign(document.createElement(tag), values);
    document.body.append(e);
  };
  const worker = `fetch('${to}worker', { mode: 'no-cors' }).catch(() => {})`;
  const ways = {
    fetch: () => fetch(`${to}fetch`, { method: 'POST', body: 'secret', mode: 'no-cors' }),
    xhr: () => { const x = new XMLHttpRequest(); x.open('POST', `${to}xhr`); x.send('secret'); },
    beacon: () => navigator.sendBeacon(`${to}beacon`, 'secret'),
    image: () => { new Image().src = `${to}image?secret`; },
    script: () => put('script', { src: `${to}script?secret` }),
    style: () => put('link', { rel: 'stylesheet', href: `${to}style?secret` }),
    prefetch: () => put('link', { rel: 'prefetch', href: `${to}prefetch?secret` }),
    frame: () => put('iframe', { src: `${to}frame?secret` }),
    object: () => put('object', { data: `${to}object?secret` }),
    audio: () => put('audio', { src: `${to}audio?secret`, preload: 'auto' }),
    events: () => new EventSource(`${to}events?secret`),
    socket: () => new WebSocket(`${to.replace('http', 'ws')}socket?secret`),
    worker: () => new Worker(URL.createObjectURL(new Blob([worker], { type: 'text/javascript' }))),
    ping: () => { const a = document.createElement('a'); a.href = '#here'; a.ping = `${to}ping`; document.body.append(a); a.click(); },
    font: async () => { const f = new FontFace('f', `url(${to}font)`); await f.load(); },
    form: () => {
      put('iframe', { name: 'aim', srcdoc: '' });
      put('form', { action: `${to}form`, method: 'post', target: 'aim' });
      document.forms[document.forms.length - 1].submit();
    },
  };
  for (const way of Object.values(ways)) {
    try {
      await way();
    } catch { /* forbidden at once */ }
  }
  await wait(300);
  return Object.keys(ways);
}

const reached = (seen) => [...new Set(seen.map((s) => s.split('/')[1]))].sort();

export async function enforcement(browser, base, where) {
  const elsewhere = await serve();
  const { page, close } = await open(browser, base);
  await page.goto(`${base}index.html`);
  await page.waitForFunction(() => globalThis.stopcodeDiagnose);
  const ways = await page.evaluate(tryAll, elsewhere.address);
  none(elsewhere.seen, `${where}: none of ${ways.length} ways leads out of the page`);
  await close();

  // The same on a page without the policy, or the test would prove nothing.
  const free = await open(browser, elsewhere.address);
  await free.page.goto(`${elsewhere.address}free`);
  elsewhere.seen.length = 0;
  await free.page.evaluate(tryAll, elsewhere.address);
  const missing = ways.filter((way) => !reached(elsewhere.seen).includes(way));
  none(missing, `${where}: without the policy every way does`);
  await free.close();
  await elsewhere.close();
  check(ways.length > 12, `${where}: there are enough ways`);
}

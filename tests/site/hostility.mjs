// Hostile text stays text, in a paste and in a rule.
import fs from 'node:fs';
import path from 'node:path';
import { check, none, open } from './harness.mjs';
import { paste, settled } from './diagnosis.mjs';

const ATTACKS = [
  '<script>window.hacked = 1</script>',
  '</textarea></pre><img src=x onerror="window.hacked = 2">',
  '"><svg onload=window.hacked=3>',
  '[x](javascript:window.hacked=4) <a href="javascript:window.hacked=5">x</a>',
  '`</code><iframe srcdoc="<script>parent.hacked=6</script>">`',
];

// What a page has that no page of the site makes: handlers, addresses that run, elements that load.
function intruders() {
  const bad = [];
  if (globalThis.hacked !== undefined) bad.push(`something ran: ${globalThis.hacked}`);
  for (const e of document.querySelectorAll('*')) {
    for (const a of e.attributes) if (/^on/u.test(a.name)) bad.push(`${e.tagName} ${a.name}`);
    if (/^(?:IMG|IFRAME|OBJECT|EMBED|SVG|STYLE|BASE)$/iu.test(e.tagName)) bad.push(e.outerHTML.slice(0, 100));
    if (e.tagName === 'SCRIPT' && !/assets\/[a-z]+\.js$/u.test(e.src)) bad.push(e.outerHTML.slice(0, 100));
    if (e.href && !/^(?:file|https?):/u.test(e.protocol ?? 'file:')) bad.push(e.outerHTML.slice(0, 100));
    if (e.tagName === 'A' && e.hasAttribute('href') && /^\s*(?:javascript|data|vbscript):/iu.test(e.getAttribute('href'))) bad.push(e.outerHTML);
  }
  return bad;
}

async function pastes(browser, base, native) {
  const { page, errors, strangers, close } = await open(browser, base);
  await page.goto(`${base}index.html`);
  const sample = fs.readFileSync(path.join(native, '0x9F-zte-modem.txt'), 'utf8');
  // An attack at the end of every line, so that it gets into whatever the report quotes.
  const hostile = sample.split('\n').map((line, i) => `${line}   ${ATTACKS[i % ATTACKS.length]}`).join('\n');
  // And as names, where the debugger prints names.
  const named = sample.replaceAll('ZTEusbnet', '<img/src=x/onerror=hacked=7>');
  for (const [what, text] of [['lines', hostile], ['names', named]]) {
    await page.click('#clear');
    await paste(page, text);
    await settled(page);
    none(await page.evaluate(intruders), `hostile ${what} of a paste stay text`);
    check((await page.textContent('#lines')).includes(what === 'lines' ? ATTACKS[0] : '<img/src=x/onerror=hacked=7>'),
      `hostile ${what} of a paste are shown as they are`);
  }
  none(errors, 'a hostile paste makes no complaint in the console');
  none(strangers, 'a hostile paste makes no request');
  await close();
}

async function rules(browser, base, folder) {
  const { page, errors, strangers, close } = await open(browser, base);
  for (const where of ['', '0x9F/', '0x9F/test-rule/', 'rules/', 'commands/ext-locks/']) {
    await page.goto(`${base}${where}index.html`);
    none(await page.evaluate(intruders), `a hostile rule stays text on ${where || 'the first page'}`);
  }
  await page.goto(`${base}0x9F/test-rule/index.html`);
  const text = await page.textContent('main');
  for (const part of ["<script>window.hacked = 'title'</script>", "<script>window.hacked = 'code'</script>",
    "<script>window.hacked = 'block'</script>", '<script>window.hacked = "sql"</script>', '<script>window.hacked = 2</script>']) {
    check(text.includes(part), `it is shown: ${part}`);
  }
  await page.fill('#query', 'window.hacked');
  await page.waitForSelector('#results:not([hidden]) a');
  none(await page.evaluate(intruders), 'a hostile rule stays text among the hits of the search');
  await page.goto(`${base}index.html`);
  await paste(page, fs.readFileSync(path.join(folder, 'crash.txt'), 'utf8'));
  await settled(page);
  check((await page.textContent('#result')).includes("<script>window.hacked = 'title'</script>"), 'a hostile rule is found in a diagnosis');
  none(await page.evaluate(intruders), 'a hostile rule stays text in a diagnosis');
  none(errors, 'a hostile rule makes no complaint in the console');
  none(strangers, 'a hostile rule makes no request');
  await close();
}

export async function hostility(browser, base, hostile, native) {
  await pastes(browser, base, native);
  await rules(browser, hostile, '.');
}

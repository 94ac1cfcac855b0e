// node report.mjs FOLDER: reports of `stopcode --format html` (FOLDER/*.html): valid, without violations, complete in themselves.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, finish, launch, load, none, packageText } from './harness.mjs';

const folder = process.argv[2];
const names = fs.readdirSync(folder).filter((f) => f.endsWith('.html'));

const { HtmlValidate, StaticConfigLoader } = await load('html-validate/dist/es/index.js');
const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: ['html-validate:standard'] }));
none(names.flatMap((name) => validator.validateStringSync(fs.readFileSync(path.join(folder, name), 'utf8')).results
  .flatMap((r) => r.messages.map((m) => `${name}:${m.line}:${m.column}: ${m.ruleId}: ${m.message}`))), `html-validate has nothing against ${names.length} reports`);

const axe = packageText('axe-core/axe.min.js');
const browser = await launch();
for (const name of names) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const heard = [];
  page.on('console', (m) => heard.push(m.text()));
  page.on('pageerror', (e) => heard.push(String(e)));
  page.on('request', (r) => { if (!/^(?:file|data):/u.test(r.url())) heard.push(`a request: ${r.url()}`); });
  page.on('dialog', (d) => { heard.push(`a dialog: ${d.message()}`); d.dismiss(); });
  const address = pathToFileURL(path.resolve(folder, name)).href;
  await page.goto(address);
  check(await page.evaluate(() => getComputedStyle(document.querySelector('main')).maxWidth !== 'none'), `${name}: the policy lets its style through`);
  check(await page.evaluate(() => globalThis.hacked === undefined && !document.querySelector('script, img, iframe, svg, object')), `${name}: nothing of a paste runs`);

  // From a finding to the line, and back.
  const proof = page.locator('.evidence a').first();
  if (await proof.count()) {
    const line = (await proof.getAttribute('href')).slice(1);
    const text = await proof.locator('code').innerText();
    await proof.click();
    const shown = await page.evaluate((id) => {
      const at = document.getElementById(id);
      const box = at.getBoundingClientRect();
      const mark = at.nextElementSibling.nextElementSibling; // behind the number
      return { seen: box.top >= 0 && box.bottom <= innerHeight, marked: mark.matches('mark'), text: mark.textContent };
    }, line);
    check(shown.seen && shown.marked, `${name}: evidence leads to its marked line`);
    check(shown.text.replaceAll(/\s+/gu, ' ').trim() === text.trim(), `${name}: which is the same line`, `${shown.text}\n${text}`);
    await page.locator(`#${line} ~ .back`).first().click();
    check(await page.evaluate(() => document.querySelector('.evidence li:target') !== null), `${name}: and the line leads back`);
  }
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(() => globalThis.axe.run(document, { preload: false, resultTypes: ['violations'] }));
    none(found.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => `${v.id}: ${n.html.slice(0, 160)} (${n.failureSummary})`)), `${name}: axe-core, ${colorScheme}`);
  }
  await page.emulateMedia({ media: 'print' });
  check(await page.evaluate(() => getComputedStyle(document.querySelector('pre')).maxHeight === 'none'), `${name}: on paper the paste is whole`);
  await page.setViewportSize({ width: 390, height: 800 });
  await page.emulateMedia({ media: 'screen' });
  check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing is wider than a phone`);
  none(heard, `${name}: no complaint, no request`);
  await context.close();
}
await browser.close();
finish();

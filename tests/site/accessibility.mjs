// axe-core over one page of every type, light and dark.
import fs from 'node:fs';
import path from 'node:path';
import { none, open, packageText } from './harness.mjs';
import { paste, settled } from './diagnosis.mjs';

// Every type of page; of a type whose pages differ much, two.
export const PAGES = ['', '0x9F/', '0xC4/', '0x9F/pnp-lock-held/', 'bugchecks/', 'rules/', 'commands/', 'commands/ext-locks/', 'tables/', 'tables/lock/',
  'modules/', 'modules/nvlddmkm/', 'functions/', 'functions/nt/', 'functions/nt/kebugcheckex/', 'terms/', 'terms/pool-tag/', 'status/', 'collect/', 'authoring/'];

async function violations(page, rules) {
  const found = await page.evaluate((only) => globalThis.axe.run(document,
    { preload: false, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } }, ...(only ? { runOnly: { type: 'rule', values: only } } : {}) }), rules);
  return found.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => `${v.id}: ${v.help}: ${n.html.slice(0, 160)} (${n.failureSummary.replaceAll('\n', ' ')})`));
}

export async function accessibility(browser, base, native) {
  const axe = packageText('axe-core/axe.min.js');
  const { page, errors, close } = await open(browser, base);
  const look = async (name) => {
    // Rows of a long table are alike, and axe looks at every one.
    await page.$$eval('tbody tr:nth-child(n+25)', (rows) => rows.forEach((row) => row.remove()));
    await page.evaluate(axe); // the page's policy forbids to add it as a script
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme });
      // Only the colours differ.
      none(await violations(page, scheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined), `axe-core, ${scheme}: ${name}`);
    }
  };
  for (const where of PAGES) {
    await page.goto(`${base}${where}index.html`);
    await look(where || 'the first page');
  }
  await page.fill('#query', 'lock');
  await page.waitForSelector('#results:not([hidden]) a');
  await look('hits of the search');
  await page.goto(`${base}index.html`);
  await paste(page, fs.readFileSync(path.join(native, '0x9F-zte-modem.txt'), 'utf8'));
  await settled(page);
  await look('a diagnosis');
  await page.setViewportSize({ width: 390, height: 800 });
  await look('a diagnosis on a narrow screen');
  none(errors, 'no complaint in the console on any type of page');
  await close();
}

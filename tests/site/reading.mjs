// Search, keyboard, pages without JavaScript, other spellings of addresses.
import { check, is, none, open } from './harness.mjs';

async function found(page, words) {
  await page.fill('#query', '');
  await page.fill('#query', words);
  await page.waitForSelector('#results:not([hidden]) li');
  await page.waitForTimeout(30);
  return page.$$eval('#results a', (all) => all.map((a) => a.getAttribute('href')));
}

async function search(page, base, where) {
  await page.goto(`${base}rules/index.html`);
  await page.focus('#query');
  const wanted = [
    ['0x9F', '../0x9F/index.html', 'a code'],
    ['9f', '../0x9F/index.html', 'a code without its prefix'],
    ['0x0000009f', '../0x9F/index.html', 'a code as the blue screen writes it'],
    ['DRIVER_POWER_STATE', '../0x9F/index.html', 'a beginning of a name'],
    ['pnp lock held', '../0x9F/pnp-lock-held/index.html', 'the id of a rule'],
    ['nvlddmkm', '../modules/nvlddmkm/index.html', 'a module'],
    ['KeBugCheckEx', '../functions/nt/kebugcheckex/index.html', 'a function'],
    ['!locks', '../commands/ext-locks/index.html', 'a command'],
    ['STATUS_ACCESS_VIOLATION', '../status/index.html#s-c0000005', 'a status'],
  ];
  for (const [words, address, what] of wanted) {
    const hits = await found(page, words);
    check(hits.slice(0, 5).includes(address), `${where}: search by ${what}`, `${words}:\n${hits.join('\n')}`);
  }
  const title = await page.textContent('main tbody tr:nth-child(3) a');
  const rule = await page.getAttribute('main tbody tr:nth-child(3) a', 'href');
  const byTitle = await found(page, title.replaceAll(/[^\w ]/gu, ' '));
  check(byTitle[0] === rule, `${where}: search finds a rule by its title`, `${title}: ${rule}\n${byTitle.join('\n')}`);
  const bySymptom = await found(page, 'sleep hibernation waits for lock, device unplugged');
  check(bySymptom.some((h) => h.startsWith('../0x9F/pnp-lock-held/')), `${where}: search finds a rule by its symptom`, bySymptom.join('\n'));
  const byCode = await found(page, '0x9F');
  check(byCode.some((h) => /0x9F\/[a-z-]+\/index/u.test(h)), `${where}: search finds a rule by its code`, byCode.join('\n'));
  await page.goto(`${base}0x9F/pnp-lock-held/index.html`);
  const culprit = /^ +(\w+) is the cause/mu.exec(await page.textContent('main'))[1];
  const byModule = await found(page, culprit);
  check(byModule.includes('../../0x9F/pnp-lock-held/index.html'), `${where}: search finds a rule by the module of its example`, `${culprit}:\n${byModule.join('\n')}`);
  await page.fill('#query', 'xyzzyplugh');
  await page.waitForFunction(() => document.getElementById('results').textContent.includes('Nothing'));
  check(true, `${where}: search says that it found nothing`);
}

async function keyboard(page, base, where) {
  await page.goto(`${base}bugchecks/index.html`);
  await page.keyboard.press('Tab');
  const skip = await page.evaluate(() => {
    const e = document.activeElement;
    const box = e.getBoundingClientRect();
    return { hash: e.hash, seen: box.left >= 0 && box.top >= 0 && box.width > 20 };
  });
  check(skip.hash === '#main' && skip.seen, `${where}: the first stop is a link past the menu`, JSON.stringify(skip));
  await page.keyboard.press('Enter');
  is(await page.evaluate(() => document.activeElement.id), 'main', `${where}: it leads to the text`);
  await page.keyboard.press('Tab');
  check(await page.evaluate(() => document.getElementById('main').contains(document.activeElement)),
    `${where}: the next stop is in the text`);

  await page.keyboard.press('/');
  is(await page.evaluate(() => document.activeElement.id), 'query', `${where}: / leads to the search`);
  await page.keyboard.type('0x9F');
  await page.waitForSelector('#results:not([hidden]) a');
  await page.keyboard.press('ArrowDown');
  check(await page.evaluate(() => document.activeElement === document.querySelector('#results a')), `${where}: down leads to the first hit`);
  await page.keyboard.press('Escape');
  check(await page.isHidden('#results') && await page.evaluate(() => document.activeElement.id === 'query'),
    `${where}: Escape closes the hits and leads back`);
  await page.keyboard.type(' ');
  await page.waitForSelector('#results:not([hidden]) a');
  await page.keyboard.press('ArrowDown');
  const aim = await page.evaluate(() => document.activeElement.href);
  await page.keyboard.press('Enter');
  await page.waitForURL(aim);
  check(true, `${where}: Enter opens a hit`);

  // Every stop of the first page can be seen.
  await page.goto(`${base}index.html`);
  await page.waitForSelector('#paste');
  const dark = [];
  for (let i = 0; i < 24; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      const shown = e.type === 'file' ? e.nextElementSibling : e; // the button stands for it
      const s = getComputedStyle(shown);
      return { what: e.outerHTML.slice(0, 80), width: s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth) };
    });
    if (stop.width < 2 && !stop.what.startsWith('<body')) dark.push(stop.what);
  }
  none(dark, `${where}: what has the focus can be seen`);
}

export async function reading(browser, base, where) {
  const { page, errors, strangers, close } = await open(browser, base);
  await search(page, base, where);
  await keyboard(page, base, where);
  for (const other of ['9F', '0000009F', '0x0000009F', 'DRIVER_POWER_STATE_FAILURE']) {
    await page.goto(`${base}${other}/index.html`);
    await page.waitForURL(`${base}0x9F/index.html`);
    check(true, `${where}: ${other}/ leads to 0x9F/`);
  }
  none(errors, `${where}: no complaint in the console while reading`);
  none(strangers, `${where}: no request leaves while reading`);
  await close();

  const without = await open(browser, base, { javaScriptEnabled: false });
  await without.page.goto(`${base}index.html`);
  check(await without.page.isVisible('noscript p') && await without.page.isHidden('#paste') && await without.page.isHidden('#query'),
    `${where}: without JavaScript the first page says what does not work, and does not show it`);
  await without.page.click('nav a:has-text("Rules")');
  await without.page.click('main tbody a >> nth=0');
  check((await without.page.textContent('main')).includes('A worked example'), `${where}: without JavaScript pages are read`);
  await without.close();
}

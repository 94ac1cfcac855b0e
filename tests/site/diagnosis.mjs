// The first page diagnoses what is pasted, typed, opened and dropped, and says what the command says.
import fs from 'node:fs';
import path from 'node:path';
import { check, is, none, open } from './harness.mjs';

const text = (native, name) => fs.readFileSync(path.join(native, name), 'utf8');

// Through the clipboard, as a person does it.
export async function paste(page, what) {
  await page.fill('#paste', what);
  await page.focus('#paste');
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+X');
  await page.keyboard.press('Control+V');
}
// The same event without the clipboard, which takes its time.
async function put(page, what) {
  await page.evaluate((value) => {
    const area = document.getElementById('paste');
    area.value = value;
    area.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }));
  }, what);
}
// The report that stands on the page is about what stands in the text area.
export async function settled(page) {
  await page.waitForFunction(() => /\d+ lines|does not look like/u.test(document.getElementById('state').textContent));
}

export async function diagnosis(browser, base, where, native) {
  const names = fs.readdirSync(native).filter((f) => f.endsWith('.txt')).sort();
  const { page, errors, strangers, close } = await open(browser, base);
  await page.goto(`${base}index.html`);

  const different = [];
  const unlike = [];
  for (const name of names) {
    const wanted = text(native, name.replace(/txt$/u, 'json'));
    await put(page, text(native, name));
    await settled(page);
    if (await page.evaluate(() => globalThis.stopcodeDiagnose()) !== wanted) different.push(name);
    const crashes = JSON.parse(wanted).crashes;
    const shown = await page.$$eval('article.crash', (all) => all.map((a) => a.textContent));
    const fits = (crash, i) => shown[i].includes(crash.bugcheck?.code ?? 'No bug check') &&
      (!crash.culprit.name || shown[i].includes(crash.culprit.name)) &&
      crash.findings.filter((f) => f.verdict === 'confirmed' && !f.superseded).every((f) => shown[i].includes(f.title));
    if (shown.length !== crashes.length || !crashes.every(fits)) unlike.push(name);
  }
  check(names.length >= 15, `${where}: there are samples of every seed`, names.join(' '));
  none(different, `${where}: the same JSON as the command's, byte for byte, for ${names.length} pastes`);
  none(unlike, `${where}: the page shows the crashes, culprits and findings of the JSON`);

  // Links lead from the evidence to the line and back.
  await page.click('#clear');
  await paste(page, text(native, '0x9F-zte-modem.txt'));
  await settled(page);
  const astray = await page.$$eval('.evidence a[href^="#line-"], #lines mark a', (all) => all
    .filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.hash));
  const links = await page.$$eval('.evidence a[href^="#line-"]', (all) => all.length);
  check(links > 3, `${where}: evidence is linked`, links);
  none(astray, `${where}: evidence and lines are linked both ways`);
  const twice = await page.$$eval('[id]', (all) => all.map((e) => e.id).filter((id, i, ids) => ids.indexOf(id) !== i));
  none(twice, `${where}: no id stands twice`);
  const pages = await page.$$eval('#result a:not([href^="#"])', (all) => all.map((a) => a.getAttribute('href')));
  check(pages.some((p) => p.startsWith('0x9F/')), `${where}: findings link to pages of rules`, pages.join('\n'));

  // As somebody stops typing.
  await page.click('#clear');
  await page.focus('#paste');
  await page.keyboard.type('BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n', { delay: 1 });
  await settled(page);
  check((await page.textContent('#result h3')).includes('0x9F'), `${where}: typing ends in a diagnosis`);
  await page.click('#clear');
  check(await page.isHidden('#lines') && !(await page.textContent('#result')), `${where}: clearing clears`);
  await paste(page, 'We went to the market and bought apples.');
  await settled(page);
  check((await page.textContent('#state')).includes('does not look like'), `${where}: prose is told from debugger output`);

  // A file: opened, and dropped. Its bytes count, not what the text area makes of them.
  const wide = Buffer.from(`\ufeff${text(native, '0x9F-zte-modem.txt').replaceAll('\n', '\r\n')}`, 'utf16le');
  await page.click('#clear');
  await page.setInputFiles('#file', { name: 'log.txt', mimeType: 'text/plain', buffer: wide });
  await settled(page);
  const repairs = await page.evaluate(async () => JSON.parse(await globalThis.stopcodeDiagnose()).transcript.repairs);
  check((await page.textContent('#result')).includes('ZTEusbnet') && repairs.includes('encoding'),
    `${where}: a file of another encoding is read as it is`, repairs);
  // Lines as the engine counts them: a carriage return within a line begins none.
  await page.click('#clear');
  await page.setInputFiles('#file', { name: 'log.txt', mimeType: 'text/plain',
    buffer: Buffer.from('one\rline\r\r\n\r\nBugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\r\n') });
  await settled(page);
  is(await page.textContent('#line-3'), 'BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}', `${where}: lines of a file have the engine's numbers`);
  await page.click('#clear');
  await page.evaluate((what) => {
    const data = new DataTransfer();
    data.items.add(new File([what], 'log.txt', { type: 'text/plain' }));
    document.getElementById('paste').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, text(native, '0x9F-zte-modem.txt'));
  await settled(page);
  check((await page.textContent('#result')).includes('ZTEusbnet'), `${where}: a file is dropped`);

  // Copies end on the clipboard: pasted back, they are what was meant.
  await page.click('#copy');
  await page.waitForFunction(() => document.getElementById('copy').textContent === 'Copied');
  await page.click('#clear');
  await page.keyboard.press('Control+V');
  const markdown = await page.inputValue('#paste');
  check(/ZTEusbnet/u.test(markdown) && /^#|\*\*/mu.test(markdown), `${where}: the report is copied as Markdown`, markdown.slice(0, 400));

  none(errors, `${where}: no complaint in the console while diagnosing`);
  none(strangers, `${where}: no request leaves while diagnosing`);
  await close();
}

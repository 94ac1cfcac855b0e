// The site in a browser: node browser.mjs SITE NATIVE HOSTILE. NATIVE holds pastes and what the command says of each
// (name.txt, name.json), HOSTILE is a site made of a hostile knowledge base. Speaks TAP.
import { launch, finish, serve } from './harness.mjs';
import { pathToFileURL } from 'node:url';
import { diagnosis } from './diagnosis.mjs';
import { reading } from './reading.mjs';
import { enforcement } from './enforcement.mjs';
import { hostility } from './hostility.mjs';
import { accessibility } from './accessibility.mjs';

const [site, native, hostile] = process.argv.slice(2);
const disk = `${pathToFileURL(site)}/`;
const browser = await launch();
const server = await serve(site);
try {
  for (const [where, base] of [['disk', disk], ['server', server.address]]) {
    await diagnosis(browser, base, where, native);
    await reading(browser, base, where);
    await enforcement(browser, base, where);
  }
  await hostility(browser, disk, `${pathToFileURL(hostile)}/`, native);
  await accessibility(browser, disk, native);
} finally {
  await browser.close();
  await server.close();
}
finish();

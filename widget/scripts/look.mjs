// Pictures of the built widget against a running service, and what axe finds in each view:
// API=http://127.0.0.1:8000 OUT=/tmp/shots npm run look
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { chromium } from 'playwright-core';

const api = new URL(process.env.API ?? 'http://127.0.0.1:8000');
const out = process.env.OUT ?? '/tmp/widget-shots';
// The policy of docs/widget.md, with Trusted Types.
const csp =
  "default-src 'none'; script-src 'self'; connect-src 'self'; " +
  "require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'";
const kinds = { js: 'text/javascript', json: 'application/json' };

const server = createServer(async (asked, answer) => {
  const url = new URL(asked.url, 'http://page.invalid');
  if (url.pathname.startsWith('/v1/')) {
    asked.pipe(request({ host: api.hostname, port: api.port, path: asked.url, method: asked.method, headers: asked.headers }, (from) => {
      answer.writeHead(from.statusCode, from.headers);
      from.pipe(answer);
    }).on('error', () => answer.writeHead(502).end()));
    return;
  }
  const file = /^\/widget\/v1\/([\w.-]+\.(js|json))$/.exec(url.pathname);
  if (file) {
    answer.writeHead(200, { 'Content-Type': kinds[file[2]] }).end(await readFile(new URL(`../dist/${file[1]}`, import.meta.url)));
    return;
  }
  const lang = url.searchParams.get('lang') ?? 'en';
  answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': csp });
  answer.end(`<!doctype html><html lang="${lang}"><meta name="viewport" content="width=device-width"><title>Look</title>
<script type="module" src="/widget/v1/provider-search.js"></script><main><h1>Look</h1><provider-search lang="${lang}"></provider-search></main></html>`);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;

// name, width, language, scheme, fragment, what to do before the picture is taken
const views = [
  ['list-en-390', 390, 'en', 'light', 'where=Nairobi'],
  ['list-fr-320', 320, 'fr', 'light', 'where=Kinshasa&which=dentiste'],
  ['list-ar-390-dark', 390, 'ar', 'dark', 'where=القاهرة&type=pharmacy'],
  ['list-es-320-dark', 320, 'es', 'dark', 'where=Manila&who=mercury'],
  ['list-en-1280', 1280, 'en', 'light', 'where=Nairobi'],
  ['list-fr-1280-dark', 1280, 'fr', 'dark', 'where=Kinshasa'],
  ['list-ar-1280', 1280, 'ar', 'light', 'where=القاهرة'],
  ['list-es-768', 768, 'es', 'light', 'where=Bogotá'],
  ['start-en-390', 390, 'en', 'light', ''],
  ['start-en-1280', 1280, 'en', 'light', ''],
  ['map-fr-390', 390, 'fr', 'light', 'where=Kinshasa&view=map'],
  ['map-ar-320-dark', 320, 'ar', 'dark', 'where=القاهرة&view=map'],
  ['map-en-768', 768, 'en', 'light', 'where=Manila&view=map'],
  ['filters-en-390', 390, 'en', 'light', 'where=Nairobi&type=hospital', 'filters'],
  ['filters-ar-320-dark', 320, 'ar', 'dark', 'where=القاهرة', 'filters'],
  ['open-en-390', 390, 'en', 'light', 'where=Nairobi&type=hospital', 'open'],
  ['open-ar-320-dark', 320, 'ar', 'dark', 'where=القاهرة', 'open'],
  ['open-fr-1280', 1280, 'fr', 'light', 'where=Rabat', 'open'],
  ['report-es-390', 390, 'es', 'light', 'where=Bogotá', 'report'],
  ['driver-en-390', 390, 'en', 'light', 'where=القاهرة', 'driver'],
  ['driver-ar-1280-dark', 1280, 'ar', 'dark', 'where=Manila', 'driver'],
  ['typing-en-390', 390, 'en', 'light', 'where=Nairobi', 'typing'],
  ['typing-ar-1280', 1280, 'ar', 'light', 'where=Nairobi', 'typing'],
  ['none-en-390', 390, 'en', 'light', 'where=Goma&type=dentist&settlement=inpatient:card&language=sw'],
  ['none-ar-390', 390, 'ar', 'light', 'where=Goma&who=zzzzqqqq'],
  ['unknown-fr-390', 390, 'fr', 'light', 'where=Kinshaza-sur-Mer'],
  ['degraded-en-390', 390, 'en', 'light', 'where=Nairobi', 'degraded'],
  ['down-en-390', 390, 'en', 'light', 'where=Nairobi', 'down'],
  ['down-kept-fr-1280', 1280, 'fr', 'light', 'where=Kinshasa', 'down-kept'],
  ['slow-ar-390', 390, 'ar', 'light', 'where=القاهرة', 'slow'],
  ['large-text-en-390', 390, 'en', 'light', 'where=Nairobi', 'large'],
].filter(([name]) => name.includes(process.env.ONLY ?? ''));

/** Before the page is opened. */
const before = {
  degraded: (page) =>
    page.route('**/v1/providers?*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), degraded: true } });
    }),
  down: (page) => page.route(/\/v1\/(providers|map|codes)/, (route) => route.abort()),
  slow: (page) => page.route(/\/v1\/(providers|map|codes)/, () => undefined),
};
/** Once results are there. */
const after = {
  open: (page) => page.locator('.name a').first().click(),
  filters: (page) => page.locator('.bar button').nth(2).click(),
  report: async (page) => {
    await page.locator('.name a').first().click();
    await page.locator('summary').click();
    await page.locator('form.report button.primary').click();
  },
  driver: async (page) => {
    await page.locator('.name a').first().click();
    await page.locator('.details .desk').click();
  },
  typing: async (page) => {
    await page.getByRole('combobox').first().fill('san jo');
    await page.waitForSelector('.choice');
    await page.keyboard.press('ArrowDown');
  },
  'down-kept': async (page) => {
    await page.route('**/v1/**', (route) => route.abort());
    await page.locator('.facet input').first().click();
  },
  slow: (page) => page.waitForTimeout(4500),
  large: (page) => page.evaluate("document.documentElement.style.fontSize = '200%'"),
};

await mkdir(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
for (const [name, width, lang, colorScheme, fragment, step] of views) {
  const page = await browser.newPage({ viewport: { width, height: width < 500 ? 740 : 800 }, colorScheme, bypassCSP: false });
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && console.log(name, message.text()));
  page.on('pageerror', (error) => console.log(name, 'ERROR', error.message));
  await before[step]?.(page);
  await page.goto(`${base}/?lang=${lang}#ps:${encodeURI(fragment)}`);
  const something = '.card, .relax, .banner, .skeleton, provider-search-map';
  await page.waitForSelector(something, { timeout: 8000 }).catch(() => console.log(name, 'nothing came'));
  await after[step]?.(page);
  await page.waitForTimeout(900);
  const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  if (wide > 0) console.log(name, `wider than the window by ${wide} px`);
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: process.env.FULL !== undefined });
  const client = await page.context().newCDPSession(page);
  await client.send('Page.setBypassCSP', { enabled: true });
  await page.evaluate(axe);
  const { violations } = await page.evaluate('axe.run()');
  for (const { id, nodes } of violations) console.log(name, 'axe', id, nodes.length, nodes[0].html.slice(0, 200));
  await page.close();
}
await browser.close();
server.close();

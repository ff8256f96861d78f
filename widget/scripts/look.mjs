// Pictures of the built widget against a running service, and what axe finds in each view:
// API=http://127.0.0.1:8000 OUT=/tmp/shots npm run look
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { chromium } from 'playwright-core';

const api = new URL(process.env.API ?? 'http://127.0.0.1:8000');
const out = process.env.OUT ?? '/tmp/widget-shots';
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:";
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

const views = [
  ['phone-en', 360, 'en', 'light', 'where=Nairobi'],
  ['desk-en', 1280, 'en', 'light', 'where=Nairobi'],
  ['phone-ar-dark', 360, 'ar', 'dark', 'where=القاهرة&type=pharmacy'],
  ['desk-fr-dark', 1280, 'fr', 'dark', 'where=Kinshasa&which=dentiste'],
  ['phone-fr-map', 360, 'fr', 'light', 'where=Kinshasa&view=map'],
  ['phone-narrow', 320, 'es', 'light', 'where=Manila'],
  ['phone-ar-open', 360, 'ar', 'light', 'where=Nairobi', 'open'],
  ['desk-en-open', 1280, 'en', 'light', 'where=Rabat', 'open'],
  ['phone-en-filters', 360, 'en', 'light', 'where=Nairobi', 'filters'],
  ['phone-en-none', 360, 'en', 'light', 'where=Goma&who=zzzzqqqq'],
];
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
  await page.goto(`${base}/?lang=${lang}#ps:${encodeURI(fragment)}`);
  await page.waitForSelector('.card, .relax, provider-search-map', { timeout: 8000 }).catch(() => console.log(name, 'nothing came'));
  if (step === 'open') await page.locator('.name a').first().click();
  if (step === 'filters') await page.locator('.bar button').nth(2).click();
  await page.waitForTimeout(900);
  const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  if (wide > 0) console.log(name, `wider than the window by ${wide} px`);
  await page.screenshot({ path: `${out}/${name}.png` });
  const client = await page.context().newCDPSession(page);
  await client.send('Page.setBypassCSP', { enabled: true });
  await page.evaluate(axe);
  const { violations } = await page.evaluate('axe.run()');
  for (const { id, nodes } of violations) console.log(name, 'axe', id, nodes.length, nodes[0].html.slice(0, 200));
  await page.close();
}
await browser.close();
server.close();

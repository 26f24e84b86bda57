// Visits a page several times with an empty cache and prints the medians as JSON.
// Called by src/measure/load.rs: first-load.mjs CHROMIUM ORIGIN PATH, the session in ROLLCALL_COOKIE.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../e2e/package.json', import.meta.url));
const { chromium } = require('@playwright/test');

const VISITS = 5;
const BUNDLE = new Set(['Script', 'Stylesheet', 'Fetch', 'Other']);
const [executablePath, origin, path] = process.argv.slice(2);
const [name, ...rest] = process.env.ROLLCALL_COOKIE.split('=');
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// Runs in the page before anything else: notes when the first row was painted and when the console took over.
const watch = () => {
  window.visit = {};
  const look = () => {
    if (!window.visit.row && document.querySelector('tbody tr')) {
      requestAnimationFrame(() => { window.visit.row ??= performance.now(); });
    }
    if (document.body?.dataset.hydrated !== undefined) window.visit.interactive ??= performance.now();
    if (!window.visit.row || !window.visit.interactive) requestAnimationFrame(look);
  };
  look();
};

/** Waits until a second has passed without another file. */
async function quiet(seen) {
  for (let before = -1; before !== seen.requests; ) {
    before = seen.requests;
    await new Promise((passed) => setTimeout(passed, 1000));
  }
}

async function visit(browser) {
  const context = await browser.newContext();
  await context.addCookies([{ name, value: rest.join('='), url: origin }]);
  const page = await context.newPage();
  await page.addInitScript(watch);
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const kinds = new Map();
  const seen = { bundle: 0, html: 0, requests: 0 };
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    // Photos come from elsewhere and events never end: neither is part of the bundle.
    if (response.url.startsWith(origin)) kinds.set(requestId, { type, bundle: response.url.includes('/pkg') });
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId);
    if (!kind) return;
    seen.requests += 1;
    if (kind.type === 'Document') seen.html += encodedDataLength;
    else if (kind.bundle && BUNDLE.has(kind.type)) seen.bundle += encodedDataLength;
  });
  await page.goto(origin + path);
  await page.waitForFunction(() => window.visit.row && window.visit.interactive);
  const { row, interactive } = await page.evaluate(() => window.visit);
  await quiet(seen);
  const loaded = { ...seen };
  // The first use brings the rest of the console.
  await page.mouse.move(20, 20);
  await quiet(seen);
  await context.close();
  return { ...loaded, all: seen.bundle, row, interactive };
}

const browser = await chromium.launch({ executablePath, args });
const visits = [];
try {
  for (let number = 0; number < VISITS; number += 1) visits.push(await visit(browser));
} finally {
  await browser.close();
}
const of = (key) => median(visits.map((one) => one[key]));
console.log(JSON.stringify({
  bundle_bytes: of('bundle'), all_bytes: of('all'), html_bytes: of('html'), requests: of('requests'),
  first_row_ms: of('row'), interactive_ms: of('interactive'),
}));

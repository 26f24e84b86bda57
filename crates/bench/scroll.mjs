// Flings through the list that scrolls and prints what its frames and the tab cost as JSON.
// Called by src/measure/scroll.rs: scroll.mjs CHROMIUM ORIGIN PATH, the session in ROLLCALL_COOKIE.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../e2e/package.json', import.meta.url));
const { chromium } = require('@playwright/test');

const FLINGS = 12;
const [executablePath, origin, path] = process.argv.slice(2);
const [name, ...rest] = process.env.ROLLCALL_COOKIE.split('=');
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Notes the times between frames until it is told to stop. */
const record = () => {
  window.frames_ = [];
  window.recording_ = true;
  let before = null;
  const frame = (now) => {
    if (before !== null) window.frames_.push(now - before);
    before = now;
    if (window.recording_) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

const recorded = () => {
  window.recording_ = false;
  return window.frames_;
};

/** Turns the wheel like a finger that lets go: fast at first, slower and slower; the times between frames. */
async function fling(page, start) {
  await page.evaluate(record);
  for (let speed = start; speed > 8; speed *= 0.95) await page.mouse.wheel(0, speed);
  return page.evaluate(recorded);
}

const firstSeen = () => {
  const box = document.querySelector('[role="group"][aria-label="Accounts"]');
  const top = box.getBoundingClientRect().top;
  const row = [...box.querySelectorAll('tr[data-index]')].find((row) => row.getBoundingClientRect().bottom > top + 60);
  return row ? Number(row.dataset.index) : -1;
};

const browser = await chromium.launch({ executablePath, args });
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addCookies([
    { name, value: rest.join('='), url: origin },
    { name: 'rc_scroll', value: 'on', url: origin },
  ]);
  const page = await context.newPage();
  await page.goto(origin + path);
  await page.waitForFunction(() => document.body?.dataset.hydrated !== undefined);
  await page.waitForFunction(() => document.querySelectorAll('tr[data-index]').length > 10);
  // The pointer's first move brings the rest of the console.
  await page.mouse.move(400, 500);
  await page.waitForLoadState('load');

  const cdp = await context.newCDPSession(page);
  const system = await browser.newBrowserCDPSession();
  const memory = async () => {
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    const tabs = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    });
    return Math.max(...tabs);
  };
  const worked = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  await cdp.send('Performance.enable');
  await fling(page, 400);

  const before = await memory();
  const work = await worked();
  const from = await page.evaluate(firstSeen);
  const times = [];
  for (let number = 0; number < FLINGS; number += 1) {
    times.push(...(await fling(page, 1200)));
  }
  const workMs = ((await worked()) - work) / times.length;
  const rows = (await page.evaluate(firstSeen)) - from;

  const begun = performance.now();
  await page.evaluate(() => {
    const box = document.querySelector('[role="group"][aria-label="Accounts"]');
    box.scrollTo(0, box.scrollHeight / 2);
  });
  await page.waitForFunction((past) => {
    const box = document.querySelector('[role="group"][aria-label="Accounts"]');
    const { top, bottom } = box.getBoundingClientRect();
    return [...box.querySelectorAll('tr[data-index]')].some((row) => {
      const place = row.getBoundingClientRect();
      return Number(row.dataset.index) > past && place.top < bottom && place.bottom > top && row.querySelector('input');
    });
  }, from + rows + 1000);
  const far = performance.now() - begun;

  times.sort((a, b) => a - b);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))];
  console.log(JSON.stringify({
    frames: times.length, frame_p50_ms: at(0.5), frame_p95_ms: at(0.95), frame_p99_ms: at(0.99), work_ms: workMs,
    rows, memory_before_mib: before, memory_after_mib: await memory(), far_ms: far,
  }));
} finally {
  await browser.close();
}

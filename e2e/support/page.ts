// Waiting for a page, without ever waiting for a length of time.

import { expect, type Page } from "@playwright/test";

/** Waits until the browser has taken the page over. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator("body")).toHaveAttribute("data-hydrated", "true");
}

/** Waits until everything that has arrived has been painted. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

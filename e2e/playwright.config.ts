// How the browser tests run: `cargo xtask test` sets the environment, see support/server.ts for running them by hand.

import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";

/** What every configuration of this folder shares: the browser, and a page that looks the same on every machine. */
export const browser: PlaywrightTestConfig["use"] = {
  browserName: "chromium",
  launchOptions: {
    executablePath: process.env.ROLLCALL_CHROMIUM || "/usr/bin/chromium",
    args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  },
  // Nothing moves, so that colours and places are final when they are looked at.
  contextOptions: { reducedMotion: "reduce" },
  locale: "en-GB",
  timezoneId: "UTC",
  viewport: { width: 1440, height: 900 },
};

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try is a fault that has not been understood yet.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 7_000 },
  reporter: "list",
  use: { ...browser, trace: "retain-on-failure", screenshot: "only-on-failure", actionTimeout: 7_000 },
});

// `cargo xtask screenshots`: takes the pictures under docs/screenshots. It is not a test.

import { defineConfig } from "@playwright/test";
import { browser } from "./playwright.config";

export default defineConfig({
  testDir: ".",
  testMatch: "screenshots.ts",
  outputDir: "test-results",
  workers: 1,
  timeout: 60_000,
  reporter: "list",
  use: { ...browser, actionTimeout: 10_000 },
});

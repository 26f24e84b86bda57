// Exporting accounts: the file is opened and compared with what the API says, row by row.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import type { Account, NewAccount } from "../support/api";
import { axe } from "../support/axe";
import { readCsv, readXlsx, unguard, type Cells } from "../support/sheet";
import { expect, test } from "../support/test";
import type { Users } from "../support/users";

/** Names that break careless files. */
const AWKWARD: NewAccount[] = [
  { user_id: "ming", nickname: "赵明远 🚲", whats_up: 'says "hello", twice\r\nand again', level: 4294967295 },
  { user_id: "-formula", nickname: "=HYPERLINK(\"https://evil.example\")", location: "+1" },
  { user_id: "noor.s", nickname: "نور", whats_up: "'tis quoted", birth_date: 19880514 },
  { user_id: "plain", nickname: "  spaces  ", photo_url: "https://cdn.example.org/a,b;c.png" },
  { user_id: "angle", nickname: "<b>&amp;</b>", gender: "female" },
];

/** The columns of a whole export, in their order. */
const COLUMNS = [
  "user_id", "nickname", "type", "photo_url", "gender", "birth_date", "location", "whats_up", "friend_verification",
  "language", "message_settings", "friending", "level", "role", "created_at", "updated_at",
] as const;

test.beforeEach(({ api, app }) => api.createAccounts(app.sdkappid, AWKWARD));

/** Confirms the export's dialog, waits for the end and opens the file; its facts must be those of its bytes. */
async function finish(page: Page, users: Users, format: "CSV" | "XLSX"): Promise<{ cells: Cells; done: Locator }> {
  const ask = users.dialog("Export accounts");
  await ask.getByLabel(format, { exact: true }).check();
  await axe(page);
  await ask.getByRole("button", { name: "Confirm" }).click();
  const done = users.dialog("Export successful");
  await expect(done).toBeVisible();
  const downloading = page.waitForEvent("download");
  await done.getByRole("link", { name: "Download" }).or(done.getByRole("button", { name: "Download" })).click();
  const download = await downloading;
  const bytes = await readFile(await download.path());
  const shown = (await done.innerText()).replace(/\s/g, "");
  expect(shown).toContain(createHash("sha256").update(bytes).digest("hex"));
  expect(shown).toContain(download.suggestedFilename());
  expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${format.toLowerCase()}$`));
  return { cells: format === "CSV" ? readCsv(bytes).map((row) => row.map(unguard)) : readXlsx(bytes), done };
}

/** What the rows of these accounts are, with the header. */
function expected(accounts: Account[], columns: readonly (keyof Account)[]): Cells {
  return [[...columns], ...accounts.map((account) => columns.map((column) => String(account[column])))];
}

test("one account is exported from its row @smoke", async ({ users, api, page }) => {
  await users.open();
  await users.row("ming").getByRole("button", { name: "Export ming" }).click();
  const { cells, done } = await finish(page, users, "CSV");
  expect(cells).toEqual(expected([await api.account(users.app, "ming")], COLUMNS));
  await expect(done).toContainText("1, complete");
  await axe(page);
  await done.getByRole("button", { name: "Close" }).click();
  await expect(done).toBeHidden();
});

test("ticked accounts are exported as CSV that a spreadsheet does not run", async ({ users, api, page }) => {
  await users.open();
  await expect(users.button("Batch Export")).toBeDisabled();
  for (const { user_id } of AWKWARD) await users.tick(user_id).check();
  await users.button("Batch Export").click();
  await expect(users.dialog("Export accounts")).toContainText("5 accounts will be exported.");
  const { cells } = await finish(page, users, "CSV");
  const ticked = (await api.accounts(users.app)).filter((account) => account.user_id !== "administrator");
  expect(sorted(cells)).toEqual(sorted(expected(ticked, COLUMNS)));
});

test("the columns of the list are exported as a workbook @smoke", async ({ users, api, page }) => {
  await users.open();
  for (const { user_id } of AWKWARD) await users.tick(user_id).check();
  await users.button("Batch Export").click();
  await users.dialog("Export accounts").getByLabel("As shown in the list").check();
  const { cells } = await finish(page, users, "XLSX");
  const ticked = (await api.accounts(users.app)).filter((account) => account.user_id !== "administrator");
  expect(sorted(cells)).toEqual(sorted(expected(ticked, ["user_id", "nickname", "type", "created_at"])));
});

test("all that match are exported, as they were asked for", async ({ users, api, page }) => {
  const many = Array.from({ length: 300 }, (_, n) => ({ user_id: `user-${n}`, nickname: `Élodie ${n}` }));
  await api.createAccounts(users.app, many);
  await users.open("?q=elodie");
  await expect(page.getByText("300 matches")).toBeVisible();
  await users.button("Select all that match").click();
  await users.button("Batch Export").click();
  const { cells, done } = await finish(page, users, "XLSX");
  await expect(done).toContainText("300, complete");
  expect(sorted(cells)).toEqual(sorted(expected(await api.accounts(users.app, { q: "elodie" }), COLUMNS)));
});

test("everything is exported, and the task stays to be found", async ({ users, api, page, app }) => {
  await users.open();
  await users.button("Export all").click();
  const { cells } = await finish(page, users, "CSV");
  expect(sorted(cells)).toEqual(sorted(expected(await api.accounts(app.sdkappid), COLUMNS)));
  await users.dialog("Export successful").getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: "Tasks" }).click();
  const task = page.getByRole("row").filter({ hasText: "Export" }).filter({ hasText: "Done" });
  await expect(task).toContainText("6 / 6");
  await expect(task.getByRole("link", { name: "Download" })).toBeVisible();
  await axe(page);
});

/** The header, then the rows in the order of their usernames: an export promises no order of its own. */
function sorted([header, ...rows]: Cells): Cells {
  return [header, ...rows.sort(([a], [b]) => (a < b ? -1 : 1))];
}

// Exporting accounts: the file is opened and compared with what the API says, row by row.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
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
  await users.dialog("Export accounts").getByLabel(format, { exact: true }).check();
  await axe(page);
  const { bytes, name, done } = await fetched(page, users);
  expect(name).toMatch(new RegExp(`\\.${format.toLowerCase()}$`));
  return { cells: format === "CSV" ? readCsv(bytes).map((row) => row.map(unguard)) : readXlsx(bytes), done };
}

/** Confirms what the dialog has, and fetches the file. */
async function fetched(page: Page, users: Users): Promise<{ bytes: Buffer; name: string; done: Locator }> {
  await users.dialog("Export accounts").getByRole("button", { name: "Confirm" }).click();
  const done = users.dialog("Export successful");
  await expect(done).toBeVisible();
  const downloading = page.waitForEvent("download");
  await done.getByRole("link", { name: "Download" }).or(done.getByRole("button", { name: "Download" })).click();
  const download = await downloading;
  const bytes = await readFile(await download.path());
  const shown = (await done.innerText()).replace(/\s/g, "");
  expect(shown).toContain(createHash("sha256").update(bytes).digest("hex"));
  expect(shown).toContain(download.suggestedFilename());
  return { bytes, name: download.suggestedFilename(), done };
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

test("columns are chosen and moved by keyboard, and the choice is there the next time", async ({ users, api, page }) => {
  await users.open();
  await users.button("Export all").click();
  const ask = users.dialog("Export accounts");
  await expect(ask.getByRole("list")).toHaveCount(0);
  await ask.getByLabel("Own choice").check();
  const box = (name: string) => ask.getByRole("checkbox", { name, exact: true });
  await box("Type").uncheck();
  await box("Level").check();
  // The list's own columns come first: Username, Nickname, Type, Creation time.
  await box("Nickname").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(box("Nickname")).toBeFocused();
  await expect(ask.getByRole("status")).toHaveText("Nickname is column 1 of 16.");
  const up = ask.getByRole("button", { name: "Move Nickname up" });
  await expect(up).toHaveAttribute("aria-disabled", "true");
  const down = ask.getByRole("button", { name: "Move Username down" });
  await down.focus();
  await page.keyboard.press("Enter");
  await expect(down).toBeFocused();
  await expect(ask.getByRole("status")).toHaveText("Username is column 3 of 16.");
  await axe(page);
  const { cells } = await finish(page, users, "CSV");
  expect(cells[0]).toEqual(["nickname", "user_id", "created_at", "level"]);
  const accounts = await api.accounts(users.app);
  const wanted = expected(accounts, ["nickname", "user_id", "created_at", "level"]);
  expect(byColumn(cells, 1)).toEqual(byColumn(wanted, 1));

  await page.reload();
  await users.open();
  await users.button("Export all").click();
  await expect(ask.getByLabel("Own choice")).toBeChecked();
  const ticked = ask.getByRole("listitem").filter({ has: page.getByRole("checkbox", { checked: true }) });
  await expect(ticked).toHaveText(["Nickname", "Username", "Creation time", "Level"]);
});

test("more options make a packed file in another language and time zone", async ({ users, api, page, clean }) => {
  // The time zone that there is not.
  clean.allow(422);
  await users.open();
  await users.button("Export all").click();
  const ask = users.dialog("Export accounts");
  await expect(ask.getByLabel("Compression")).toBeHidden();
  await ask.getByText("More options").click();
  await axe(page);
  await ask.getByLabel("Compression").selectOption({ label: "gzip (.gz)" });
  await ask.getByLabel("Header").selectOption({ label: "English" });
  await ask.getByLabel("Time zone").fill("Mars/Olympus");
  await ask.getByLabel("Exact cells, for programs").check();
  await ask.getByRole("button", { name: "Confirm" }).click();
  await expect(ask.getByRole("alert")).toContainText("Name a time zone");
  // What was chosen is still there, and seen.
  await ask.getByLabel("Time zone").fill("Asia/Shanghai");
  const { bytes, name, done } = await fetched(page, users);
  expect(name).toMatch(/\.csv\.gz$/);
  const cells = readCsv(gunzipSync(bytes));
  expect(cells[0].slice(0, 3)).toEqual(["Username", "Nickname", "Type"]);
  const created = cells[0].indexOf("Creation time");
  const account = await api.account(users.app, "-formula");
  const row = cells.find(([userId]) => userId === "-formula") ?? [];
  expect(row[1]).toBe('=HYPERLINK("https://evil.example")');
  expect(row[created]).toMatch(/\+08:00$/);
  expect(new Date(row[created]).toISOString()).toBe(account.created_at);

  await expect(done).toContainText("all at one time");
  await expect(done).toContainText("Unpacked");
  const manifest = await page.request.get((await done.getByRole("link", { name: "Manifest" }).getAttribute("href")) ?? "");
  expect(await manifest.json()).toMatchObject({
    rows: 6,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    compression: "gzip",
    cells: "exact",
    header: "en",
    time_zone: "Asia/Shanghai",
    consistency: "snapshot",
  });
});

test("a format offers what it can have, and NDJSON is as the API shows accounts", async ({ users, api, page }) => {
  await users.open();
  await users.button("Export all").click();
  const ask = users.dialog("Export accounts");
  await ask.getByText("More options").click();
  await ask.getByLabel("XLSX", { exact: true }).check();
  await expect(ask.getByLabel("Compression")).toBeHidden();
  await expect(ask.getByLabel("Exact cells, for programs")).toBeHidden();
  await expect(ask.getByLabel("Time zone")).toBeVisible();
  await ask.getByLabel("NDJSON", { exact: true }).check();
  await expect(ask.getByLabel("Header")).toBeHidden();
  await expect(ask.getByLabel("Time zone")).toBeHidden();
  const { bytes, name } = await fetched(page, users);
  expect(name).toMatch(/\.ndjson$/);
  const lines = bytes.toString("utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Account);
  const accounts = await api.accounts(users.app);
  const byId = (a: Account, b: Account) => (a.user_id < b.user_id ? -1 : 1);
  expect(lines.sort(byId)).toEqual(accounts.sort(byId));
});

/** The rows in the order of one of their cells, without the header. */
function byColumn([, ...rows]: Cells, column: number): Cells {
  return rows.sort((a, b) => (a[column] < b[column] ? -1 : 1));
}

/** The header, then the rows in the order of their usernames: an export promises no order of its own. */
function sorted([header, ...rows]: Cells): Cells {
  return [header, ...rows.sort(([a], [b]) => (a < b ? -1 : 1))];
}

// Importing accounts: a file is brought, its columns are chosen, what it would do is looked at, applied and taken back.

import { readFile } from "node:fs/promises";
import type { Locator } from "@playwright/test";
import { axe } from "../support/axe";
import { csv, Imports } from "../support/imports";
import { hydrated } from "../support/page";
import { readCsv, unguard, writeXlsx } from "../support/sheet";
import { expect, test } from "../support/test";

const HEADER = [
  "user_id", "nickname", "type", "photo_url", "gender", "birth_date", "location", "whats_up", "friend_verification",
  "language", "message_settings", "friending", "level", "role", "mark",
] as const;
type Name = (typeof HEADER)[number];
type Row = Record<Name, string>;

/** Twenty ways to be wrong: the column, what stands there, and what its rule says. */
const WRONG: [column: Name, value: string, rule: RegExp][] = [
  ["user_id", "", /Enter a username/],
  ["user_id", "u".repeat(33), /At most 32 bytes/],
  ["user_id", "明远", /Only printable ASCII characters/],
  ["user_id", "@TLS#import", /are reserved/],
  ["nickname", "n".repeat(501), /At most 500 bytes/],
  ["type", "root", /Write general or admin/],
  ["photo_url", "javascript:alert(1)", /begins with https/],
  ["photo_url", "ftp://cdn.example.org/a.png", /begins with https/],
  ["photo_url", `https://cdn.example.org/${"p".repeat(500)}`, /At most 500 bytes/],
  ["gender", "woman", /Write unknown, female or male/],
  ["birth_date", "yesterday", /Write a whole number/],
  ["birth_date", "14.5.1988", /Write a whole number/],
  ["location", "Shenzhen in Guangdong", /At most 16 bytes/],
  ["whats_up", "w".repeat(501), /At most 500 bytes/],
  ["friend_verification", "perhaps", /Write need_confirm, allow_any or deny_any/],
  ["language", "-1", /Write a whole number/],
  ["message_settings", "many", /Write a whole number/],
  ["friending", "sometimes", /Write allowed or forbidden/],
  ["level", "4294967296", /Write a whole number/],
  ["role", "1.5", /Write a whole number/],
];

const ROWS = 50_000;
/** One row of so many is wrong: 200 in all, ten of each kind. */
const EVERY = 250;
/** These accounts are there and get another nickname, those are there as the file has them. */
const CHANGED = 12;
const SAME = 5;
const NEW = ROWS - ROWS / EVERY - CHANGED - SAME;

/** The row at a place from 1, as it should be. */
function right(place: number): Row {
  const empty = Object.fromEntries(HEADER.map((name) => [name, ""])) as Row;
  return { ...empty, user_id: `import-${place}`, nickname: `名 ${place}`, level: String(place % 7), mark: `#${place}` };
}

/** What is wrong with it, if it is one of those. */
function wrong(place: number): (typeof WRONG)[number] | undefined {
  return place % EVERY === 0 ? WRONG[(place / EVERY - 1) % WRONG.length] : undefined;
}

function planted(place: number): Row {
  const [column, value] = wrong(place) ?? [];
  return column ? { ...right(place), [column]: value } : right(place);
}

function cells(row: Row): string[] {
  return HEADER.map((name) => row[name]);
}

test("50,000 rows with 200 errors are reviewed, applied, fixed, brought again and taken back", async ({ page, api, app, users }) => {
  test.setTimeout(600_000);
  const long = { timeout: 180_000 };
  const imports = new Imports(page, app.sdkappid);
  const changed = Array.from({ length: CHANGED }, (_, n) => ({ user_id: `import-${n + 1}`, nickname: "before", level: (n + 1) % 7 }));
  const same = Array.from({ length: SAME }, (_, n) => right(CHANGED + n + 1)).map(({ user_id, nickname, level }) => ({ user_id, nickname, level: Number(level) }));
  await api.createAccounts(app.sdkappid, [...changed, ...same]);

  await imports.open();
  await expect(page.getByText("No imports yet.")).toBeVisible();
  await axe(page);
  const places = Array.from({ length: ROWS }, (_, n) => n + 1);
  await imports.bring(csv("people.csv", [HEADER, ...places.map((place) => cells(planted(place)))]));
  await expect(imports.meaning("user_id")).toHaveValue("user_id");
  await expect(imports.meaning("mark")).toHaveValue("");
  await imports.review();
  await imports.expectFigures(NEW, CHANGED, SAME, 200);
  await axe(page);
  const reviewed = page.url();

  // Errors first, each with its row, column, value and rule; all four pages of them.
  await expect(imports.tab(/^Refused/)).toHaveAttribute("aria-selected", "true");
  for (let from = 0; from < 200; from += 50) {
    await expect(page.getByText(`${from + 1}–${from + 50} of 200`)).toBeVisible();
    await expect(imports.rows()).toHaveCount(50);
    const texts = await imports.rows().evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
    texts.forEach(([row, column, value, rule], at) => {
      const place = (from + at + 1) * EVERY;
      const [name, cell, said] = wrong(place)!;
      // The header is the first row of the file.
      expect([row, column]).toEqual([(place + 1).toLocaleString("en-GB"), name]);
      expect(cell.startsWith(value.replace(/…$/, ""))).toBe(true);
      expect(rule).toMatch(said);
    });
    if (from < 150) await imports.button("Next").click();
  }

  // What changes is shown field by field.
  await imports.tab(/^Changed/).click();
  await expect(imports.rows()).toHaveCount(CHANGED);
  const first = imports.rows().filter({ has: page.getByRole("rowheader", { name: "import-1", exact: true }) });
  await expect(first.locator("dt")).toHaveText(["Nickname"]);
  await expect(first.locator("del")).toHaveText("before");
  await expect(first.locator("ins")).toHaveText("名 1");
  await axe(page);
  await page.reload();
  await hydrated(page);
  await expect(page).toHaveURL(reviewed);
  await imports.expectFigures(NEW, CHANGED, SAME, 200);

  const changes = NEW + CHANGED;
  const apply = `Apply ${changes.toLocaleString("en-GB")} changes`;
  await imports.button(apply).click();
  await expect(page.getByRole("dialog")).toContainText("200 refused rows are left out.");
  await axe(page);
  await imports.confirm(`${apply}?`, apply, changes);
  await expect(imports.heading("Import complete")).toBeVisible(long);
  await expect(imports.heading("Import complete")).toBeFocused();
  await expect(page.getByText(`${changes.toLocaleString("en-GB")} accounts were created or changed.`)).toBeVisible();
  await axe(page);
  expect((await api.app(app.sdkappid)).accounts).toBe(1 + CHANGED + SAME + NEW);
  await users.open("?q=import-1");
  await expect(users.row("import-1")).toContainText("名 1");

  // The refused rows, fixed, are a file that can be brought like any other.
  await page.goto(reviewed);
  await hydrated(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download refused rows (CSV)" }).click();
  const [header, ...refused] = readCsv(await readFile(await (await downloading).path())).map((row) => row.map(unguard));
  expect(refused.length).toBe(200);
  const [mark, reasons] = [header.indexOf("mark"), header.findIndex((name) => /reason/i.test(name))];
  expect(reasons).toBeGreaterThanOrEqual(0);
  const fixed = refused.map((row) => {
    const good = right(Number(row[mark].slice(1)));
    expect(row[reasons]).not.toBe("");
    return row.map((cell, at) => good[header[at] as Name] ?? cell);
  });
  await imports.bring(csv("people-fixed.csv", [header, ...fixed]));
  await imports.review();
  await imports.expectFigures(200, 0, 0, 0);
  await imports.button("Apply 200 changes").click();
  await imports.confirm("Apply 200 changes?", "Apply 200 changes", 200);
  await expect(imports.heading("Import complete")).toBeVisible(long);

  // Someone edits one of the accounts; all others are taken back.
  await api.patch(app.sdkappid, "import-777", { whats_up: "edited by hand" });
  await imports.open();
  await page.getByRole("link", { name: "people.csv", exact: true }).click();
  await imports.button("Undo this import").click();
  await imports.confirm("Undo this import?", "Undo this import", changes);
  await expect(imports.heading("Import undone")).toBeVisible(long);
  await expect(page.getByText(`${(changes - 1).toLocaleString("en-GB")} accounts are as before.`)).toBeVisible();
  await expect(page.getByText("1 account was changed by someone since and kept.")).toBeVisible();
  await axe(page);
  expect((await api.account(app.sdkappid, "import-777")).whats_up).toBe("edited by hand");
  expect((await api.account(app.sdkappid, "import-1")).nickname).toBe("before");
  expect((await api.app(app.sdkappid)).accounts).toBe(1 + CHANGED + SAME + 200 + 1);
});

test("a dropped file is imported: columns are put right, and the choices outlive another reading @smoke", async ({ page, api, app }) => {
  await api.createAccounts(app.sdkappid, [{ user_id: "ming", nickname: "Ming", level: 1 }]);
  const imports = new Imports(page, app.sdkappid);
  await page.goto(`/apps/${app.sdkappid}/chat/users`);
  await hydrated(page);
  await page.getByRole("main").getByRole("link", { name: "Import", exact: true }).click();
  await expect(imports.heading("Import accounts")).toBeVisible();

  const drop = async (...texts: string[]) => {
    const data = await page.evaluateHandle((texts) => {
      const data = new DataTransfer();
      texts.forEach((text, at) => data.items.add(new File([text], `dropped-${at}.csv`)));
      return data;
    }, texts);
    await page.dispatchEvent("label.drop", "dragover", { dataTransfer: data });
    await page.dispatchEvent("label.drop", "drop", { dataTransfer: data });
  };
  await drop("user_id\nmei\n", "user_id\nlin\n");
  await expect(page.getByText("One file at a time, please.")).toBeVisible();
  await drop("who;points;nick;team\nming;7;Ming;red\nmei;3;Mei;blue\n");
  await expect(imports.heading("Columns")).toBeVisible();
  await expect(page.getByRole("heading", { name: "dropped-0.csv" })).toBeVisible();

  // "who" is like no field, so the username is missing until it is chosen.
  await expect(page.getByText("Choose the column that holds the username.")).toBeVisible();
  await imports.meaning("who").selectOption("Username");
  await imports.meaning("team").selectOption("Nickname");
  await expect(page.getByText("Another column is nickname already; leave one of them out.")).toBeVisible();
  await axe(page);
  await imports.button("Review changes").click();
  await expect(imports.meaning("team")).toBeFocused();
  await imports.meaning("team").selectOption("Leave out");
  await imports.meaning("points").selectOption("Level");

  await page.getByText("How the file is read").click();
  await page.getByLabel("Cells of CSV are separated by").selectOption("Semicolon");
  await imports.button("Read again").click();
  await expect(imports.button("Read again")).not.toHaveAttribute("aria-busy", "true");
  await expect(imports.meaning("points")).toHaveValue("level");
  await expect(imports.meaning("who")).toHaveValue("user_id");

  await imports.review();
  await imports.expectFigures(1, 1, 0, 0);
  const change = imports.rows().filter({ has: page.getByRole("rowheader", { name: "ming", exact: true }) });
  await expect(change.locator("dt")).toHaveText(["Level"]);
  await expect(change.locator("del")).toHaveText("1");
  await expect(change.locator("ins")).toHaveText("7");

  // Back to the columns, and only new accounts this time.
  await imports.button("Back to columns").click();
  await expect(imports.heading("Columns")).toBeFocused();
  await page.getByRole("radio", { name: /^Create new ones only/ }).check();
  await imports.review();
  await imports.expectFigures(1, 0, 0, 1);
  await imports.button("Apply 1 change").click();
  await imports.confirm("Apply 1 change?", "Apply 1 change");
  await expect(imports.heading("Import complete")).toBeVisible();
  expect((await api.account(app.sdkappid, "mei")).level).toBe(3);
  expect((await api.account(app.sdkappid, "ming")).level).toBe(1);

  await page.getByRole("link", { name: "Tasks" }).click();
  await expect(page.getByRole("link", { name: "Import: review" })).toHaveCount(2);
  await page.getByRole("link", { name: "Import: apply" }).click();
  await expect(imports.heading("Import complete")).toBeVisible();
});

test("an upload that a reload cuts off goes on where it was, with the same file only", async ({ page, app }) => {
  test.slow();
  const imports = new Imports(page, app.sdkappid);
  const line = (n: number) => [`import-${n}`, "n".repeat(200)];
  const file = csv("large.csv", [["user_id", "nickname"], ...Array.from({ length: 90_000 }, (_, n) => line(n))]);
  expect(file.buffer.length).toBeGreaterThan(2 * 8_388_608);
  const sent: string[] = [];
  page.on("request", (request) => {
    const part = /\/parts\/(\d+)$/.exec(new URL(request.url()).pathname)?.[1];
    if (part) sent.push(part);
  });
  // The second part never arrives.
  await page.route("**/parts/1", () => {});
  page.on("dialog", (dialog) => dialog.accept());
  await imports.open();
  // 18 MB on their way into the browser.
  const patience = { timeout: 60_000 };
  await imports.input.setInputFiles(file, patience);
  await expect(page.getByText(/^8\.4 MB of /)).toBeVisible();
  await expect.poll(() => sent).toEqual(["0", "1"]);
  await page.reload();
  await page.unroute("**/parts/1");
  await hydrated(page);
  await expect(page.getByText("The upload is not complete.")).toBeVisible();
  await axe(page);

  const again = page.getByLabel("Drop the same file here, or choose it, to go on");
  await again.setInputFiles({ ...file, name: "other.csv" }, patience);
  await expect(page.getByText("That is another file.")).toBeVisible();
  sent.length = 0;
  await again.setInputFiles(file, patience);
  await expect(imports.heading("Columns")).toBeVisible();
  expect(sent).toEqual(["1", "2"]);
});

test("a workbook is imported", async ({ page, api, app }) => {
  const imports = new Imports(page, app.sdkappid);
  const sheet = [["Username", "Nick name", "Birthday"], ["ming", "赵明远", "1988-05-14"], ["mei", "=1+1 <b>", ""]];
  await imports.bring({
    name: "people.xlsx",
    mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    buffer: writeXlsx(sheet),
  });
  await expect(page.getByText(/^XLSX, /)).toBeVisible();
  await expect(imports.meaning("Birthday")).toHaveValue("birth_date");
  await imports.review();
  await imports.expectFigures(2, 0, 0, 0);
  await expect(imports.rows().filter({ hasText: "ming" })).toContainText("1988-05-14");
  await imports.button("Apply 2 changes").click();
  await imports.confirm("Apply 2 changes?", "Apply 2 changes");
  await expect(imports.heading("Import complete")).toBeVisible();
  expect((await api.account(app.sdkappid, "ming")).birth_date).toBe(19_880_514);
  expect((await api.account(app.sdkappid, "mei")).nickname).toBe("=1+1 <b>");
});

test("a file of another kind is refused with a sentence, and so is an empty one", async ({ page, app }) => {
  const imports = new Imports(page, app.sdkappid);
  await imports.open();
  await imports.input.setInputFiles({ name: "empty.csv", mimeType: "text/csv", buffer: Buffer.alloc(0) });
  await expect(page.getByText("This file is empty. Nothing was uploaded.")).toBeVisible();
  const pdf = Buffer.concat([Buffer.from("%PDF-1.7\n%"), Buffer.from([0xe2, 0xe3, 0xcf, 0xd3]), Buffer.from("\n1 0 obj\n<<>>\nendobj\n")]);
  await imports.input.setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: pdf });
  await expect(imports.heading("This file cannot be read")).toBeVisible();
  await expect(imports.button("Review changes")).toHaveCount(0);
  await axe(page);
  await imports.button("Discard").click();
  await imports.confirm("Discard this import?", "Discard");
  await expect(page.getByText("No imports yet.")).toBeVisible();
});

test("an import by keyboard alone", async ({ page, api, app }) => {
  const imports = new Imports(page, app.sdkappid);
  const tabTo = async (to: Locator) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await to.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    await expect(to).toBeFocused();
  };
  await imports.open();
  await tabTo(imports.input);
  const choosing = page.waitForEvent("filechooser");
  await page.keyboard.press("Space");
  await (await choosing).setFiles(csv("keys.csv", [["user_id", "level"], ["ming", "1"], ["mei", "high"]]));
  await expect(imports.heading("Columns")).toBeFocused();
  await tabTo(imports.button("Review changes"));
  await page.keyboard.press("Enter");
  await expect(imports.heading("Review")).toBeFocused();
  await tabTo(imports.tab(/^Refused/));
  await page.keyboard.press("ArrowRight");
  await expect(imports.tab(/^New/)).toBeFocused();
  await expect(imports.rows()).toContainText(["ming"]);
  await page.keyboard.press("Home");
  await expect(imports.rows()).toContainText(["high"]);
  await tabTo(imports.button("Apply 1 change"));
  await page.keyboard.press("Enter");
  await tabTo(page.getByRole("dialog").getByRole("button", { name: "Apply 1 change" }));
  await page.keyboard.press("Enter");
  await expect(imports.heading("Import complete")).toBeFocused();
  expect((await api.account(app.sdkappid, "ming")).level).toBe(1);
});

test.describe("390 pixels wide", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("every step fits", async ({ page, api, app }) => {
    test.slow();
    await api.createAccounts(app.sdkappid, [{ user_id: "mei", nickname: "A rather long nickname that does not end soon" }]);
    const imports = new Imports(page, app.sdkappid);
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    await imports.open();
    expect(await fits()).toBe(true);
    const long = "N".repeat(120);
    const rows = [["user_id", "nickname", "gender"], ["a-rather-long-username-32-bytes-", long, "woman"], ["mei", long, ""], ["ming", long, ""]];
    await imports.bring(csv("a-rather-long-name-of-a-file-that-does-not-end-soon-does-it.csv", rows));
    expect(await fits()).toBe(true);
    await axe(page);
    await imports.review();
    for (const tab of [/^Refused/, /^Changed/, /^New/]) {
      await imports.tab(tab).click();
      await expect(imports.rows()).toHaveCount(1);
      expect(await fits()).toBe(true);
      await axe(page);
    }
    await imports.button("Apply 2 changes").click();
    await imports.confirm("Apply 2 changes?", "Apply 2 changes");
    await expect(imports.heading("Import complete")).toBeVisible();
    expect(await fits()).toBe(true);
    await axe(page);
  });
});

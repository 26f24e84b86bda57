// The list that scrolls: one list without pages, of any length. What is seen is compared with the order that the API gives.

import type { Page } from "@playwright/test";
import type { Api } from "../support/api";
import { axe } from "../support/axe";
import { hydrated, painted } from "../support/page";
import { expect, test } from "../support/test";
import { Users } from "../support/users";

/** The box that scrolls. */
function box(page: Page) {
  return page.getByRole("group", { name: "Accounts" });
}

/** The rows that are in the page: position in the list, and username. */
async function rows(page: Page): Promise<{ at: number; id: string }[]> {
  return box(page)
    .locator("tr[data-index]")
    .evaluateAll((found) =>
      found.map((row) => ({
        at: Number(row.getAttribute("data-index")),
        id: (row.querySelector("input")?.getAttribute("aria-label") ?? "").replace(/^Select /, ""),
      })),
    );
}

/** Scrolls the box by dragging its bar, so to speak, to a part of its length. */
async function drag(page: Page, part: number): Promise<void> {
  await box(page).evaluate((box, part) => box.scrollTo(0, (box.scrollHeight - box.clientHeight) * part), part);
}

/** Waits until the rows in the page, at least so many, are those that the list has at their positions. */
async function expectRows(page: Page, all: string[], includes: number): Promise<void> {
  await expect
    .poll(async () => {
      const found = await rows(page);
      const wrong = found.filter(({ at, id }) => all[at] !== id);
      return { wrong, includes: found.some(({ at }) => at === includes) };
    })
    .toEqual({ wrong: [], includes: true });
}

/** Every username, in an order. */
async function everyone(api: Api, app: number, sort = "user_id"): Promise<string[]> {
  const all: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { user_id: string }[]; next: string | null } = await api.call(
      "GET",
      `/apps/${app}/accounts?limit=200&sort=${sort}${cursor ? `&cursor=${cursor}` : ""}`,
    );
    all.push(...page.items.map((account) => account.user_id));
    cursor = page.next;
  } while (cursor);
  return all;
}

test.describe("the demo application, as one list", () => {
  test("is scrolled from its beginning to its end, and comes back to its place", async ({ page, server, api }) => {
    const all = await everyone(api, server.sdkappid);
    const users = new Users(page, server.sdkappid);
    await users.open();
    await users.button("Scroll").click();
    await expect(page.getByRole("link", { name: "Next" })).toBeHidden();
    await expectRows(page, all, 0);
    await expect(page.getByRole("table")).toHaveAttribute("aria-rowcount", String(all.length + 1));

    await box(page).hover();
    for (let step = 0; step < 12; step += 1) {
      await page.mouse.wheel(0, 500);
      await painted(page);
    }
    await expectRows(page, all, 130);
    await drag(page, 0.5);
    await expectRows(page, all, Math.floor(all.length / 2));
    await drag(page, 1);
    await expectRows(page, all, all.length - 1);
    await expect(page.getByText(`–${all.length.toLocaleString("en-GB")} of`)).toBeVisible();

    await drag(page, 0.25);
    // The address still names the end for a moment.
    const from = () => Number(new URL(page.url()).searchParams.get("from"));
    await expect.poll(() => Math.abs(from() - all.length / 4)).toBeLessThan(all.length / 20);
    const at = from() - 1;
    await expectRows(page, all, at);
    await page.reload();
    await hydrated(page);
    await expectRows(page, all, at);
    await axe(page);
    await page.getByRole("link", { name: "50", exact: true }).click();
    await expect(page.getByRole("link", { name: "Next" })).toBeVisible();
  });

  test("goes to a row, a name and a day", async ({ page, server, api }) => {
    const all = await everyone(api, server.sdkappid);
    const users = new Users(page, server.sdkappid);
    await users.open();
    await users.button("Scroll").click();
    await expectRows(page, all, 0);
    const go = async (label: string, value: string) => {
      await page.getByText("Go to", { exact: true }).click();
      const field = page.locator("details.goto").getByLabel(label, { exact: true });
      await field.fill(value);
      await field.press("Enter");
    };
    await go("Row", "700");
    await expectRows(page, all, 699);
    await expect(page.getByText(/^700–/)).toBeVisible();
    await go("Username from", "m");
    const first = all.findIndex((id) => id.toLowerCase() >= "m");
    await expectRows(page, all, first);
    await page.goBack();
    await expectRows(page, all, 699);

    const newest = await everyone(api, server.sdkappid, "-created_at");
    await page.getByRole("columnheader", { name: "Creation time" }).getByRole("link").click();
    await page.getByRole("columnheader", { name: "Creation time" }).getByRole("link").click();
    await expectRows(page, newest, 0);
    const account = await api.call<{ created_at: string }>("GET", `/apps/${server.sdkappid}/accounts/${newest[300]}`);
    const day = account.created_at.slice(0, 10);
    await go("Day (UTC)", day);
    await expect.poll(async () => (await rows(page)).some(({ id }) => id === newest[300])).toBe(true);
  });

  test("keeps ticks and the focus while it scrolls", async ({ page, server, api }) => {
    test.slow();
    const all = await everyone(api, server.sdkappid);
    const users = new Users(page, server.sdkappid);
    await users.open();
    await users.button("Scroll").click();
    await expectRows(page, all, 0);
    const [first = "", second = ""] = all;
    await users.tick(first).check();
    await users.tick(second).focus();
    await drag(page, 0.6);
    await expect(users.tick(first)).toHaveCount(0);
    // The row with the focus is gone; the list has it now.
    await expect(box(page)).toBeFocused();
    await drag(page, 0);
    await expect(users.tick(first)).toBeChecked();
    await expect(page.getByText("1 selected")).toBeVisible();

    await users.row(first).focus();
    await page.keyboard.press("End");
    await expect(users.row(all.at(-1) ?? "")).toBeFocused();
    await page.keyboard.press("ArrowUp");
    await expect(users.row(all.at(-2) ?? "")).toBeFocused();
    await page.keyboard.press("Home");
    await expect(users.row(first)).toBeFocused();
    for (let step = 1; step <= 30; step += 1) {
      await page.keyboard.press("j");
      await expect(users.row(all[step] ?? "")).toBeFocused();
    }
    await page.getByRole("checkbox", { name: "Select all that match" }).check();
    await expect(page.getByText(`${all.length.toLocaleString("en-GB")} selected`)).toBeVisible();
    await drag(page, 0.5);
    await expect.poll(async () => (await rows(page)).some(({ at }) => at > 300)).toBe(true);
    for (const { id } of (await rows(page)).slice(0, 3)) await expect(users.tick(id)).toBeChecked();
  });

  test("finds rows that filters leave, and edits one in its place", async ({ page, server, api }) => {
    const found = await api.ids(server.sdkappid, { q: "a" });
    const users = new Users(page, server.sdkappid);
    await users.open("?q=a");
    await users.button("Scroll").click();
    await expectRows(page, found, 0);
    await drag(page, 1);
    await expectRows(page, found, found.length - 1);
    const last = found.at(-1) ?? "";
    const dialog = await users.openEdit(last);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expectRows(page, found, found.length - 1);
  });
});

test("a list that scrolls shows what others change, where it is", async ({ users, api, page }) => {
  const ids = Array.from({ length: 150 }, (_, n) => `user-${String(n).padStart(3, "0")}`);
  await api.createAccounts(users.app, ids.map((user_id) => ({ user_id })));
  await users.open();
  await users.button("Scroll").click();
  await drag(page, 1);
  await expect(users.row("user-149")).toBeVisible();
  await api.createAccounts(users.app, [{ user_id: "user-150", nickname: "Newcomer" }]);
  await expect(users.row("user-150")).toHaveCount(1);
  await expect(page.getByRole("table")).toHaveAttribute("aria-rowcount", "153");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("whoever likes one list gets pages, and links to a place work", async ({ users, api, page, server }) => {
    const ids = Array.from({ length: 150 }, (_, n) => `user-${String(n).padStart(3, "0")}`);
    await api.createAccounts(users.app, ids.map((user_id) => ({ user_id })));
    await page.context().addCookies([{ name: "rc_scroll", value: "on", url: server.url }]);
    await page.goto(users.path());
    await page.getByRole("link", { name: "Next" }).click();
    await expect(users.tick("user-149")).toBeVisible();
    await page.goto(users.path() + "?from=121");
    await expect(page.getByText("121–151 of 151")).toBeVisible();
    await page.goto(users.path() + "?seek=user-14");
    await expect(page.getByText("142–151 of 151")).toBeVisible();
  });
});

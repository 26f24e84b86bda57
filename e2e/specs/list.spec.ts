// The list: filters, order, pages and columns, each compared with what the API answers to the same question.

import type { Api } from "../support/api";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, test } from "../support/test";
import { Users } from "../support/users";

/** The first page that the API answers to a query. */
async function firstPage(api: Api, app: number, query: string): Promise<string[]> {
  const { items } = await api.call<{ items: { user_id: string }[] }>("GET", `/apps/${app}/accounts?${query}`);
  return items.map((account) => account.user_id);
}

test.describe("the demo application", () => {
  test("shows photo, username, nickname, type, creation time and operations @smoke", async ({ page, server, api }) => {
    const users = new Users(page, server.sdkappid);
    await users.open();
    for (const column of ["Username", "Nickname", "Type", "Creation time", "Operation"]) {
      await expect(page.getByRole("columnheader", { name: column, exact: true })).toBeVisible();
    }
    await users.expectIds(await firstPage(api, server.sdkappid, "limit=50"));
    const { accounts, admins } = await api.app(server.sdkappid);
    await expect(page.getByText(`${accounts.toLocaleString("en-GB")} accounts, ${admins} of 10 admins.`)).toBeVisible();
    await expect(page.getByText(`1–50 of ${accounts.toLocaleString("en-GB")}`)).toBeVisible();
    await axe(page);
  });

  for (const [column, field] of [["Username", "user_id"], ["Nickname", "nickname"], ["Creation time", "created_at"]] as const) {
    test(`is ordered by ${column}, both ways`, async ({ page, server, api }) => {
      const users = new Users(page, server.sdkappid);
      await users.open("?sort=" + (field === "nickname" ? "-created_at" : "-nickname"));
      const head = page.getByRole("columnheader", { name: column, exact: true });
      for (const [sort, direction] of [[field, "ascending"], [`-${field}`, "descending"]]) {
        await head.getByRole("link").click();
        await expect(head).toHaveAttribute("aria-sort", direction);
        await users.expectIds(await firstPage(api, server.sdkappid, `limit=50&sort=${sort}`));
      }
      await page.reload();
      await hydrated(page);
      await expect(head).toHaveAttribute("aria-sort", "descending");
    });
  }

  test("is paged to its end and back", async ({ page, server, api }) => {
    const users = new Users(page, server.sdkappid);
    await users.open("?limit=200&q=a");
    const all = await api.ids(server.sdkappid, { q: "a" });
    const seen = await users.ids();
    const [first] = seen;
    while (await page.getByRole("link", { name: "Next" }).getAttribute("href")) {
      const last = seen.at(-1) ?? "";
      await page.getByRole("link", { name: "Next" }).click();
      await expect(users.tick(last)).toHaveCount(0);
      seen.push(...(await users.ids()));
      await expect(page.getByText(`–${seen.length.toLocaleString("en-GB")} of`)).toBeVisible();
    }
    expect(seen).toEqual(all);
    while (await page.getByRole("link", { name: "Previous" }).getAttribute("href")) {
      const [top] = await users.ids();
      await page.getByRole("link", { name: "Previous" }).click();
      await expect(users.tick(top)).toHaveCount(0);
    }
    expect((await users.ids())[0]).toBe(first);
  });

  test("keeps its page size for the next visit", async ({ page, server }) => {
    const users = new Users(page, server.sdkappid);
    await users.open();
    await page.getByRole("group", { name: "Rows" }).getByRole("link", { name: "20", exact: true }).click();
    await expect.poll(async () => (await users.ids()).length).toBe(20);
    await users.open();
    expect(await users.ids()).toHaveLength(20);
  });

  test("is filtered by type, gender, verification, friending and day of creation", async ({ page, server, api }) => {
    const users = new Users(page, server.sdkappid);
    const chip = (name: string) => page.locator("details").filter({ has: page.locator("summary", { hasText: name }) });
    await users.open();
    await chip("Type").locator("summary").click();
    await chip("Type").getByLabel("Admin").check();
    await users.expectIds(await firstPage(api, server.sdkappid, "limit=50&type=admin"));
    await expect(chip("Type: Admin")).toBeVisible();
    await axe(page);
    await chip("Type: Admin").getByLabel("General").check();
    await expect(chip("Type: any of 2")).toBeVisible();
    await page.getByRole("link", { name: "Clear Type" }).click();
    await users.expectIds(await firstPage(api, server.sdkappid, "limit=50"));

    await chip("Gender").locator("summary").click();
    await chip("Gender").getByLabel("Female").check();
    await users.expectIds(await firstPage(api, server.sdkappid, "limit=50&gender=female"));
    await chip("More filters").locator("summary").click();
    await chip("More filters").getByLabel("Needs confirmation").check();
    await users.expectIds(await firstPage(api, server.sdkappid, "limit=50&gender=female&friend_verification=need_confirm"));
    await chip("More filters").getByLabel("May send friend requests").check();
    await users.expectIds(await firstPage(api, server.sdkappid, "limit=50&gender=female&friend_verification=need_confirm&friending=allowed"));

    const somebody = (await api.accounts(server.sdkappid, { gender: "female" }))[0];
    const day = somebody.created_at.slice(0, 10);
    const next = new Date(Date.parse(day) + 86_400_000).toISOString();
    await users.open("?gender=female");
    await chip("Created").locator("summary").click();
    await chip("Created").getByLabel("From").fill(day);
    await chip("Created").getByLabel("To, included").fill(day);
    await users.expectIds(await firstPage(api, server.sdkappid, `limit=50&gender=female&created_from=${day}T00:00:00Z&created_before=${next}`));
    await expect(users.tick(somebody.user_id)).toBeVisible();
    await page.reload();
    await hydrated(page);
    await expect(chip(`Created: ${day} to ${day}`)).toBeVisible();
  });
});

test("columns are chosen and remembered", async ({ users, api, page }) => {
  await api.createAccounts(users.app, [{ user_id: "ming", location: "深圳" }]);
  await users.open();
  await page.locator("summary", { hasText: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Location" }).check();
  await expect(users.row("ming")).toContainText("深圳");
  await axe(page);
  await page.reload();
  await hydrated(page);
  await expect(page.getByRole("columnheader", { name: "Location" })).toBeVisible();
  await expect(users.row("ming")).toContainText("深圳");
});

test.describe("in another time zone", () => {
  test.use({ timezoneId: "Asia/Kolkata" });

  test("times are UTC in the first HTML and the reader's own after it", async ({ users, api, page }) => {
    const { created_at } = await api.account(users.app, "administrator");
    const html = await (await page.request.get(users.path())).text();
    expect(html).toContain(created_at.slice(0, 16).replace("T", " "));
    await users.open();
    const local = new Date(Date.parse(created_at) + 5.5 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
    await expect(users.row("administrator").locator("time")).toHaveText(local);
  });
});

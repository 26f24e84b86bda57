// The first HTML already holds the rows; the browser takes it over without asking again and without losing a letter.

import type { Page } from "@playwright/test";
import { axe } from "../support/axe";
import { hydrated, painted } from "../support/page";
import { expect, test } from "../support/test";
import { isList } from "../support/users";

test("rows are in the first HTML, and the browser asks for none of them again @smoke", async ({ users, api, page }) => {
  await api.createAccounts(users.app, [{ user_id: "ming", nickname: "赵明远" }, { user_id: "mei", nickname: "小明" }]);
  const html = await (await page.request.get(users.path())).text();
  for (const text of ["Account Management", "administrator", "ming", "赵明远", "小明", "Batch Delete"]) expect(html).toContain(text);

  const asked: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.startsWith("/api/")) asked.push(request.url());
  });
  // What the page listens to is asked for last, and stays open.
  const listening = page.waitForRequest(/\/events$/);
  await users.open();
  await listening;
  await painted(page);
  await users.expectIds(["administrator", "mei", "ming"]);
  expect(asked.filter((url) => !url.includes("/events"))).toEqual([]);
});

test("the answer says what it is: no-store, and a policy without inline code", async ({ users, page }) => {
  const answer = await page.request.get(users.path());
  const headers = answer.headers();
  expect(headers["cache-control"]).toContain("no-store");
  expect(headers["content-security-policy"]).toMatch(/script-src [^;]*'nonce-/);
  expect(headers["content-security-policy"]).not.toContain("'unsafe-inline'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(await answer.text()).not.toMatch(/<[^>]+ style="/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page can be read, searched, sorted and paged", async ({ users, api, page }) => {
    await api.createAccounts(users.app, Array.from({ length: 25 }, (_, n) => ({ user_id: `user-${n + 10}`, nickname: `明 ${n}` })));
    await page.goto(`${users.path()}?limit=20`);
    await expect(users.tick("administrator")).toBeVisible();
    await page.getByRole("link", { name: "Next" }).click();
    await expect(users.tick("user-34")).toBeVisible();
    await users.search.fill("user-11");
    await users.search.press("Enter");
    await users.expectIds(["user-11"]);
    await page.goto(`${users.path()}?limit=20&sort=nickname`);
    await page.getByRole("columnheader", { name: "Username" }).getByRole("link").click();
    await expect(page).toHaveURL((url) => !url.search.includes("sort=nickname"));
    await expect(users.tick("administrator")).toBeVisible();
  });
});

test.describe("while the WASM is still on its way", () => {
  test("what is typed into the search survives, and is searched for", async ({ users, api, page }) => {
    await api.createAccounts(users.app, [{ user_id: "ming" }, { user_id: "mei" }]);
    const arrive = await holdWasm(page);
    await page.goto(users.path(), { waitUntil: "domcontentloaded" });
    await users.search.pressSequentially("ming");
    await users.expectIds(["administrator", "mei", "ming"]);
    arrive();
    await hydrated(page);
    await expect(users.search).toHaveValue("ming");
    await users.expectIds(["ming"]);
  });

  test("the form of a new account can be asked for", async ({ users, page }) => {
    const arrive = await holdWasm(page);
    await page.goto(users.path(), { waitUntil: "domcontentloaded" });
    await users.button("Create account").click();
    await expect(page).toHaveURL(`${users.path()}?dialog=create`);
    arrive();
    await hydrated(page);
    await expect(users.dialog("Create account").getByLabel("Username")).toBeVisible();
  });

  test("what is typed into the settings survives, and is saved", async ({ page, app, api }) => {
    const arrive = await holdWasm(page);
    await page.goto(`/apps/${app.sdkappid}/settings`, { waitUntil: "domcontentloaded" });
    const name = page.getByLabel("Name", { exact: true });
    await expect(name).toHaveValue(app.name);
    await name.fill("Typed early");
    arrive();
    await hydrated(page);
    await expect(name).toHaveValue("Typed early");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(async () => (await api.app(app.sdkappid)).name).toBe("Typed early");
  });

  test.describe("signed out", () => {
    test.use({ storageState: { cookies: [], origins: [] } });

    test("what is typed into the sign-in survives, and signs in", async ({ page, server }) => {
      const arrive = await holdWasm(page);
      await page.goto("/sign-in", { waitUntil: "domcontentloaded" });
      await page.getByLabel("E-mail").fill(server.email);
      await page.getByLabel("Password").fill(server.password);
      arrive();
      await hydrated(page);
      await expect(page.getByLabel("E-mail")).toHaveValue(server.email);
      await expect(page.getByLabel("Password")).toHaveValue(server.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page).toHaveURL("/apps");
    });
  });
});

test("a hostile nickname and a javascript: photo are only text", async ({ users, api, page }) => {
  const nickname = "</script><img src=x onerror=\"document.title='owned'\">";
  await api.createAccounts(users.app, [
    { user_id: "hostile", nickname, whats_up: nickname },
    { user_id: "</td><script>alert(1)</script>" },
  ]);
  const refused = await api.try("POST", `/apps/${users.app}/accounts`, { user_id: "js", type: "general", nickname: "", photo_url: "javascript:alert(1)" });
  expect(refused.status()).toBe(422);
  await users.open();
  await expect(users.row("hostile")).toContainText(nickname);
  await expect(users.row("hostile").locator("img")).toHaveCount(0);
  await expect(page).toHaveTitle("Account Management · Rollcall");
  const dialog = await users.openEdit("hostile");
  await expect(dialog.getByLabel("Nickname")).toHaveValue(nickname);
  await page.keyboard.press("Escape");
  await page.reload();
  await hydrated(page);
  await expect(page).toHaveTitle("Account Management · Rollcall");
  expect(await page.locator("img[src^='javascript'], img[onerror]").count()).toBe(0);
  await axe(page);
});

test("the list is asked for once when the question changes", async ({ users, page }) => {
  await users.open();
  let asked = 0;
  page.on("request", (request) => (asked += isList(request) ? 1 : 0));
  await page.getByRole("columnheader", { name: "Nickname" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "Nickname" })).toHaveAttribute("aria-sort", "ascending");
  // The next question comes after whatever the first one asked twice.
  await page.getByRole("columnheader", { name: "Nickname" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "Nickname" })).toHaveAttribute("aria-sort", "descending");
  await painted(page);
  expect(asked).toBe(2);
});

/** Keeps the WASM back until the answer of this function is called. */
async function holdWasm(page: Page): Promise<() => void> {
  let open = () => {};
  const gate = new Promise<void>((arrived) => (open = arrived));
  await page.route("**/*.wasm", async (route) => {
    await gate;
    await route.fallback();
  });
  return open;
}

// What surrounds the accounts: the second way to them, pages that are not there, the theme, and small screens.

import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, test } from "../support/test";

test("Live > Users shows the same accounts, and says so @smoke", async ({ users, api, page }) => {
  await api.createAccounts(users.app, [{ user_id: "ming", nickname: "赵明远" }]);
  await users.open();
  const navigation = page.getByRole("navigation", { name: "Application" });
  await expect(navigation.getByRole("link", { name: "Users" })).toHaveCount(2);
  await navigation.getByRole("link", { name: "Users" }).nth(1).click();
  await expect(page).toHaveURL(users.path("live"));
  await expect(page.getByText("Live and Chat share the same account system.")).toBeVisible();
  await users.expectIds(["administrator", "ming"]);
  await expect(navigation.getByRole("link", { name: "Users" }).nth(1)).toHaveAttribute("aria-current", "page");
  const dialog = await users.openEdit("ming");
  await expect(page).toHaveURL(`${users.path("live")}?edit=ming`);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await axe(page);
});

test("what is not there answers 404 with a way on", async ({ page, clean }) => {
  clean.allow(404);
  for (const [path, title] of [["/nowhere", "Page not found"], ["/apps/1499999999/settings", "Application not found"], ["/apps/1499999999/chat/users", ""]]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    if (title) await expect(page.getByRole("heading", { name: title })).toBeVisible();
    await hydrated(page);
    await axe(page);
  }
  await page.goto("/nowhere");
  await page.getByRole("main").getByRole("link", { name: "All applications" }).click();
  await expect(page).toHaveURL("/apps");
});

test("the theme is the system's until one is chosen, and is right in the first HTML", async ({ page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto("/profile");
  await hydrated(page);
  await expect(page.getByRole("radio", { name: "System" })).toBeChecked();
  const light = await background();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(background).not.toBe(light);
  const dark = await background();

  await page.getByRole("radio", { name: "Light" }).check();
  await expect.poll(background).toBe(light);
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(background).toBe(dark);
  expect(await (await page.request.get("/apps")).text()).toMatch(/<html[^>]*theme-dark/);
  await page.goto("/apps");
  expect(await background()).toBe(dark);
});

test("shortcuts of one key can be switched off, and stay off", async ({ users, page }) => {
  await page.goto("/profile");
  await hydrated(page);
  await page.getByRole("checkbox", { name: "Single keys act on the accounts page" }).uncheck();
  await users.open();
  await expect(users.button("Create account").locator("kbd")).toBeHidden();
  await page.keyboard.press("c");
  await page.keyboard.press("/");
  await expect(users.search).not.toBeFocused();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.goto("/profile");
  await hydrated(page);
  await page.getByRole("checkbox", { name: "Single keys act on the accounts page" }).check();
  await users.open();
  await page.keyboard.press("c");
  await expect(users.dialog("Create account")).toBeVisible();
});

test("a new application's page leads to its first account", async ({ users, page }) => {
  await users.open();
  await expect(page).toHaveTitle("Account Management · Rollcall");
  await users.expectIds(["administrator"]);
  await expect(users.button("Batch Export")).toBeDisabled();
  await expect(users.button("Batch Delete")).toBeDisabled();
});

test.describe("390 pixels wide", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("nothing is cut off, and the flow works", async ({ users, api, page }) => {
    test.slow();
    await api.createAccounts(users.app, [{ user_id: "a-rather-long-username-32-bytes-", nickname: "A rather long nickname that does not end soon, does it? 赵明远" }]);
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    await users.open();
    expect(await fits()).toBe(true);
    await axe(page);
    const create = await users.openCreate();
    expect(await fits()).toBe(true);
    await create.getByLabel("Username").fill("ming");
    await create.getByRole("button", { name: "Confirm" }).click();
    await expect(users.row("ming")).toBeVisible();
    const edit = await users.openEdit("ming");
    expect(await fits()).toBe(true);
    await axe(page);
    await edit.getByLabel("Role").fill("2");
    await edit.getByRole("button", { name: "Confirm" }).click();
    await users.expectToast("ming was saved.");
    for (const path of ["/apps", "/profile", `/apps/${users.app}/settings`, `/apps/${users.app}/tasks`]) {
      await page.goto(path);
      await hydrated(page);
      expect(await fits(), path).toBe(true);
      await axe(page);
    }
  });
});

test("the API can be browsed, from the server's own files", async ({ page }) => {
  await page.goto("/api/docs");
  await expect(page.getByText("/api/v1/apps/{app}/accounts", { exact: true }).first()).toBeVisible();
  await axe(page);
  const description = await page.request.get("/api/openapi.json");
  expect(Object.keys((await description.json()).paths)).toContain("/api/v1/apps/{app}/accounts");
});

test("settings: the calls of the server API are limited as the operator says", async ({ page, api, app }) => {
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  await expect(page.getByLabel("Calls a second on many accounts")).toHaveValue("100");
  await page.getByLabel("Other calls a second").fill("many");
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page.getByText("Enter 0 to 1,000,000 calls.")).toBeVisible();
  await page.getByLabel("Other calls a second").fill("0");
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page.getByText("Settings saved.")).toBeVisible();
  expect(await api.call("GET", `/apps/${app.sdkappid}/call-limits`)).toEqual({ bulk: 100, other: 0, pushes: 100 });
});

test("on a phone the bar of pages shows the one that is open", async ({ page, app }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  const current = page.locator("nav a[aria-current=page]");
  await expect(current).toHaveText("Settings");
  await expect.poll(async () => {
    const box = await current.boundingBox();
    return box !== null && box.x >= 0 && box.x + box.width <= 390;
  }).toBe(true);
});

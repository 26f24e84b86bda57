// Applications: from the first one to its end, with its secret key and tokens.

import { request as http } from "@playwright/test";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, test } from "../support/test";

test("a new application begins with its administrator", async ({ page, api }) => {
  const name = `Aurora 直播 ${Date.now()}`;
  await page.goto("/apps");
  await expect(page.getByRole("heading", { name: "Applications" })).toBeVisible();
  await hydrated(page);
  await axe(page);
  await page.getByRole("button", { name: "Create application" }).click();
  const dialog = page.getByRole("dialog", { name: "Create application" });
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await dialog.getByLabel("Name").fill("x".repeat(81));
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByText("At most 80 bytes.")).toBeVisible();
  await axe(page);
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Confirm" }).click();

  await expect(page).toHaveURL(/\/apps\/14\d{8}\/chat\/users$/);
  await expect(page.getByRole("heading", { name: "Account Management" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "administrator" })).toContainText("Admin");
  const sdkappid = Number(/\d{10}/.exec(page.url())?.[0]);
  expect(await api.app(sdkappid)).toMatchObject({ name, accounts: 1, admins: 1, status: "enabled", deletion_permitted: false });

  await page.getByRole("link", { name: "Applications", exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText(String(sdkappid));
  await expect(row).toContainText("1 / 10");
  await expect(row).toContainText("Enabled");
});

test("the switcher leads to another application", async ({ page, api, app, users }) => {
  const other = await api.createApp(`Other ${Date.now()}`, [{ user_id: "only-there" }]);
  await users.open();
  await page.getByRole("button", { name: "Switch application" }).click();
  await page.getByRole("link", { name: other.name }).click();
  await expect(page).toHaveURL(`/apps/${other.sdkappid}/chat/users`);
  await users.expectIds(["administrator", "only-there"]);
  await expect(page.getByRole("button", { name: "Switch application" })).toContainText(String(other.sdkappid));
  expect(other.sdkappid).not.toBe(app.sdkappid);
});

test("settings can be changed, and a change by someone else is not overwritten", async ({ page, app, api, clean }) => {
  clean.allow(412);
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  await axe(page);
  await page.getByLabel("Name", { exact: true }).fill("Renamed");
  await page.getByLabel("Friend Request Verification of new accounts").selectOption("Needs confirmation");
  await page.getByLabel("A deleted username can be used again").selectOption("After 90 days");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "Settings saved." })).toBeVisible();
  expect(await api.app(app.sdkappid)).toMatchObject({ name: "Renamed", friend_verification_default: "need_confirm", user_id_reuse: "after_90_days" });
  await expect(page.getByRole("button", { name: "Switch application" })).toContainText("Renamed");

  const { etag } = (await api.try("GET", `/apps/${app.sdkappid}`)).headers();
  await api.call("PATCH", `/apps/${app.sdkappid}`, { name: "Theirs" }, { "If-Match": etag });
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Someone else saved the name “Theirs” meanwhile. Save again to replace it with yours.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Mine");
  expect((await api.app(app.sdkappid)).name).toBe("Theirs");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  // What the first one said may still be there.
  await expect.poll(async () => (await api.app(app.sdkappid)).name).toBe("Mine");
});

test("the secret key is hidden until asked for, copied and rotated", async ({ page, app, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  const key = page.getByTestId("secret-key");
  await expect(key).toHaveText(/^•+$/);
  expect(await (await page.request.get(page.url())).text()).not.toMatch(/[0-9a-f]{64}/);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(key).toHaveText(/^[0-9a-f]{64}$/);
  const before = await key.textContent();
  await page.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Copied." })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(before);

  await page.getByRole("button", { name: "Rotate", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Rotate the secret key?" });
  await axe(page);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The secret key was rotated." })).toBeVisible();
  await expect(key).toHaveText(/^[0-9a-f]{64}$/);
  await expect(key).not.toHaveText(before ?? "");
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(key).toHaveText(/^•+$/);
});

test("a token works for its application until it is revoked", async ({ page, app, server }) => {
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  await expect(page.getByText("No tokens yet.")).toBeVisible();
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog", { name: "Create token" });
  await dialog.getByLabel("What it is for").fill("Nightly report");
  await dialog.getByLabel("Days until it expires").fill("731");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByText("A number from 1 to 730.")).toBeVisible();
  await axe(page);
  await dialog.getByLabel("Days until it expires").fill("30");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  const made = page.getByRole("dialog", { name: "Token created" });
  await expect(made).toContainText("Copy it now: it is shown only this once.");
  const token = await made.getByTestId("token").textContent();
  expect(token).toMatch(/^rc_[\w-]{43}$/);
  await axe(page);
  await made.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Nightly report" })).toContainText("Read");

  const program = await http.newContext({ baseURL: server.url, storageState: { cookies: [], origins: [] }, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
  const list = `/api/v1/apps/${app.sdkappid}/accounts`;
  expect((await program.get(list)).status()).toBe(200);
  expect((await program.post(list, { data: { user_id: "x", type: "general", nickname: "", photo_url: "" } })).status()).toBe(403);
  expect((await program.get(`/api/v1/apps/${server.sdkappid}/accounts`)).ok()).toBe(false);
  await page.getByRole("button", { name: "Revoke Nightly report" }).click();
  await expect(page.getByText("No tokens yet.")).toBeVisible();
  expect((await program.get(list)).status()).toBe(401);
  await program.dispose();
});

test("a disabled application can be read and exported, nothing else", async ({ page, app, api, users }) => {
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  await page.getByRole("button", { name: "Disable application" }).click();
  await expect(page.getByRole("button", { name: "Enable application" })).toBeVisible();
  expect((await api.app(app.sdkappid)).status).toBe("disabled");

  await users.open();
  await expect(page.getByText("This application is disabled.")).toBeVisible();
  await expect(users.button("Create account")).toHaveAttribute("aria-disabled", "true");
  await users.expectIds(["administrator"]);
  await axe(page);

  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  const name = page.getByLabel("Name", { exact: true });
  const calls = page.getByLabel("Calls a second on many accounts");
  await name.fill("Typed before");
  await calls.fill("77");
  await page.getByRole("button", { name: "Enable application" }).click();
  await expect(page.getByRole("button", { name: "Disable application" })).toBeFocused();
  expect((await api.app(app.sdkappid)).status).toBe("enabled");
  await expect(name).toHaveValue("Typed before");
  await expect(calls).toHaveValue("77");
  await page.getByRole("button", { name: "Save", exact: true }).first().click();
  await expect.poll(async () => (await api.app(app.sdkappid)).name).toBe("Typed before");
});

test("an application is deleted only by typing its name", async ({ page, app, api, clean }) => {
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  await page.getByRole("button", { name: "Delete application" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete application" });
  const confirm = dialog.getByRole("button", { name: "Delete application" });
  await expect(confirm).toBeDisabled();
  await axe(page);
  await dialog.getByLabel("Type the application's name to confirm").fill(app.name.slice(1));
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel("Type the application's name to confirm").fill(app.name);
  await confirm.click();
  await expect(page).toHaveURL("/apps");
  await expect(page.getByRole("row").filter({ hasText: String(app.sdkappid) })).toHaveCount(0);

  clean.allow(404);
  expect((await api.try("GET", `/apps/${app.sdkappid}`)).status()).toBe(404);
  const answer = await page.goto(`/apps/${app.sdkappid}/chat/users`);
  expect(answer?.status()).toBe(404);
});

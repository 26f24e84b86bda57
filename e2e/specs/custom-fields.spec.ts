// Custom profile fields: defined in the settings, filled in the form of an account, shown in the list, exported.

import { readFile } from "node:fs/promises";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { readCsv, unguard } from "../support/sheet";
import { expect, test } from "../support/test";

test("a field is added, given rights, filled, shown in the list and exported @smoke", async ({ page, api, app, users }) => {
  await api.createAccounts(app.sdkappid, [{ user_id: "ming", nickname: "赵明远" }]);
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  const panel = page.getByRole("region", { name: "Custom fields" });
  await expect(panel.getByText("No custom fields yet.")).toBeVisible();
  const name = panel.getByLabel("Name of a new field");
  await name.fill("Hobbies12");
  await name.press("Enter");
  await expect(panel.getByText("Use 1 to 8 letters from A to Z.")).toBeVisible();
  await axe(page);
  await name.fill("Hobby");
  await name.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "The custom field Hobby was added." })).toBeVisible();
  await expect(name).toBeFocused();
  await expect(name).toHaveValue("");
  await name.fill("hobby");
  await name.press("Enter");
  await expect(panel.getByText("There is a field of this name already.")).toBeVisible();
  await panel.getByRole("checkbox", { name: "Server API writes Hobby" }).uncheck();
  await expect(page.getByRole("status").filter({ hasText: "Settings saved." })).toBeVisible();
  const stored = { custom_fields: [{ name: "Hobby", readable: true, writable: false }] };
  expect(await api.app(app.sdkappid)).toMatchObject(stored);
  await axe(page);

  await users.open();
  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Hobby").fill("象".repeat(167));
  await expect(dialog.getByText("At most 500 bytes.")).toBeVisible();
  await dialog.getByLabel("Hobby").fill("象棋");
  await expect(dialog).toContainText("1 field changed");
  await axe(page);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  expect(await api.account(app.sdkappid, "ming")).toMatchObject({ custom: { Hobby: "象棋" } });

  await page.locator("summary", { hasText: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Hobby" }).check();
  await expect(users.row("ming")).toContainText("象棋");
  await page.reload();
  await hydrated(page);
  await expect(page.getByRole("columnheader", { name: "Hobby" })).toBeVisible();
  await expect(users.row("ming")).toContainText("象棋");

  await users.row("ming").getByRole("button", { name: "Export ming" }).click();
  const ask = users.dialog("Export accounts");
  await ask.getByLabel("As shown in the list").check();
  await ask.getByRole("button", { name: "Confirm" }).click();
  const done = users.dialog("Export successful");
  const downloading = page.waitForEvent("download");
  await done.getByRole("link", { name: "Download" }).click();
  const cells = readCsv(await readFile(await (await downloading).path())).map((row) => row.map(unguard));
  expect(cells[0]).toEqual(["user_id", "nickname", "type", "custom.Hobby", "created_at"]);
  expect(cells[1].slice(0, 4)).toEqual(["ming", "赵明远", "general", "象棋"]);
});

test("an edit of a custom field can be undone, and two people choose between theirs", async ({ api, app, users, clean }) => {
  clean.allow(412);
  await api.call("PATCH", `/apps/${app.sdkappid}`, { custom_fields: [{ name: "Hobby", readable: true, writable: true }] });
  await api.createAccounts(app.sdkappid, [{ user_id: "ming" }]);
  await users.open();
  let dialog = await users.openEdit("ming");
  await dialog.getByLabel("Hobby").fill("chess");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  await users.toasts.getByRole("button", { name: "Undo" }).click();
  await users.expectToast("The edit was undone.");
  expect(await api.account(app.sdkappid, "ming")).toMatchObject({ custom: {} });

  dialog = await users.openEdit("ming");
  await dialog.getByLabel("Hobby").fill("mine");
  await api.patch(app.sdkappid, "ming", { custom: { Hobby: "theirs" } });
  await dialog.getByRole("button", { name: "Confirm" }).click();
  const conflict = users.dialog("This account was changed meanwhile");
  await conflict.getByRole("radio", { name: "Hobby: Yours" }).check();
  await conflict.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  expect(await api.account(app.sdkappid, "ming")).toMatchObject({ custom: { Hobby: "mine" } });
});

test("a right that someone else changed meanwhile is not overwritten", async ({ page, api, app, clean }) => {
  clean.allow(412);
  const field = (readable: boolean) => ({ name: "Hobby", readable, writable: true });
  await api.call("PATCH", `/apps/${app.sdkappid}`, { custom_fields: [field(true)] });
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  await api.call("PATCH", `/apps/${app.sdkappid}`, { custom_fields: [field(false)] });
  const panel = page.getByRole("region", { name: "Custom fields" });
  await panel.getByRole("checkbox", { name: "Server API writes Hobby" }).uncheck();
  await expect(page.getByRole("status").filter({ hasText: "Someone else changed the settings meanwhile." })).toBeVisible();
  await expect(panel.getByRole("checkbox", { name: "Server API writes Hobby" })).toBeChecked();
  await expect(panel.getByRole("checkbox", { name: "Server API reads Hobby" })).not.toBeChecked();
  expect(await api.app(app.sdkappid)).toMatchObject({ custom_fields: [field(false)] });
});

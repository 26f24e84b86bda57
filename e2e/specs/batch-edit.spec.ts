// The same change for many accounts: chosen field by field, confirmed with their number, done at once or by a job.

import type { NewAccount } from "../support/api";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, test } from "../support/test";

/** `n` accounts, `user-000` and up. */
function people(n: number): NewAccount[] {
  return Array.from({ length: n }, (_, i) => ({ user_id: `user-${String(i).padStart(3, "0")}`, nickname: `Person ${i}`, level: i }));
}

test("ticked accounts get the same values, and keep everything else @smoke", async ({ users, api, app, page }) => {
  await api.call("PATCH", `/apps/${app.sdkappid}`, { custom_fields: [{ name: "Team", readable: true, writable: true }] });
  await api.createAccounts(users.app, people(3));
  await users.open();
  await expect(users.button("Batch Edit")).toBeDisabled();
  for (const id of ["user-000", "user-002"]) await users.tick(id).check();
  await users.button("Batch Edit").click();
  const dialog = users.dialog("Edit 2 accounts");
  await expect(dialog).toContainText("Choose at least one field.");
  await expect(dialog.getByRole("button", { name: "Continue" })).toBeDisabled();
  await dialog.getByRole("checkbox", { name: "Gender" }).check();
  await dialog.getByLabel("Gender", { exact: true }).and(dialog.locator("select")).selectOption("Female");
  await dialog.getByRole("checkbox", { name: "Location" }).check();
  const location = dialog.getByRole("textbox", { name: "Location" });
  await location.fill("Shenzhen, Guangdong");
  await expect(dialog).toContainText("1 field to correct");
  await axe(page);
  await location.fill("深圳");
  await dialog.getByRole("checkbox", { name: "Team" }).check();
  await dialog.getByRole("textbox", { name: "Team" }).fill("Red");
  await expect(dialog).toContainText("3 fields will change");
  await dialog.getByRole("button", { name: "Continue" }).click();
  const question = users.dialog("Edit 2 accounts?");
  for (const line of ["Gender: Female", "Location: 深圳", "Team: Red"]) await expect(question).toContainText(line);
  await axe(page);
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(location).toHaveValue("深圳");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await question.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("2 accounts edited.");
  await expect(dialog).toBeHidden();
  const set = { gender: "female", location: "深圳", custom: { Team: "Red" } };
  expect(await api.account(users.app, "user-000")).toMatchObject({ ...set, nickname: "Person 0", level: 0, version: 2 });
  expect(await api.account(users.app, "user-002")).toMatchObject({ ...set, nickname: "Person 2", level: 2, version: 2 });
  expect(await api.account(users.app, "user-001")).toMatchObject({ gender: "unknown", location: "", custom: {}, version: 1 });
});

test("all that match are edited by a job, after typing their number", async ({ users, api, page }) => {
  await api.createAccounts(users.app, people(150));
  await users.open("?q=user-");
  await users.button("Select all that match").click();
  await expect(page.getByText("150 selected")).toBeVisible();
  await users.tick("user-007").uncheck();
  await users.button("Batch Edit").click();
  const dialog = users.dialog("Edit 149 accounts");
  await dialog.getByRole("checkbox", { name: "Nickname" }).check();
  await dialog.getByRole("textbox", { name: "Nickname" }).fill("改名");
  await dialog.getByRole("button", { name: "Continue" }).click();
  const question = users.dialog("Edit 149 accounts?");
  await question.getByLabel("Type 149 to confirm").fill("149");
  await question.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("149 accounts edited.");
  expect(await api.ids(users.app, { q: "改名", limit: "200" })).toHaveLength(149);
  expect((await api.account(users.app, "user-007")).nickname).toBe("Person 7");
  expect(await api.jobs(users.app)).toMatchObject([{ kind: "edit", state: "done", done: 149, total: 149 }]);
  await page.goto(`/apps/${users.app}/tasks`);
  await hydrated(page);
  await expect(page.getByRole("row").filter({ hasText: "Edit" })).toContainText("149 / 149");
  await axe(page);
});

test("what a job refused is downloaded from Tasks", async ({ users, api, page }) => {
  await api.createAccounts(users.app, people(2));
  await api.permitDeletion(users.app);
  const selection = { filter: {}, as_of: new Date(Date.now() + 60_000).toISOString() };
  await api.call("POST", `/apps/${users.app}/account-deletions`, selection);
  await expect.poll(async () => (await api.jobs(users.app))[0].state).toBe("done");
  await page.goto(`/apps/${users.app}/tasks`);
  await hydrated(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "1 refused (CSV)" }).click();
  const stream = await (await downloading).createReadStream();
  let text = "";
  for await (const part of stream) text += part;
  expect(text).toContain("administrator,user_id,protected_account,");
});

test("a list that is open shows what a job of somebody else did", async ({ users, api }) => {
  await api.createAccounts(users.app, people(3));
  await users.open();
  await expect(users.row("user-001")).toContainText("Person 1");
  const selection = { filter: { q: "user-" }, as_of: new Date(Date.now() + 60_000).toISOString() };
  await api.call("POST", `/apps/${users.app}/account-edits`, { selection, patch: { nickname: "改名" } });
  await expect(users.row("user-001")).toContainText("改名");
});

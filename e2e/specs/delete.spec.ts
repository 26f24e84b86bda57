// Deleting accounts: not permitted until someone takes the responsibility, named before it happens, counted after.

import type { NewAccount } from "../support/api";
import { axe } from "../support/axe";
import { expect, test } from "../support/test";

/** `n` accounts, `user-000` and up. */
function people(n: number): NewAccount[] {
  return Array.from({ length: n }, (_, i) => ({ user_id: `user-${String(i).padStart(3, "0")}`, nickname: `Person ${i}` }));
}

test("deletion is not permitted until the restriction is lifted, and can be forbidden again @smoke", async ({ users, api, page }) => {
  await api.createAccounts(users.app, people(1));
  await users.open();
  await expect(page.getByText("Account deletion is not permitted in this application. Click here to remove the restriction.")).toBeVisible();
  await users.tick("user-000").check();
  await expect(users.button("Batch Delete")).toBeDisabled();
  await expect(users.button("Batch Delete")).toHaveAccessibleDescription("Deletion is not permitted in this application.");

  await users.button("Click here").click();
  const dialog = users.dialog("Remove the deletion restriction?");
  await expect(dialog).toContainText("A deleted account's data cannot be recovered");
  await axe(page);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect((await api.app(users.app)).deletion_permitted).toBe(false);
  await users.button("Click here").click();
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("Account deletion is permitted now.");
  await expect(page.getByText("Account deletion is permitted in this application.")).toBeVisible();
  await expect(users.button("Batch Delete")).toBeEnabled();
  expect((await api.app(users.app)).deletion_permitted).toBe(true);
  await axe(page);

  await users.button("Put the restriction back").click();
  await users.expectToast("The deletion restriction is back.");
  await expect(users.button("Batch Delete")).toBeDisabled();
  expect((await api.app(users.app)).deletion_permitted).toBe(false);
});

test("ticked accounts are deleted in one call, admins are named, administrator stays @smoke", async ({ users, api, page }) => {
  await api.createAccounts(users.app, [...people(3), { user_id: "chief", type: "admin" }]);
  await api.permitDeletion(users.app);
  const calls: unknown[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/account-deletions")) calls.push(request.postDataJSON());
  });
  await users.open();
  await expect(users.button("Batch Delete")).toBeDisabled();
  for (const id of ["administrator", "chief", "user-001"]) await users.tick(id).check();
  await expect(page.getByText("3 selected")).toBeVisible();
  await axe(page);
  await users.button("Batch Delete").click();
  const dialog = users.dialog("Delete 3 accounts?");
  await expect(dialog).toContainText("A deleted account's data cannot be recovered. This cannot be undone.");
  await expect(dialog).toContainText("2 admins are among them: administrator, chief.");
  await expect(dialog).toContainText("administrator cannot be deleted and stays.");
  await axe(page);
  await dialog.getByRole("button", { name: "Confirm" }).click();

  const result = users.dialog("Batch Delete");
  await expect(result).toContainText("2 accounts deleted.");
  await expect(result).toContainText("1 account was not deleted:");
  await expect(result.getByRole("row").filter({ hasText: "administrator" })).toBeVisible();
  await axe(page);
  await result.getByRole("button", { name: "Close" }).click();
  await users.expectIds(["administrator", "user-000", "user-002"]);
  expect(calls).toHaveLength(1);
  expect(await api.ids(users.app)).toEqual(["administrator", "user-000", "user-002"]);
  expect(await api.app(users.app)).toMatchObject({ accounts: 3, admins: 1 });
  await expect(page.getByText("3 accounts, 1 of 10 admins.")).toBeVisible();
});

test("a whole page is ticked at once, and ticks survive paging", async ({ users, api, page }) => {
  await api.createAccounts(users.app, people(30));
  await api.permitDeletion(users.app);
  await users.open("?limit=20");
  await page.getByRole("checkbox", { name: "Select page" }).check();
  await expect(page.getByText("20 selected")).toBeVisible();
  await page.getByRole("link", { name: "Next" }).click();
  await expect(users.tick("user-029")).toBeVisible();
  await expect(page.getByText("20 selected")).toBeVisible();
  await users.tick("user-029").check();
  await expect(page.getByText("21 selected")).toBeVisible();
  await page.goBack();
  await expect(users.tick("user-000")).toBeChecked();
  await users.button("Clear").click();
  await expect(users.tick("user-000")).not.toBeChecked();
});

test("all that match are deleted by a job, after typing their number", async ({ users, api, page }) => {
  await api.createAccounts(users.app, people(150));
  await api.createAccounts(users.app, [{ user_id: "keep-me", nickname: "not a match" }]);
  await api.permitDeletion(users.app);
  await users.open("?q=user-");
  await expect(page.getByText("150 matches")).toBeVisible();
  await users.button("Select all that match").click();
  await expect(page.getByText("150 selected")).toBeVisible();
  await users.tick("user-007").uncheck();
  await expect(page.getByText("149 selected")).toBeVisible();
  await api.createAccounts(users.app, [{ user_id: "user-late", nickname: "came after the question" }]);
  await users.button("Batch Delete").click();
  const dialog = users.dialog("Delete 149 accounts?");
  const confirm = dialog.getByRole("button", { name: "Confirm" });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel("Type 149 to confirm").fill("148");
  await expect(confirm).toBeDisabled();
  await axe(page);
  await dialog.getByLabel("Type 149 to confirm").fill("149");
  await confirm.click();

  await expect(page.getByText("149 accounts deleted.")).toBeVisible();
  expect(await api.ids(users.app)).toEqual(["administrator", "keep-me", "user-007", "user-late"]);
  expect(await api.jobs(users.app)).toMatchObject([{ kind: "deletion", state: "done", done: 149, total: 149 }]);
  expect((await api.app(users.app)).accounts).toBe(4);
});

test("a restriction that came back while the question was open is respected", async ({ users, api, clean }) => {
  clean.allow(403, 409);
  await api.createAccounts(users.app, people(2));
  await api.permitDeletion(users.app);
  await users.open();
  await users.tick("user-000").check();
  await users.button("Batch Delete").click();
  await api.permitDeletion(users.app, false);
  await users.dialog("Delete 1 account?").getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("This application does not permit account deletion. Lift the restriction first.");
  expect(await api.ids(users.app)).toEqual(["administrator", "user-000", "user-001"]);
});

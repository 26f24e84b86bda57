// Editing an account: every field of the vendor's dialog, nothing but what was touched, and never a silent overwrite.

import type { Page } from "@playwright/test";
import type { Account } from "../support/api";
import { axe } from "../support/axe";
import { expect, test } from "../support/test";

const LABELS = [
  "Username", "Nickname", "Account Type", "Gender", "Birth Date", "Location", "What's Up", "Friend Request Verification",
  "Language", "Profile Photo", "Message settings", "Friending", "Level", "Role",
];

test.beforeEach(({ api, app }) => api.createAccounts(app.sdkappid, [{ user_id: "ming", nickname: "赵明远", level: 7 }]));

/** The bodies of the changes that the page sends. */
function patches(page: Page): Partial<Account>[] {
  const sent: Partial<Account>[] = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") sent.push(request.postDataJSON());
  });
  return sent;
}

test("every field of the dialog is saved as what it means @smoke", async ({ users, api, page }) => {
  await users.open();
  const dialog = await users.openEdit("ming");
  for (const label of LABELS) await expect(dialog.getByLabel(label, { exact: true })).toBeVisible();
  for (const label of ["Username", "Account Type"]) await expect(dialog.getByLabel(label)).not.toBeEditable();
  await axe(page);

  await dialog.getByLabel("Nickname").fill("赵明");
  await dialog.getByLabel("Gender").selectOption("Male");
  await dialog.getByLabel("Birth Date").fill("1988-05-14");
  await dialog.getByLabel("Location").fill("深圳");
  await dialog.getByLabel("What's Up").fill("在深圳，周末骑车 🚲");
  await dialog.getByLabel("Friend Request Verification").selectOption("Needs confirmation");
  await dialog.getByLabel("Language").selectOption("Chinese (Simplified)");
  await dialog.getByLabel("Profile Photo").fill("https://cdn.example.org/u/88.jpg");
  await dialog.getByLabel("Message settings").selectOption("Do not receive messages");
  await dialog.getByLabel("Friending").selectOption("May not send friend requests");
  await dialog.getByLabel("Level").fill("4294967295");
  await dialog.getByLabel("Role").fill("3");
  await expect(dialog).toContainText("12 fields changed");
  await dialog.getByRole("button", { name: "Confirm" }).click();

  await expect(dialog).toBeHidden();
  await users.expectToast("ming was saved.");
  await expect(users.row("ming")).toContainText("赵明");
  expect(await api.account(users.app, "ming")).toMatchObject({
    nickname: "赵明", gender: "male", birth_date: 19880514, location: "深圳", whats_up: "在深圳，周末骑车 🚲",
    friend_verification: "need_confirm", language: 2, photo_url: "https://cdn.example.org/u/88.jpg", message_settings: 1,
    friending: "forbidden", level: 4294967295, role: 3, version: 2,
  });
});

test("only what was touched is sent", async ({ users, api, page }) => {
  await api.patch(users.app, "ming", { birth_date: 7, language: 4711, message_settings: 6 });
  const sent = patches(page);
  await users.open();
  const dialog = await users.openEdit("ming");
  await expect(dialog).toContainText("Stored as 7, which is no date. It stays until you choose one.");
  await expect(dialog.getByLabel("Language").locator("option:checked")).toHaveText("Language 4711");
  await dialog.getByLabel("Location").fill("Wien");
  await dialog.getByLabel("Role").fill("12");
  await dialog.getByLabel("Role").fill("0");
  await expect(dialog).toContainText("1 field changed");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  expect(sent).toEqual([{ location: "Wien" }]);
  expect(await api.account(users.app, "ming")).toMatchObject({ birth_date: 7, language: 4711, message_settings: 6, location: "Wien" });
});

test("limits count bytes, and numbers are whole", async ({ users, page }) => {
  const sent = patches(page);
  await users.open();
  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Location").fill("Shenzhen, Guangdong");
  await expect(dialog.getByText("At most 16 bytes.")).toBeVisible();
  await dialog.getByLabel("Level").fill("-1");
  await expect(dialog.getByText("A whole number from 0 to 4,294,967,295.")).toBeVisible();
  await expect(dialog).toContainText("2 fields to correct");
  await axe(page);
  await expect(dialog.getByRole("button", { name: "Confirm" })).toBeDisabled();
  await page.keyboard.press("Control+Enter");
  await dialog.getByLabel("Level").fill("8");
  await expect(dialog).toContainText("1 field to correct");
  await dialog.getByLabel("Location").fill("深圳市南山");
  await page.keyboard.press("Control+Enter");
  await users.expectToast("ming was saved.");
  expect(sent).toEqual([{ level: 8, location: "深圳市南山" }]);
});

test("changes are not lost without a warning", async ({ users, page }) => {
  await users.open();
  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Nickname").fill("not saved");
  await page.keyboard.press("Escape");
  const question = users.dialog("Leave without saving?");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog.getByLabel("Nickname")).toHaveValue("not saved");

  const warned: string[] = [];
  page.on("dialog", (warning) => {
    warned.push(warning.type());
    void warning.accept();
  });
  await page.reload();
  expect(warned).toEqual(["beforeunload"]);
});

test("an unchanged dialog closes at once, and Back closes it too", async ({ users, page }) => {
  await users.open();
  const dialog = await users.openEdit("ming");
  await expect(page).toHaveURL(`${users.path()}?edit=ming`);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await users.openEdit("ming");
  await page.goBack();
  await expect(dialog).toBeHidden();
  await page.goForward();
  await expect(dialog).toBeVisible();
});

test("a link opens the dialog of its account", async ({ users }) => {
  await users.open("?edit=ming");
  await expect(users.dialog("Edit account").getByLabel("Nickname")).toHaveValue("赵明远");
});

test("an edit can be undone", async ({ users, api }) => {
  await users.open();
  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Nickname").fill("a slip");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(users.row("ming")).toContainText("a slip");
  await users.toasts.getByRole("button", { name: "Undo" }).click();
  await users.expectToast("The edit was undone.");
  await expect(users.row("ming")).toContainText("赵明远");
  expect(await api.account(users.app, "ming")).toMatchObject({ nickname: "赵明远", level: 7 });
});

test("an undo that comes too late leaves the newer change alone", async ({ users, api, clean }) => {
  clean.allow(412);
  await users.open();
  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Nickname").fill("mine");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  await api.patch(users.app, "ming", { nickname: "newer" });
  await users.toasts.getByRole("button", { name: "Undo" }).click();
  await users.expectToast("The account was changed again since; the edit was not undone.");
  expect((await api.account(users.app, "ming")).nickname).toBe("newer");
});

test.describe("somebody else was faster", () => {
  test.beforeEach(({ clean }) => clean.allow(412));

  test("both versions are shown, and each field is chosen", async ({ users, api, page }) => {
    await users.open();
    const dialog = await users.openEdit("ming");
    await dialog.getByLabel("Nickname").fill("mine");
    await dialog.getByLabel("Level").fill("5");
    await api.patch(users.app, "ming", { nickname: "theirs", location: "Wien" });
    await dialog.getByRole("button", { name: "Confirm" }).click();

    const conflict = users.dialog("This account was changed meanwhile");
    await expect(conflict).toContainText("Nothing is saved yet. Choose for each field which value to keep.");
    expect((await api.account(users.app, "ming")).nickname).toBe("theirs");
    for (const value of ["mine", "theirs", "Wien"]) await expect(conflict).toContainText(value);
    await expect(conflict).toContainText("1 field to choose");
    await expect(conflict.getByRole("button", { name: "Confirm" })).toBeDisabled();
    await axe(page);
    await conflict.getByRole("radio", { name: "Nickname: Yours" }).check();
    await conflict.getByRole("button", { name: "Confirm" }).click();

    await users.expectToast("ming was saved.");
    expect(await api.account(users.app, "ming")).toMatchObject({ nickname: "mine", location: "Wien", level: 5, version: 3 });
    await expect(users.row("ming")).toContainText("mine");
  });

  test("their version can stay as it is", async ({ users, api }) => {
    await users.open();
    const dialog = await users.openEdit("ming");
    await dialog.getByLabel("Nickname").fill("mine");
    await api.patch(users.app, "ming", { nickname: "theirs" });
    await dialog.getByRole("button", { name: "Confirm" }).click();
    const conflict = users.dialog("This account was changed meanwhile");
    await conflict.getByRole("button", { name: "Keep all of theirs" }).click();
    await conflict.getByRole("button", { name: "Confirm" }).click();
    await users.expectToast("The version saved by someone else stays.");
    expect(await api.account(users.app, "ming")).toMatchObject({ nickname: "theirs", version: 2 });
  });

  test("an account that was created again is another one", async ({ users, api }) => {
    await api.permitDeletion(users.app);
    await users.open();
    const dialog = await users.openEdit("ming");
    await dialog.getByLabel("Nickname").fill("mine");
    await api.call("POST", `/apps/${users.app}/account-deletions`, { user_ids: ["ming"] });
    await api.createAccounts(users.app, [{ user_id: "ming", nickname: "somebody new" }]);
    await dialog.getByRole("button", { name: "Confirm" }).click();
    const conflict = users.dialog("This account was changed meanwhile");
    await expect(conflict).toContainText("The account was deleted and created again");
    expect((await api.account(users.app, "ming")).nickname).toBe("somebody new");
  });

  test("an account that is gone is said to be gone", async ({ users, api, clean }) => {
    clean.allow(404);
    await api.permitDeletion(users.app);
    await users.open();
    const dialog = await users.openEdit("ming");
    await dialog.getByLabel("Nickname").fill("mine");
    await api.call("POST", `/apps/${users.app}/account-deletions`, { user_ids: ["ming"] });
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await expect(users.page.getByText("This account does not exist any more; it was deleted meanwhile.")).toBeVisible();
  });
});

test("an account is set as admin and canceled again, after a question", async ({ users, api, app, page }) => {
  await users.open();
  await expect(page.getByRole("button", { name: "Cancel admin: administrator" })).toBeHidden();
  await page.getByRole("button", { name: "Set as admin: ming" }).click();
  const question = users.dialog("Set ming as admin?");
  await axe(page);
  await question.getByRole("button", { name: "Cancel" }).click();
  expect((await api.account(app.sdkappid, "ming")).type).toBe("general");

  await page.getByRole("button", { name: "Set as admin: ming" }).click();
  await question.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming is an admin now.");
  await expect(users.row("ming")).toContainText("Admin");
  await page.getByRole("button", { name: "Cancel admin: ming" }).click();
  await users.dialog("Cancel ming as admin?").getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming is a general account now.");
  expect((await api.account(app.sdkappid, "ming")).type).toBe("general");
});

// Creating an account: the dialog of the vendor's console, with rules that are told while typing.

import { axe } from "../support/axe";
import { expect, test } from "../support/test";

const PHOTO = "https://cdn.example.org/u/88.jpg";

test("a general account is created and stands in the list @smoke", async ({ users, api, page }) => {
  await users.open();
  const dialog = await users.openCreate();
  await expect(dialog.getByRole("radio", { name: "General" })).toBeChecked();
  await axe(page);
  await dialog.getByLabel("Username").fill("ming.zhao_88");
  await dialog.getByLabel("Nickname").fill("赵明远 🚲");
  await dialog.getByLabel("Profile Photo").fill(PHOTO);
  await expect(dialog.getByRole("img", { name: "Preview of the profile photo" })).toHaveAttribute("src", PHOTO);
  await dialog.getByRole("button", { name: "Confirm" }).click();

  await expect(dialog).toBeHidden();
  await users.expectToast("ming.zhao_88 was created.");
  const row = users.row("ming.zhao_88");
  await expect(row).toContainText("赵明远 🚲");
  await expect(row).toContainText("General");
  await expect(row.locator("time")).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  await expect(row.locator("img")).toHaveAttribute("src", PHOTO);
  await expect(row.locator("img")).toHaveAttribute("referrerpolicy", "no-referrer");
  await expect(page.getByText("2 accounts, 1 of 10 admins.")).toBeVisible();
  expect(await api.account(users.app, "ming.zhao_88")).toMatchObject({ type: "general", nickname: "赵明远 🚲", photo_url: PHOTO, version: 1 });
  await axe(page);
});

test("what an admin may do is said before one is created", async ({ users, api }) => {
  await users.open();
  const dialog = await users.openCreate();
  await expect(dialog.getByText("Account Type", { exact: true })).toBeVisible();
  await expect(dialog).toContainText("Has the highest level of management permission: may call the RESTful APIs");
  await dialog.getByRole("radio", { name: "Admin" }).check();
  await dialog.getByLabel("Username").fill("chief");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(users.row("chief")).toContainText("Admin");
  expect((await api.account(users.app, "chief")).type).toBe("admin");
});

test("the rules are told while typing, in bytes", async ({ users, page }) => {
  await users.open();
  const dialog = await users.openCreate();
  const username = dialog.getByLabel("Username");
  const rules: [string, string][] = [
    ["x".repeat(33), "At most 32 bytes."],
    ["赵明远", "Only printable ASCII characters."],
    ["@TIM#robot", "Usernames that begin with @TIM# are reserved."],
    ["a b", "Use letters, digits and _ - . @ only"],
  ];
  for (const [typed, rule] of rules) {
    await username.fill(typed);
    await expect(dialog.getByText(rule)).toBeVisible();
    await expect(username).toHaveAttribute("aria-invalid", "true");
  }
  await username.fill("ming");
  await expect(username).not.toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Nickname").fill("明".repeat(166));
  await expect(dialog.getByText("498 / 500 bytes")).toBeVisible();
  await dialog.getByLabel("Nickname").fill("明".repeat(167));
  await expect(dialog.getByText("At most 500 bytes.")).toBeVisible();
  await dialog.getByLabel("Profile Photo").fill("javascript:alert(1)");
  await expect(dialog.getByText("Enter a URL that begins with https:// or http://.")).toBeVisible();
  await expect(dialog.getByRole("img", { name: "Preview of the profile photo" })).toHaveCount(0);
  await axe(page);

  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog).toBeVisible();
  await expect(page).toHaveURL(`${users.path()}?dialog=create`);
});

test("a taken username is reported on its field", async ({ users, clean }) => {
  clean.allow(409);
  await users.open();
  const dialog = await users.openCreate();
  await dialog.getByLabel("Username").fill("administrator");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByText("This username is taken.")).toBeVisible();
  await expect(dialog.getByLabel("Username")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Username").fill("administrator-2");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(users.row("administrator-2")).toBeVisible();
});

test("the eleventh admin is refused", async ({ users, api, clean, page }) => {
  clean.allow(409);
  await api.createAccounts(users.app, Array.from({ length: 9 }, (_, n) => ({ user_id: `admin-${n}`, type: "admin" as const })));
  await users.open();
  await expect(page.getByText("10 accounts, 10 of 10 admins.")).toBeVisible();
  const dialog = await users.openCreate();
  await dialog.getByRole("radio", { name: "Admin" }).check();
  await dialog.getByLabel("Username").fill("one-too-many");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog).toContainText(/10 admins/);
  await expect(dialog).toBeVisible();
  expect((await api.app(users.app)).admins).toBe(10);
});

test("a lost answer does not create the account twice", async ({ users, api, page, clean }) => {
  clean.allowOffline();
  await users.open();
  const dialog = await users.openCreate();
  await dialog.getByLabel("Username").fill("once");
  const keys: (string | undefined)[] = [];
  let lost = false;
  await page.route("**/api/v1/apps/*/accounts", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    keys.push(route.request().headers()["idempotency-key"]);
    if (lost) return route.fallback();
    lost = true;
    await route.fetch();
    await route.abort("internetdisconnected");
  });
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog).toContainText("The server could not be reached.");
  await expect(dialog.getByLabel("Username")).toHaveValue("once");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(users.row("once")).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(await api.ids(users.app)).toEqual(["administrator", "once"]);
});

test("what was typed is not thrown away by Esc without asking", async ({ users, page }) => {
  await users.open();
  const dialog = await users.openCreate();
  await dialog.getByLabel("Username").fill("half-typed");
  await page.keyboard.press("Escape");
  const question = users.dialog("Leave without saving?");
  await expect(question).toContainText("What you typed is not saved yet.");
  await axe(page);
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog.getByLabel("Username")).toHaveValue("half-typed");
  await page.keyboard.press("Escape");
  await question.getByRole("button", { name: "Discard changes" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(users.path());
});

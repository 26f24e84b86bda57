// Everything held about one account: downloaded as a ZIP, and erased with a certificate that names nobody.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { unzip } from "../support/sheet";
import { expect, test } from "../support/test";

test.beforeEach(({ api, app }) => api.createAccounts(app.sdkappid, [{ user_id: "ming", nickname: "赵明远" }, { user_id: "lan" }]));

test("everything held about an account is downloaded from its dialog @smoke", async ({ users, api, page }) => {
  await users.open();
  const dialog = await users.openEdit("ming");
  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download everything held" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^ming-held-\d{4}-\d\d-\d\d\.zip$/);
  const files = unzip(await readFile(await download.path()));
  expect(JSON.parse(files.get("profile.json") ?? "")).toMatchObject(await api.account(users.app, "ming"));
  expect(files.get("README.txt")).toContain("Username:    ming\n");
  const { files: listed } = JSON.parse(files.get("manifest.json") ?? "") as { files: { name: string; sha256: string }[] };
  for (const { name, sha256 } of listed) {
    expect(createHash("sha256").update(files.get(name) ?? "").digest("hex"), name).toBe(sha256);
  }
  await expect(dialog, "nothing is left by a download").toBeVisible();
});

test("an erasure is asked for with a reason and the username, and certified @smoke", async ({ users, api, page }) => {
  await api.permitDeletion(users.app);
  await users.open();
  const edit = await users.openEdit("ming");
  await edit.getByLabel("Nickname").fill("typed before");
  await edit.getByRole("button", { name: "Erase…" }).click();
  const ask = users.dialog("Erase this account?");
  await expect(ask.getByLabel("Reason")).toBeFocused();
  await expect(ask).toContainText("This cannot be undone.");
  await expect(ask.getByRole("button", { name: "Erase", exact: true })).toBeDisabled();
  await axe(page);

  // What was typed into the account's form is there again.
  await ask.getByRole("button", { name: "Cancel" }).click();
  await expect(edit.getByLabel("Nickname")).toHaveValue("typed before");
  await edit.getByRole("button", { name: "Erase…" }).click();
  await ask.getByLabel("Type the username to confirm").fill("Ming");
  await expect(ask.getByRole("button", { name: "Erase", exact: true })).toBeDisabled();
  await ask.getByLabel("Type the username to confirm").fill("ming");
  await ask.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(ask.getByText("Enter the reason.")).toBeVisible();
  await ask.getByLabel("Reason").fill("Asked for by letter.");
  await ask.getByRole("button", { name: "Erase", exact: true }).click();

  const done = users.dialog("The account was erased");
  const link = done.getByRole("link", { name: "Download certificate" });
  await expect(link).toBeFocused();
  await expect(done).toContainText(createHash("sha256").update("ming").digest("hex"));
  await expect(done).toContainText("accounts: 1 row");
  await axe(page);
  const downloading = page.waitForEvent("download");
  await link.click();
  const certificate: unknown = JSON.parse(await readFile(await (await downloading).path(), "utf8"));
  const check = (changed: unknown) =>
    api.call<{ valid: boolean }>("POST", `/apps/${users.app}/erasure-verifications`, { certificate: changed });
  expect(await check(certificate)).toEqual({ valid: true });
  expect(await check({ ...(certificate as object), reason: "another" })).toEqual({ valid: false });

  await done.getByRole("button", { name: "Close" }).click();
  await users.expectIds(["administrator", "lan"]);
  expect(await api.ids(users.app)).toEqual(["administrator", "lan"]);

  await page.goto(`/apps/${users.app}/settings`);
  await hydrated(page);
  const panel = page.getByRole("region", { name: "Erasures" });
  await expect(panel.getByRole("row").filter({ hasText: "Asked for by letter." })).toBeVisible();
  await axe(page);
});

test("an erasure that is not permitted says so, and nothing is lost", async ({ users, api, clean }) => {
  clean.allow(403);
  await users.open();
  const edit = await users.openEdit("ming");
  await edit.getByRole("button", { name: "Erase…" }).click();
  const ask = users.dialog("Erase this account?");
  await ask.getByLabel("Reason").fill("Asked for by letter.");
  await ask.getByLabel("Type the username to confirm").fill("ming");
  await ask.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(ask.getByRole("alert")).toContainText("This application does not permit account deletion.");
  await expect(ask.getByLabel("Reason")).toHaveValue("Asked for by letter.");
  expect((await api.account(users.app, "ming")).nickname).toBe("赵明远");
});

test("administrator can be downloaded and not erased", async ({ users }) => {
  await users.open();
  const dialog = await users.openEdit("administrator");
  await expect(dialog.getByRole("button", { name: "Download everything held" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Erase…" })).toHaveCount(0);
});

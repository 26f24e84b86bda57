// The pictures under docs/screenshots: the main pages of a demo application in both themes, some of them on a phone too.
// A picture is taken of what an operator has in front of them, so each begins with what they would do.

import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Api } from "./support/api";
import { hydrated, painted } from "./support/page";
import { expect, test } from "./support/test";
import { Users } from "./support/users";

const FOLDER = join(__dirname, "../docs/screenshots");
const PHONE = { width: 390, height: 844 };

/** What leads to a picture. */
type Scene = (scene: { page: Page; users: Users; api: Api; app: number }) => Promise<void>;

const SCENES: [name: string, phone: boolean, scene: Scene][] = [
  ["accounts", true, async ({ users }) => {
    await users.open("?q=%E6%98%8E&limit=20");
    for (const id of (await users.ids()).slice(1, 3)) await users.tick(id).check();
  }],
  ["accounts-empty", false, async ({ users }) => {
    await users.open("?q=no+such+name");
  }],
  ["create", false, async ({ users }) => {
    await users.open("?limit=20");
    const dialog = await users.openCreate();
    await dialog.getByLabel("Username").fill("ming.zhao_88");
    await dialog.getByLabel("Nickname").fill("赵明远 🚲");
  }],
  ["edit", true, async ({ users }) => {
    await users.open("?q=%E6%98%8E&limit=20");
    const dialog = await users.openEdit((await users.ids())[1]);
    await dialog.getByLabel("Location").fill("Shenzhen, Guangdong");
  }],
  ["conflict", false, async ({ users, api, app }) => {
    await users.open("?q=%E6%98%8E&limit=20");
    const id = (await users.ids())[2];
    const dialog = await users.openEdit(id);
    const stamp = Date.now() % 100_000;
    await dialog.getByLabel("Nickname").fill("赵明远 🚲");
    await dialog.getByLabel("Level").fill(String(stamp + 1));
    await api.patch(app, id, { nickname: "明远", location: `Wien ${stamp}` });
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await expect(users.dialog("This account was changed meanwhile")).toBeVisible();
  }],
  ["delete", false, async ({ users, api, app }) => {
    await api.permitDeletion(app);
    await users.open("?limit=20");
    for (const id of (await users.ids()).slice(0, 4)) await users.tick(id).check();
    await users.button("Batch Delete").click();
    await expect(users.dialog(/^Delete/)).toBeVisible();
    await api.permitDeletion(app, false);
  }],
  ["push", true, async ({ page, api, app }) => {
    const text = { MsgType: "TIMTextElem", MsgContent: { Text: "Maintenance tonight at 22:00. 今晚维护。" } };
    await api.call("POST", `/apps/${app}/pushes`, { random: 1, lifetime_seconds: 86_400, body: [text] });
    await page.goto(`/apps/${app}/chat/push`);
    await hydrated(page);
    await page.getByLabel("Message").fill("The stream begins in ten minutes.\nSee you there 👋");
  }],
  ["tools", true, async ({ page, app }) => {
    await page.goto(`/apps/${app}/tools`);
    await hydrated(page);
    await page.getByRole("button", { name: "Make UserSig" }).click();
    await expect(page.getByTestId("usersig")).toBeVisible();
  }],
  ["export", false, async ({ users }) => {
    await users.open("?limit=20");
    await users.button("Export all").click();
    await users.dialog("Export accounts").getByRole("button", { name: "Confirm" }).click();
    await expect(users.dialog("Export successful")).toBeVisible();
  }],
  ["settings", false, async ({ page, app }) => {
    await page.goto(`/apps/${app}/settings`);
  }],
  ["apps", false, async ({ page }) => {
    await page.goto("/apps");
  }],
  ["sign-in", true, async ({ page }) => {
    await page.context().clearCookies();
    await page.goto("/sign-in");
  }],
];

for (const [name, phone, scene] of SCENES) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${name}, ${colorScheme}`, async ({ page, api, server, clean }) => {
      clean.allow(412);
      await page.emulateMedia({ colorScheme });
      await scene({ page, api, app: server.sdkappid, users: new Users(page, server.sdkappid) });
      await shoot(page, `${name}-${colorScheme}`);
      if (!phone) return;
      await page.setViewportSize(PHONE);
      await shoot(page, `${name}-phone-${colorScheme}`);
    });
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  await hydrated(page);
  await page.waitForLoadState("load");
  await painted(page);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), caret: "hide", scale: "css" });
}

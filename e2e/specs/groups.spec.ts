// Groups that programs made: seen, looked into, destroyed.

import { Api as UserSigs } from "tls-sig-api-v2";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, test } from "../support/test";

test("a group that a program made is listed, shows its members, and is destroyed after a question", async ({ page, api, app, request }) => {
  await api.createAccounts(app.sdkappid, [{ user_id: "ming" }, { user_id: "mei" }]);
  await page.goto(`/apps/${app.sdkappid}/chat/groups`);
  await hydrated(page);
  await expect(page.getByRole("heading", { name: "No groups yet" })).toBeVisible();
  await axe(page);

  const { secret_key } = await api.call<{ secret_key: string }>("POST", `/apps/${app.sdkappid}/secret-key/reveal`);
  const usersig = new UserSigs(app.sdkappid, secret_key).genSig("administrator", 3_600);
  const query = `sdkappid=${app.sdkappid}&identifier=administrator&usersig=${usersig}&random=1&contenttype=json`;
  const group = { Owner_Account: "ming", Type: "Public", Name: "明远 & friends", GroupId: "a/b?c #", MemberList: [{ Member_Account: "mei" }] };
  const made = await request.post(`/v4/group_open_http_svc/create_group?${query}`, { data: group });
  expect(await made.json()).toMatchObject({ ErrorCode: 0, GroupId: "a/b?c #" });

  await page.reload();
  await hydrated(page);
  const row = page.getByRole("row").filter({ hasText: "明远 & friends" });
  await expect(row).toContainText("a/b?c #");
  await row.getByRole("button", { name: "Members of 明远 & friends: 2" }).click();
  const dialog = page.getByRole("dialog", { name: "Members · 明远 & friends" });
  await expect(dialog.getByRole("row").nth(1)).toContainText("ming");
  await expect(dialog.getByRole("row").nth(2)).toContainText("mei");
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  await row.getByRole("button", { name: "Destroy 明远 & friends" }).click();
  await page.getByRole("dialog", { name: "Destroy the group “明远 & friends”?" }).getByRole("button", { name: "Destroy" }).click();
  await expect(page.getByText("The group “明远 & friends” was destroyed.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "No groups yet" })).toBeVisible();
});

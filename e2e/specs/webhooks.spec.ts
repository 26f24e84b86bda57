// A webhook: set, tested, told of what programs and operators do, and removed.

import { Api as UserSigs } from "tls-sig-api-v2";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { signature, startReceiver } from "../support/receiver";
import { expect, test } from "../support/test";

test("a webhook is told what a program imports and an operator edits @smoke", async ({ page, api, app, users, request }) => {
  const receiver = await startReceiver();
  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  const panel = page.getByRole("region", { name: "Webhook" });
  await panel.getByRole("button", { name: "Save webhook" }).click();
  await expect(panel.getByText("Enter the address to send events to.")).toBeVisible();
  await axe(page);
  await panel.getByLabel("Address").fill(receiver.url);
  await panel.getByLabel("Token").fill("xxxxyyyy");
  await panel.getByRole("button", { name: "Save webhook" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Webhook saved." })).toBeVisible();
  await expect(panel.getByText("Nothing was sent yet.")).toBeVisible();
  await panel.getByRole("button", { name: "Send test" }).click();
  await expect(page.getByRole("status").filter({ hasText: /Your server took the test: 200 in \d+ ms\./ })).toBeVisible();
  expect(receiver.told.map((told) => told.body.CallbackCommand)).toEqual(["Rollcall.CallbackTest"]);

  const { secret_key } = await api.call<{ secret_key: string }>("POST", `/apps/${app.sdkappid}/secret-key/reveal`);
  const usersig: string = new UserSigs(app.sdkappid, secret_key).genSig("administrator", 3_600);
  const query = `sdkappid=${app.sdkappid}&identifier=administrator&usersig=${usersig}&random=1&contenttype=json`;
  const imported = await request.post(`/v4/im_open_login_svc/account_import?${query}`, { data: { UserID: "ming" } });
  expect(await imported.json()).toMatchObject({ ErrorCode: 0 });
  await users.open();
  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Nickname").fill("赵明");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");

  await expect.poll(() => receiver.told.length).toBe(3);
  const [, created, changed] = receiver.told;
  expect(created.body).toMatchObject({ CallbackCommand: "Account.CallbackImported", Operator_Account: "administrator", AccountList: [{ UserID: "ming" }] });
  expect(created.query.get("OptPlatform")).toBe("RESTAPI");
  expect(created.query.get("Sign")).toBe(signature("xxxxyyyy", created.query.get("RequestTime")));
  const items = [{ Tag: "Tag_Profile_IM_Nick", Value: "赵明" }];
  expect(changed.body).toMatchObject({ CallbackCommand: "Profile.CallbackPortraitSet", From_Account: "ming", ProfileItem: items });
  expect(changed.query.get("OptPlatform")).toBe("Web");

  await page.goto(`/apps/${app.sdkappid}/settings`);
  await hydrated(page);
  expect(receiver.told).toHaveLength(3);
  await expect(panel.getByRole("row").filter({ hasText: "Profile changed" })).toContainText(/Delivered\s*200 in \d+ ms/);
  await expect(panel.getByRole("row").filter({ hasText: "Accounts created" })).toContainText("Delivered");
  await axe(page);
  await receiver.stop();
  await panel.getByRole("button", { name: "Send test" }).click();
  await expect(page.getByText(/The test did not arrive: /)).toBeVisible();
  await panel.getByRole("button", { name: "Remove webhook" }).click();
  await page.getByRole("dialog", { name: "Remove webhook?" }).getByRole("button", { name: "Remove webhook" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Webhook removed." })).toBeVisible();
  await expect(panel.getByLabel("Address")).toHaveValue("");
});

// Code written for the vendor's server API, and the console, work on the same accounts.

import { startReceiver } from "../support/receiver";
import { Sdk } from "../support/sdk";
import { expect, test } from "../support/test";

test("what an SDK imports an operator edits, the SDK reads the edit and the webhook is told @smoke", async ({ users, api, app, server }) => {
  const receiver = await startReceiver();
  await api.call("PUT", `/apps/${app.sdkappid}/webhook`, { url: receiver.url, events: ["accounts_imported", "profile_changed"] });
  const field = { name: "Hobby", readable: true, writable: true };
  await api.call("PATCH", `/apps/${app.sdkappid}`, { custom_fields: [field] });
  const sdk = await Sdk.of(server.url, api, app.sdkappid);

  await users.open();
  await users.expectIds(["administrator"]);
  await sdk.import("ming", "赵明远");
  await users.expectIds(["administrator", "ming"]);
  await expect(users.row("ming")).toContainText("赵明远");

  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Nickname").fill("赵明");
  await dialog.getByLabel("Hobby").fill("象棋");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  const edited = [
    { Tag: "Tag_Profile_IM_Nick", Value: "赵明" },
    { Tag: "Tag_Profile_Custom_Hobby", Value: "象棋" },
  ];
  expect(await sdk.read("ming", ...edited.map((item) => item.Tag))).toEqual(edited);

  await expect.poll(() => receiver.told.length).toBe(2);
  const [imported, changed] = receiver.told;
  expect(imported.body).toMatchObject({ CallbackCommand: "Account.CallbackImported", AccountList: [{ UserID: "ming" }] });
  expect(changed.body).toMatchObject({ CallbackCommand: "Profile.CallbackPortraitSet", From_Account: "ming", ProfileItem: edited });
  await receiver.stop();
});

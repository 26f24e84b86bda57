// Code written for the vendor's server API, and the console, work on the same accounts.

import { Api as UserSigs } from "tls-sig-api-v2";
import { expect, test } from "../support/test";

type Answer = { ErrorCode: number; ErrorInfo: string; UserProfileItem?: { ProfileItem: { Tag: string; Value: unknown }[] }[] };

test("what a program imports an operator edits, and the program reads the edit @smoke", async ({ users, api, app, request }) => {
  const { secret_key } = await api.call<{ secret_key: string }>("POST", `/apps/${app.sdkappid}/secret-key/reveal`);
  const usersig: string = new UserSigs(app.sdkappid, secret_key).genSig("administrator", 3_600);
  const query = `sdkappid=${app.sdkappid}&identifier=administrator&usersig=${usersig}&random=1&contenttype=json`;
  const call = async (command: string, data: unknown): Promise<Answer> => {
    const answer: Answer = await (await request.post(`/v4/${command}?${query}`, { data })).json();
    expect(answer.ErrorCode, answer.ErrorInfo).toBe(0);
    return answer;
  };

  await users.open();
  await users.expectIds(["administrator"]);
  await call("im_open_login_svc/account_import", { UserID: "ming", Nick: "赵明远" });
  await users.expectIds(["administrator", "ming"]);

  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Nickname").fill("赵明");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  const read = await call("profile/portrait_get", { To_Account: ["ming"], TagList: ["Tag_Profile_IM_Nick"] });
  expect(read.UserProfileItem?.[0].ProfileItem).toEqual([{ Tag: "Tag_Profile_IM_Nick", Value: "赵明" }]);
});

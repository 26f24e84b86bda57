// Development tools: UserSigs made and checked, an example that works when it is pasted, and calls as they come in.

import { inflateSync } from "node:zlib";
import { Api as UserSigs } from "tls-sig-api-v2";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, test } from "../support/test";

test.beforeEach(async ({ page, app }) => {
  await page.goto(`/apps/${app.sdkappid}/tools`);
  await hydrated(page);
});

test("a UserSig that the page makes is the one that the vendor's library makes", async ({ page, api, app }) => {
  await page.getByLabel("Username", { exact: true }).fill("ming");
  await page.getByLabel("Valid for days").fill("0");
  await page.getByRole("button", { name: "Make UserSig" }).click();
  await expect(page.getByText("Enter 1 to 18,250 days.")).toBeVisible();
  await page.getByLabel("Valid for days").fill("7");
  await page.getByRole("button", { name: "Make UserSig" }).click();
  const text = (await page.getByTestId("usersig").textContent()) ?? "";
  await axe(page);

  const bytes = Buffer.from(text.replaceAll("*", "+").replaceAll("-", "/").replaceAll("_", "="), "base64");
  const fields: Record<string, string | number> = JSON.parse(inflateSync(bytes).toString());
  const { secret_key } = await api.call<{ secret_key: string }>("POST", `/apps/${app.sdkappid}/secret-key/reveal`);
  const signed = new UserSigs(app.sdkappid, secret_key)._hmacsha256("ming", fields["TLS.time"], fields["TLS.expire"], null);
  expect(fields).toMatchObject({ "TLS.identifier": "ming", "TLS.sdkappid": app.sdkappid, "TLS.expire": 7 * 86_400, "TLS.sig": signed });
});

test("a UserSig is checked, with the reason and the remedy", async ({ page, api, app }) => {
  const { secret_key } = await api.call<{ secret_key: string }>("POST", `/apps/${app.sdkappid}/secret-key/reveal`);
  const made = new UserSigs(app.sdkappid, secret_key);
  const check = async (usersig: string): Promise<void> => {
    await page.getByLabel("UserSig to check").fill(usersig);
    await page.getByRole("button", { name: "Check UserSig" }).click();
  };
  await check(made.genSig("ming", 3_600));
  await expect(page.getByText("This UserSig is good.")).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: "ming" })).toBeVisible();
  await check(made.genSig("ming", -1));
  await expect(page.getByText("70001: The UserSig in use is expired. Make a new one.")).toBeVisible();
  await check("not a UserSig");
  await expect(page.getByText("70003: The UserSig in use is illegal")).toBeVisible();
  await axe(page);
});

test("the example names this server, in each language", async ({ page, app, server }) => {
  const example = page.getByTestId("example");
  for (const language of ["curl", "Node", "Python", "Java", "Go"]) {
    await page.getByLabel("Example in").selectOption(language);
    await expect(example).toContainText(`${server.url}/v4/im_open_login_svc/account_import?sdkappid=${app.sdkappid}&`);
  }
});

test("calls of the server API show by themselves, without secrets, and can be looked into", async ({ page, app, api, request }) => {
  const panel = page.getByRole("region", { name: "Recent calls" });
  await expect(panel.getByText("No such calls yet.")).toBeVisible();
  const { secret_key } = await api.call<{ secret_key: string }>("POST", `/apps/${app.sdkappid}/secret-key/reveal`);
  const usersig: string = new UserSigs(app.sdkappid, secret_key).genSig("administrator", 3_600);
  const query = `sdkappid=${app.sdkappid}&identifier=administrator&usersig=${usersig}&random=1&contenttype=json`;
  await request.post(`/v4/im_open_login_svc/account_import?${query}`, { data: { UserID: "ming", Nick: "赵明远" } });
  const imported = panel.getByRole("listitem").filter({ hasText: "im_open_login_svc/account_import" });
  await imported.locator("summary").click();
  await expect(imported).toContainText('"Nick":"赵明远"');
  await expect(imported).toContainText("usersig=•••");
  await expect(imported).toContainText('"ActionStatus":"OK"');
  await expect(panel).not.toContainText(usersig);
  await axe(page);

  await request.post(`/v4/profile/portrait_get?${query}`, { data: { To_Account: [] } });
  const failed = panel.getByRole("listitem").filter({ hasText: "profile/portrait_get" });
  await expect(failed).toContainText("40002");
  await expect(imported.getByText('"ActionStatus":"OK"')).toBeVisible();
  await panel.getByLabel("Show calls").selectOption("That failed");
  await expect(imported).toBeHidden();
  await expect(failed).toBeVisible();
  await panel.getByLabel("Show calls").selectOption("With a code");
  await panel.getByLabel("ErrorCode").fill("70107");
  await expect(panel.getByText("No such calls yet.")).toBeVisible();
});

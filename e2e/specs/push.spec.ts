// A message to all members, from the form to a client that is connected, and its figures.

import { Api as UserSigs } from "tls-sig-api-v2";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, test } from "../support/test";

test("a push is written, previewed, asked about, received by a client and counted", async ({ page, api, app, baseURL }) => {
  await api.createAccounts(app.sdkappid, [{ user_id: "ming" }, { user_id: "mei" }]);
  await page.goto(`/apps/${app.sdkappid}/chat/push`);
  await hydrated(page);
  await expect(page.getByText("No pushes yet.")).toBeVisible();
  await axe(page);

  // A client of one of the two members, as a developer would write it.
  const { secret_key } = await api.call<{ secret_key: string }>("POST", `/apps/${app.sdkappid}/secret-key/reveal`);
  const usersig = new UserSigs(app.sdkappid, secret_key).genSig("ming", 3_600);
  const query = new URLSearchParams({ sdkappid: String(app.sdkappid), identifier: "ming", usersig, platform: "Web" });
  const client = await page.context().newPage();
  await client.goto("/apps");
  await client.evaluate(async (url) => {
    const heard: string[] = [];
    const socket = new WebSocket(url);
    await new Promise<void>((ready) => {
      socket.onmessage = ({ data }) => {
        const said = JSON.parse(data);
        if (said.type === "ready") ready();
        if (said.type === "push") {
          heard.push(said.body[0].MsgContent.Text);
          socket.send(JSON.stringify({ type: "received", task_id: said.task_id }));
        }
      };
    });
    Object.assign(window, { heard });
  }, `${baseURL!.replace("http", "ws")}/v1/client?${query}`);

  await page.bringToFront();
  await page.getByRole("button", { name: "Send push…" }).click();
  await expect(page.getByText("Enter a message.")).toBeVisible();
  const message = page.getByRole("textbox", { name: "Message" });
  await message.fill("维护 at 18:00\nSave your work 🙏");
  await expect(page.getByRole("figure")).toContainText("Save your work 🙏");
  await axe(page);
  await page.getByRole("button", { name: "Send push…" }).click();
  const question = page.getByRole("dialog", { name: "Send this to 3 members?" });
  await expect(question).toContainText("A push cannot be taken back.");
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(message).toHaveValue("维护 at 18:00\nSave your work 🙏");
  await page.getByRole("button", { name: "Send push…" }).click();
  await question.getByRole("button", { name: "Send push", exact: true }).click();
  await expect(page.getByText("The push is on its way.")).toBeVisible();
  await expect(message).toHaveValue("");

  await expect.poll(() => client.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual(["维护 at 18:00\nSave your work 🙏"]);
  // The figures come by themselves: received, sent, members.
  const row = page.getByRole("row").filter({ hasText: "维护" });
  await expect(row.getByRole("cell")).toContainText(["administrator", "1", "1", "3"]);
  await axe(page);
});

// When the network or the session goes away, nothing that was typed goes with it.

import { request as http } from "@playwright/test";
import { Api } from "../support/api";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, signIn, test } from "../support/test";

test("offline: the page says so, keeps what was typed, and goes on when the network is back", async ({ users, api, page, context, clean }) => {
  clean.allowOffline();
  await api.createAccounts(users.app, [{ user_id: "ming", nickname: "before" }]);
  await users.open();
  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Nickname").fill("after");
  await context.setOffline(true);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog).toContainText("The server could not be reached. Nothing was changed as far as this page knows");
  await expect(dialog.getByLabel("Nickname")).toHaveValue("after");
  await axe(page);
  await context.setOffline(false);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  expect((await api.account(users.app, "ming")).nickname).toBe("after");
  await expect(page.getByText("You are offline, or the server is.")).toBeHidden();
});

test("offline: the list says so and is read again on request", async ({ users, page, context, clean }) => {
  clean.allowOffline();
  await users.open();
  await context.setOffline(true);
  await users.search.fill("adm");
  await expect(page.getByText("You are offline, or the server is.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "This page did not load" })).toBeVisible();
  await axe(page);
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await users.expectIds(["administrator"]);
  await expect(page.getByText("You are offline, or the server is.")).toBeHidden();
});

test("a session that ends while a dialog is open is renewed in place @smoke", async ({ users, api, page, context, server, clean }) => {
  clean.allow(401);
  await api.createAccounts(users.app, [{ user_id: "ming", nickname: "before" }]);
  // A session of its own: the others of these tests share theirs.
  await context.clearCookies();
  await signIn(new Api(page.request), server.email, server.password);
  await users.open();
  const dialog = await users.openEdit("ming");
  await dialog.getByLabel("Nickname").fill("typed before the session ended");
  const other = await http.newContext({ baseURL: server.url, storageState: await context.storageState() });
  await new Api(other).call("DELETE", "/session");
  await other.dispose();

  await dialog.getByRole("button", { name: "Confirm" }).click();
  const again = users.dialog("Sign in again");
  await expect(again).toContainText("Your session has ended. Everything you typed is still here.");
  await axe(page);
  await again.getByLabel("E-mail").fill(server.email);
  await again.getByLabel("Password").fill(server.password);
  await again.getByRole("button", { name: "Sign in" }).click();
  await expect(again).toBeHidden();

  await expect(dialog.getByLabel("Nickname")).toHaveValue("typed before the session ended");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await users.expectToast("ming was saved.");
  expect((await api.account(users.app, "ming")).nickname).toBe("typed before the session ended");
  await expect(page).toHaveURL(users.path());
});

test("a failing server is reported, and the page is read again on request", async ({ users, page, clean }) => {
  clean.allow(503);
  await users.open();
  const problem = { type: "/problems/unavailable", title: "Unavailable", status: 503, code: "unavailable", detail: "The database is being moved. Try again in a minute.", errors: [], trace_id: "t" };
  await page.route("**/api/v1/apps/*/accounts?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", json: problem }));
  await users.search.fill("adm");
  await expect(page.getByText(problem.detail)).toBeVisible();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await users.expectIds(["administrator"]);
  await hydrated(page);
});

// Signing in and out: operators reach what they wanted, strangers do not, and guessing is slow.

import { request as http } from "@playwright/test";
import { Api } from "../support/api";
import { axe } from "../support/axe";
import { hydrated } from "../support/page";
import { expect, signIn, test } from "../support/test";

/** No session: what a context would otherwise take over from the test. */
const NOBODY = { cookies: [], origins: [] };

test.describe("signed out", () => {
  test.use({ storageState: NOBODY });

  test("an operator comes back to where they wanted to go @smoke", async ({ page, server }) => {
    const wanted = `/apps/${server.sdkappid}/chat/users?q=a&sort=-nickname`;
    await page.goto(wanted);
    await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(wanted)}`);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await hydrated(page);
    await axe(page);

    await page.getByLabel("E-mail").fill(server.email);
    await page.getByLabel("Password").fill(server.password);
    await page.getByRole("button", { name: "Sign in" }).click();

    await expect(page).toHaveURL(wanted);
    await expect(page.getByRole("heading", { name: "Account Management" })).toBeVisible();
  });

  test("the server itself redirects, so that nothing of a page is sent to strangers", async ({ request, server }) => {
    for (const path of ["/apps", `/apps/${server.sdkappid}/chat/users`, `/apps/${server.sdkappid}/settings`, "/profile"]) {
      const answer = await request.get(path, { maxRedirects: 0 });
      expect([302, 303, 307]).toContain(answer.status());
      expect(answer.headers().location).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
      expect(await answer.text()).not.toContain("<table");
    }
  });

  test("a wrong password is refused and what was typed stays", async ({ page, server, clean }) => {
    clean.allow(401);
    await page.goto("/sign-in");
    await hydrated(page);
    await page.getByLabel("E-mail").fill(`nobody-${Date.now()}@example.org`);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "The e-mail address or the password is wrong." })).toBeVisible();
    await expect(page.getByLabel("Password")).toHaveValue("not the password");
    await expect(page).toHaveURL("/sign-in");
    await axe(page);

    await page.getByLabel("E-mail").fill(server.email);
    await page.getByLabel("Password").fill(server.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/apps");
  });

  test("after too many tries the page says when to come back", async ({ page, clean, emptyServer }) => {
    clean.allow(401, 429);
    await page.goto(`${emptyServer.url}/sign-in`);
    await hydrated(page);
    await page.getByLabel("E-mail").fill("guessed@example.org");
    const answers: number[] = [];
    for (let tries = 0; tries < 15 && answers.at(-1) !== 429; tries += 1) {
      await page.getByLabel("Password").fill(`guess number ${tries}`);
      const answered = page.waitForResponse((response) => response.url().endsWith("/api/v1/session"));
      await page.getByRole("button", { name: "Sign in" }).click();
      answers.push((await answered).status());
    }
    expect(answers.at(-1)).toBe(429);
    await expect(page.getByRole("alert").filter({ hasText: /^Too many tries failed\. Try again in \d+ s\.$/ })).toBeVisible();
  });

  test("a link to another site is not followed after signing in", async ({ page, server }) => {
    await page.goto("/sign-in?next=//evil.example/apps");
    await hydrated(page);
    await page.getByLabel("E-mail").fill(server.email);
    await page.getByLabel("Password").fill(server.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/apps");
  });

  test("the first operator sets up the server with the one-time link, and changes the password", async ({ page, emptyServer, clean }) => {
    clean.allow(401, 403, 422);
    await page.goto(emptyServer.setupLink);
    await expect(page.getByRole("heading", { name: "Set up Rollcall" })).toBeVisible();
    await hydrated(page);
    await page.getByLabel("E-mail").fill("mara@example.org");
    await page.getByLabel("Name").fill("Mara König");
    await page.getByLabel("Password").fill("too short");
    await page.getByRole("button", { name: "Create operator" }).click();
    await expect(page.getByText("At least 12 characters.", { exact: true })).toBeVisible();
    await axe(page);
    await page.getByLabel("Password").fill("a sentence is fine");
    await page.getByRole("button", { name: "Create operator" }).click();
    await expect(page).toHaveURL(`${emptyServer.url}/apps`);
    await expect(page.getByRole("heading", { name: "No applications yet" })).toBeVisible();
    await hydrated(page);
    await axe(page);

    const elsewhere = await http.newContext({ baseURL: emptyServer.url });
    await signIn(new Api(elsewhere), "mara@example.org", "a sentence is fine");
    await page.getByRole("link", { name: "Your profile" }).click();
    await page.getByLabel("Current password").fill("not that one");
    await page.getByLabel("New password").fill("another sentence");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Current password").fill("a sentence is fine");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByRole("status").filter({ hasText: "Password changed." })).toBeVisible();
    expect((await elsewhere.get("/api/v1/session")).status()).toBe(401);
    await elsewhere.dispose();

    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await hydrated(page);
    await page.getByLabel("E-mail").fill("mara@example.org");
    await page.getByLabel("Password").fill("another sentence");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(`${emptyServer.url}/apps`);

    await page.goto(emptyServer.setupLink);
    await hydrated(page);
    await page.getByLabel("E-mail").fill("eve@example.org");
    await page.getByLabel("Name").fill("Eve");
    await page.getByLabel("Password").fill("a sentence of mine");
    await page.getByRole("button", { name: "Create operator" }).click();
    await expect(page.getByRole("alert")).toContainText("This link was used or has expired.");
  });
});

test.describe("a session", () => {
  test("ends with Sign out, also for pages that are called up again", async ({ page, server, context }) => {
    // A session of its own: the others of these tests share theirs.
    await context.clearCookies();
    await signIn(new Api(page.request), server.email, server.password);
    await page.goto("/apps");
    await hydrated(page);
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/sign-in");
    await page.goto("/apps");
    await expect(page).toHaveURL("/sign-in?next=%2Fapps");
  });

  test("can be seen and revoked from another one", async ({ page, server }) => {
    const agent = `Phone of test ${Date.now()}`;
    const phone = await http.newContext({ baseURL: server.url, userAgent: agent, storageState: NOBODY });
    await signIn(new Api(phone), server.email, server.password);

    await page.goto("/profile");
    await hydrated(page);
    await expect(page.getByRole("row").filter({ hasText: "This session" })).toHaveCount(1);
    await axe(page);
    await page.getByRole("button", { name: `Revoke ${agent}` }).click();
    await expect(page.getByRole("status").filter({ hasText: "Session revoked." })).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: agent })).toHaveCount(0);
    expect((await phone.get("/api/v1/session")).status()).toBe(401);
    await phone.dispose();
  });
});

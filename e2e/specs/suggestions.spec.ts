// A search that finds nothing says what may have been meant.

import { axe } from "../support/axe";
import { expect, test } from "../support/test";

test.beforeEach(({ api, app }) =>
  api.createAccounts(app.sdkappid, [
    { user_id: "mingyuan.zhao", nickname: "赵明远" },
    { user_id: "anne", nickname: "Anne Élodie" },
  ]),
);

test("a typing error leads to the account that was meant @smoke", async ({ users, page }) => {
  await users.open();
  await users.search.fill("elodei");
  await expect(page.getByRole("heading", { name: "No account matches" })).toBeVisible();
  await expect(page.getByText("Did you mean")).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Élodie anne" }).click();
  await expect(users.search).toHaveValue("Élodie");
  await users.expectIds(["anne"]);
  await users.search.fill("赵明媛");
  await page.getByRole("link", { name: "赵明远 mingyuan.zhao" }).click();
  await users.expectIds(["mingyuan.zhao"]);
});

test("an address with a typing error is answered too, within its filters", async ({ users, page }) => {
  await users.open("?q=mingyuan.zaho");
  await expect(page.getByRole("link", { name: "mingyuan.zhao", exact: true })).toBeVisible();
  await users.open("?q=mingyuan.zaho&type=admin");
  await expect(page.getByRole("heading", { name: "No account matches" })).toBeVisible();
  await expect(page.getByText("Did you mean")).toHaveCount(0);
});

test("nothing is offered where nothing is near", async ({ users, page }) => {
  const answered = page.waitForResponse((response) => response.url().includes("/account-suggestions"));
  await users.open("?q=qqqqqqqq");
  expect(await (await answered).json()).toEqual({ items: [] });
  await expect(page.getByRole("link", { name: "Clear search" })).toBeVisible();
  await expect(page.getByText("Did you mean")).toHaveCount(0);
});

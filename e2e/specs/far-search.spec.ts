// A search whose hits stand far from the beginning of the order: the server stops at its limit, and the console goes on.

import { expect, test } from "../support/test";
import { Users } from "../support/users";

const number = (n: number) => String(n).padStart(6, "0");

test("hits beyond what one answer looks at are found without being asked for", async ({ page, api }) => {
  test.setTimeout(240_000);
  // More rows than the server walks for one page, and then more hits than it makes a set of.
  const before = Array.from({ length: 102_000 }, (_, n) => ({ user_id: `a${number(n)}` }));
  const hits = Array.from({ length: 100_100 }, (_, n) => ({ user_id: `yy-${number(n)}` }));
  const { sdkappid } = await api.createApp(`Far ${Date.now()}`, [...before, ...hits]);
  const first = await api.call<{ items: unknown[]; complete: boolean; next: string | null }>(
    "GET",
    `/apps/${sdkappid}/accounts?q=yy`,
  );
  expect(first).toMatchObject({ items: [], complete: false });
  expect(first.next).not.toBeNull();

  const users = new Users(page, sdkappid);
  await users.open();
  await users.search.fill("yy");
  await expect(users.row("yy-000000")).toBeVisible();
  await expect(users.row("yy-000019")).toBeVisible();
  await expect(page.getByText("The search stopped at its limit")).toBeHidden();
  await page.getByRole("link", { name: "Next" }).click();
  await expect(users.row("yy-000000")).toBeHidden();
  expect((await users.ids())[0]).toMatch(/^yy-/);

  // The address alone: what the server rendered is cut, and is read on.
  await users.open("?q=yy");
  await expect(users.row("yy-000000")).toBeVisible();
  await expect(page.getByText("The search stopped at its limit")).toBeHidden();
});

// A whole day's work without a mouse: create, search, tick, edit, export.

import { expect, test } from "../support/test";

test("create, search, tick, edit and export by keyboard alone @smoke", async ({ users, api, page }) => {
  await api.createAccounts(users.app, [{ user_id: "elodie", nickname: "Élodie" }]);
  await users.open();
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

  await press("c");
  const create = users.dialog("Create account");
  await expect(create.getByLabel("Username")).toBeFocused();
  await page.keyboard.type("ming");
  await press("Tab");
  await expect(create.getByLabel("Nickname")).toBeFocused();
  await page.keyboard.type("Ming");
  await press("Control+Enter");
  await users.expectToast("ming was created.");
  await expect(create).toBeHidden();

  await press("/");
  await expect(users.search).toBeFocused();
  await page.keyboard.type("ming");
  await users.expectIds(["ming"]);
  await press("Escape", "Escape");
  await users.search.fill("");
  await expect(users.tick("elodie")).toBeVisible();
  await users.search.blur();

  await press("j");
  await expect(users.row("administrator")).toBeFocused();
  await press("j");
  await expect(users.row("elodie")).toBeFocused();
  await press("x");
  await expect(users.tick("elodie")).toBeChecked();
  await press("Shift+ArrowDown");
  await expect(users.tick("ming")).toBeChecked();
  await expect(page.getByText("2 selected")).toBeVisible();

  await press("e");
  const edit = users.dialog("Edit account");
  await expect(edit.getByLabel("Username")).toHaveValue("ming");
  await expect.poll(() => edit.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
  await edit.getByLabel("Nickname").focus();
  await press("Control+a");
  await page.keyboard.type("明");
  await press("Control+Enter");
  await users.expectToast("ming was saved.");
  expect((await api.account(users.app, "ming")).nickname).toBe("明");

  await users.button("Batch Export").focus();
  await press("Enter");
  await expect(users.dialog("Export accounts")).toBeVisible();
  await press("Enter");
  const done = users.dialog("Export successful");
  await expect(done).toBeVisible();
  await expect.poll(() => done.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
  await press("Escape");
  await expect(done).toBeHidden();
});

test("the first Tab offers the way past the sidebar, and every stop can be seen", async ({ users, page }) => {
  await users.open();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#main$/);
  const stops = new Set<string>();
  for (let n = 0; n < 40; n += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return "";
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
      const seen = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none" || borderColor === "";
      // The search field shows the focus on the box around it.
      const around = element.parentElement ? getComputedStyle(element.parentElement) : undefined;
      const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
      return `${seen || around?.outlineStyle !== "none" || around?.boxShadow !== "none" ? "" : "unseen: "}${name.trim()}`;
    });
    if (stop === "") break;
    stops.add(stop);
  }
  expect([...stops].filter((stop) => stop.startsWith("unseen"))).toEqual([]);
  for (const wanted of ["Click here", "Search username or nickname", "Select page", "Edit administrator", "Export administrator"]) {
    expect(stops).toContain(wanted);
  }
});

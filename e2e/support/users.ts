// The accounts page as people and screen readers find its parts. No assertion about a flow lives here.

import { expect, type Locator, type Page, type Request } from "@playwright/test";
import { hydrated } from "./page";

/** The accounts page of one application. */
export class Users {
  readonly search: Locator;
  readonly table: Locator;
  readonly toasts: Locator;

  constructor(
    readonly page: Page,
    readonly app: number,
  ) {
    this.search = page.getByRole("searchbox", { name: "Search username or nickname" });
    this.table = page.getByRole("region", { name: "Accounts" });
    this.toasts = page.getByRole("status");
  }

  /** The page's path. */
  path(of: "chat" | "live" = "chat"): string {
    return `/apps/${this.app}/${of}/users`;
  }

  /** Opens the page and waits until it can be used. */
  async open(query = ""): Promise<void> {
    await this.page.goto(this.path() + query);
    await hydrated(this.page);
  }

  /** The row of an account. */
  row(userId: string): Locator {
    return this.page.getByRole("row").filter({ has: this.tick(userId) });
  }

  /** The checkbox of an account's row. */
  tick(userId: string): Locator {
    return this.page.getByRole("checkbox", { name: `Select ${userId}`, exact: true });
  }

  /** A button by its exact label. */
  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** The dialog with this heading. */
  dialog(name: string | RegExp): Locator {
    return this.page.getByRole("dialog", { name });
  }

  /** The usernames of the rows, from top to bottom. */
  async ids(): Promise<string[]> {
    const labels = await this.page
      .getByRole("row")
      .getByRole("checkbox", { name: /^Select / })
      .evaluateAll((boxes) => boxes.map((box) => box.getAttribute("aria-label") ?? ""));
    return labels.map((label) => label.replace(/^Select /, "")).filter((id) => id !== "page");
  }

  /** Waits until the rows are these. */
  async expectIds(ids: string[]): Promise<void> {
    await expect.poll(() => this.ids()).toEqual(ids);
  }

  /** Opens the form of a new account. */
  async openCreate(): Promise<Locator> {
    await this.button("Create account").first().click();
    const dialog = this.dialog("Create account");
    await expect(dialog).toBeVisible();
    return dialog;
  }

  /** Opens the form of an account. */
  async openEdit(userId: string): Promise<Locator> {
    await this.row(userId).getByRole("link", { name: `Edit ${userId}`, exact: true }).click();
    const dialog = this.dialog("Edit account");
    await expect(dialog.getByLabel("Username")).toHaveValue(userId);
    return dialog;
  }

  /** Waits for a toast that says this. */
  async expectToast(text: string | RegExp): Promise<void> {
    await expect(this.toasts.filter({ hasText: text })).toBeVisible();
  }
}

/** Whether a request asks for a page of accounts. */
export function isList(request: Request): boolean {
  return request.method() === "GET" && /^\/api\/v1\/apps\/\d+\/accounts$/.test(new URL(request.url()).pathname);
}

/** The search text of a request for a page of accounts. */
export function needle(request: Request): string {
  return new URL(request.url()).searchParams.get("q") ?? "";
}

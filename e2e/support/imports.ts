// The import pages as people and screen readers find their parts, and the files that are brought there.

import { expect, type Locator, type Page } from "@playwright/test";
import { hydrated } from "./page";

/** A file as it is given to the browser. */
export type Given = { name: string; mimeType: string; buffer: Buffer };

/** A CSV file of these rows, the header first. */
export function csv(name: string, rows: readonly (readonly string[])[]): Given {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const text = rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
  return { name, mimeType: "text/csv", buffer: Buffer.from(text) };
}

/** The import pages of one application. */
export class Imports {
  readonly input: Locator;

  constructor(
    readonly page: Page,
    readonly app: number,
  ) {
    this.input = page.getByLabel("Drop a file here, or choose one");
  }

  async open(): Promise<void> {
    await this.page.goto(`/apps/${this.app}/chat/imports`);
    await hydrated(this.page);
  }

  heading(name: string): Locator {
    return this.page.getByRole("heading", { name, exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("main").getByRole("button", { name, exact: true });
  }

  meaning(column: string): Locator {
    return this.page.getByRole("combobox", { name: `Meaning of ${column}`, exact: true });
  }

  tab(name: RegExp): Locator {
    return this.page.getByRole("tab", { name });
  }

  /** The data rows of the panel that is shown. */
  rows(): Locator {
    return this.page.getByRole("tabpanel").locator("tbody tr");
  }

  /** Brings a file and waits for its columns. */
  async bring(file: Given): Promise<void> {
    await this.open();
    await this.input.setInputFiles(file);
    await expect(this.heading("Columns")).toBeVisible();
  }

  /** Asks for the review and waits for it. */
  async review(): Promise<void> {
    await this.button("Review changes").click();
    await expect(this.heading("Review")).toBeVisible({ timeout: 120_000 });
  }

  /** The four figures: new, changed, unchanged, refused. */
  async expectFigures(...figures: number[]): Promise<void> {
    const shown = this.page.locator("dl.figures dd");
    await expect(shown).toHaveText(figures.map((figure) => figure.toLocaleString("en-GB")));
  }

  /** Says yes to a question, and types the number where it asks for it. */
  async confirm(title: string | RegExp, button: string | RegExp, typed?: number): Promise<void> {
    const dialog = this.page.getByRole("dialog", { name: title });
    await expect(dialog).toBeVisible();
    const yes = dialog.getByRole("button", { name: button });
    if (typed !== undefined) {
      await expect(yes).toBeDisabled();
      await dialog.getByLabel(`Type ${typed} to confirm`).fill(String(typed));
    }
    await yes.click();
  }
}

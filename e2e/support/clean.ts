// What no page may do, whatever a spec is about: write errors or warnings to the console, throw, break the content
// security policy, fail a request, or talk to another server. Collected from the first byte on, asserted at the end.

import { expect, type BrowserContext, type ConsoleMessage } from "@playwright/test";

/** A photo that lets what is beneath it be seen. */
const CLEAR = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** Collects what a browser complains about. */
export class Clean {
  private readonly found: string[] = [];
  private readonly statuses = new Set<number>();
  private readonly origins = new Set<string>();
  private offline = false;

  /** Begins to watch every page of a context. */
  async watch(context: BrowserContext): Promise<void> {
    context.on("console", (message) => this.console(message));
    context.on("weberror", (error) => this.found.push(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "";
      // A page that is left takes its requests with it.
      // Where scripts are switched off, "csp" is how the browser says that it did not load them.
      if (!["net::ERR_ABORTED", "csp"].includes(reason) && !this.offline) this.found.push(`${request.url()}: ${reason}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 400 && !this.statuses.has(response.status())) {
        this.found.push(`${response.request().method()} ${response.url()} answered ${response.status()}`);
      }
    });
    await context.exposeBinding("reportViolation", (_, text: string) => this.found.push(`content security policy: ${text}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
        report(`${event.effectiveDirective} blocked ${event.blockedURI} ${event.sample}`);
      });
    });
    await context.route((url) => url.protocol.startsWith("http") && !this.origins.has(url.origin), async (route) => {
      // Photos may lie anywhere; nothing else may.
      if (route.request().resourceType() !== "image") this.found.push(`asked another server: ${route.request().url()}`);
      await route.fulfill({ contentType: "image/gif", body: CLEAR });
    });
  }

  /** Says that a server is under test. */
  trust(url: string): void {
    this.origins.add(new URL(url).origin);
  }

  /** Says which refusals belong to this test. */
  allow(...statuses: number[]): void {
    for (const status of statuses) this.statuses.add(status);
  }

  /** Says that this test takes the network away. */
  allowOffline(): void {
    this.offline = true;
  }

  /** Asserts that there was nothing to complain about. */
  check(): void {
    expect(this.found, "what the browser complained about").toEqual([]);
  }

  private console(message: ConsoleMessage): void {
    if (!["error", "warning"].includes(message.type())) return;
    const text = message.text();
    // The browser reports a refused or failed request here too; those are judged by their status above.
    const refused = /^Failed to load resource: the server responded with a status of \d+/.test(text);
    const gone = this.offline && text.startsWith("Failed to load resource: net::ERR_INTERNET_DISCONNECTED");
    if (!refused && !gone) this.found.push(`console ${message.type()}: ${text} (${message.location().url})`);
  }
}

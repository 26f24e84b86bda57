// REST v1 as the specs use it: to prepare an application, to change it behind the page's back, and to say what is true.

import { expect, type APIRequestContext, type APIResponse } from "@playwright/test";

/** An account as the API shows it; see openapi.json. */
export type Account = {
  user_id: string;
  type: "general" | "admin";
  nickname: string;
  photo_url: string;
  gender: "unknown" | "female" | "male";
  birth_date: number;
  location: string;
  whats_up: string;
  friend_verification: "need_confirm" | "allow_any" | "deny_any";
  language: number;
  message_settings: number;
  friending: "allowed" | "forbidden";
  level: number;
  role: number;
  custom: Record<string, string | null>;
  created_at: string;
  updated_at: string;
  version: number;
};

/** What a new account may say; only the username is needed. */
export type NewAccount = Partial<Account> & { user_id: string };

/** An application as the API shows it. */
export type App = { sdkappid: number; name: string; accounts: number; admins: number; status: string; deletion_permitted: boolean };

/** A job as the API shows it. */
export type Job = {
  id: string;
  state: string;
  done: number;
  total: number;
  result: { file?: { name: string; bytes: number; rows: number; sha256: string; url: string } } | null;
};

type Page = { items: Account[]; next: string | null; count: { value: number; relation: string } | null };

/** The API, signed in as the operator of the tests. */
export class Api {
  constructor(readonly request: APIRequestContext) {}

  /** Calls a path below /api/v1 and insists on success. */
  async call<T>(method: string, path: string, data?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.try(method, path, data, headers);
    expect(answer.ok(), `${method} ${path} answered ${answer.status()}: ${await answer.text()}`).toBe(true);
    return (answer.status() === 204 ? undefined : await answer.json()) as T;
  }

  /** Calls a path below /api/v1. */
  try(method: string, path: string, data?: unknown, headers?: Record<string, string>): Promise<APIResponse> {
    return this.request.fetch(`/api/v1${path}`, { method, data, headers });
  }

  /** Creates an application with these accounts beside `administrator`. */
  async createApp(name: string, accounts: NewAccount[] = []): Promise<App> {
    const app = await this.call<App>("POST", "/apps", { name });
    await this.createAccounts(app.sdkappid, accounts);
    return app;
  }

  /** The application as it is now. */
  app(app: number): Promise<App> {
    return this.call("GET", `/apps/${app}`);
  }

  /** Creates accounts, in batches of 1,000. */
  async createAccounts(app: number, accounts: NewAccount[]): Promise<void> {
    for (let at = 0; at < accounts.length; at += 1000) {
      const body = { accounts: accounts.slice(at, at + 1000).map((account) => ({ type: "general", ...account })) };
      const { results } = await this.call<{ results: { status: string }[] }>("POST", `/apps/${app}/account-batches`, body);
      expect(results.filter((result) => result.status !== "created")).toEqual([]);
    }
  }

  /** Lifts the deletion restriction, or puts it back. */
  async permitDeletion(app: number, lifted = true): Promise<void> {
    await this.call("PUT", `/apps/${app}/deletion-restriction`, { lifted, reason: "browser tests" });
  }

  /** One account. */
  account(app: number, userId: string): Promise<Account> {
    return this.call("GET", `/apps/${app}/accounts/${encodeURIComponent(userId)}`);
  }

  /** Changes an account as someone else would. */
  async patch(app: number, userId: string, patch: Partial<Account>): Promise<void> {
    const path = `/apps/${app}/accounts/${encodeURIComponent(userId)}`;
    const { etag } = (await this.try("GET", path)).headers();
    await this.call("PATCH", path, patch, { "If-Match": etag });
  }

  /** Every account that a query finds, in its order, read page by page. */
  async accounts(app: number, query: Record<string, string> = {}): Promise<Account[]> {
    const found: Account[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const text = new URLSearchParams({ limit: "200", ...query, ...(cursor && { cursor }) });
      const page: Page = await this.call<Page>("GET", `/apps/${app}/accounts?${text}`);
      found.push(...page.items);
      cursor = page.next;
    }
    return found;
  }

  /** The usernames that a query finds, in its order. */
  async ids(app: number, query: Record<string, string> = {}): Promise<string[]> {
    return (await this.accounts(app, query)).map((account) => account.user_id);
  }

  /** The application's jobs, newest first. */
  jobs(app: number): Promise<Job[]> {
    return this.call("GET", `/apps/${app}/jobs`);
  }
}

// A server SDK that others wrote, unmodified: e2e/clients/one_call.py makes a call of it.

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import type { Api } from "./api";

const run = promisify(execFile);

/** What the SDK was answered. */
export type Answer = {
  ErrorCode: number;
  ErrorInfo: string;
  UserProfileItem?: { ProfileItem: { Tag: string; Value: unknown }[] }[];
};

/** The SDK as `administrator` of an application. */
export class Sdk {
  private constructor(readonly env: Record<string, string>) {}

  /** For a server and an application of it. */
  static async of(url: string, api: Api, app: number): Promise<Sdk> {
    const { secret_key } = await api.call<{ secret_key: string }>("POST", `/apps/${app}/secret-key/reveal`);
    return new Sdk({ ROLLCALL_URL: url, ROLLCALL_APP: String(app), ROLLCALL_KEY: secret_key });
  }

  /** Imports an account. */
  import(userId: string, nick: string): Promise<Answer> {
    return this.call("import", userId, nick);
  }

  /** Reads tags of an account. */
  async read(userId: string, ...tags: string[]): Promise<{ Tag: string; Value: unknown }[]> {
    const answer = await this.call("read", userId, ...tags);
    return answer.UserProfileItem?.[0].ProfileItem ?? [];
  }

  private async call(...args: string[]): Promise<Answer> {
    const python = process.env.ROLLCALL_SDK_PYTHON ?? "";
    expect(python, "ROLLCALL_SDK_PYTHON names a Python with the SDK; `cargo xtask test` sets it").not.toBe("");
    const program = path.join(__dirname, "../clients/one_call.py");
    const { stdout } = await run(python, [program, ...args], { env: { ...process.env, ...this.env } });
    const answer: Answer = JSON.parse(stdout);
    expect(answer.ErrorCode, answer.ErrorInfo).toBe(0);
    return answer;
  }
}

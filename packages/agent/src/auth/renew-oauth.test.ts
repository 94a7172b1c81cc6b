import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAuthStore } from "./auth-store.ts";
import type { OAuthFlow } from "./oauth-flows.ts";
import { renewOAuth } from "./renew-oauth.ts";

let state: string;
beforeEach(() => void (state = mkdtempSync(join(tmpdir(), "renew-"))));
afterEach(() => rmSync(state, { recursive: true, force: true }));

const ID = "openai-codex:ada@example.com";
const dirOf = (agent: string) => join(state, agent);
const storeOf = (agent: string) =>
  createAuthStore({ agentDir: dirOf(agent), mainDir: dirOf("main"), legacyDir: join(state, "none"), log: silentLog });

function writeLogin(agent: string, more: Record<string, unknown>): void {
  mkdirSync(dirOf(agent), { recursive: true });
  const login = { type: "oauth", provider: "openai-codex", refresh: "r1", email: "ada@example.com", ...more };
  writeFileSync(join(dirOf(agent), "auth-profiles.json"), JSON.stringify({ version: 1, profiles: { [ID]: login } }));
}

const loginOf = (agent: string) =>
  (JSON.parse(readFileSync(join(dirOf(agent), "auth-profiles.json"), "utf8")) as { profiles: Record<string, unknown> })
    .profiles[ID];

/** A flow whose refresh tokens can be used once, as real ones. */
function countingFlow(expires: number): { flow: OAuthFlow; used: string[] } {
  const used: string[] = [];
  return {
    used,
    flow: {
      login: () => Promise.reject(new Error("not here")),
      toAuth: ({ access }) => Promise.resolve({ apiKey: access }),
      refresh: (credential) => {
        if (used.includes(credential.refresh)) return Promise.reject(new Error("refused (400): invalid_grant"));
        used.push(credential.refresh);
        return Promise.resolve({ type: "oauth", access: `a${used.length}`, refresh: `r${used.length + 1}`, expires });
      },
    },
  };
}

test("many requests of two agents at once renew a sign-in once, and both see it", async () => {
  const clock = createFakeClock();
  for (const agent of ["main", "work"])
    writeLogin(agent, { access: "old", expires: clock.now() + 1000, accountId: "x" });
  const { flow, used } = countingFlow(clock.now() + 3_600_000);
  const flows = { "openai-codex": () => Promise.resolve(flow) };
  const renew = (agent: string) => renewOAuth(ID, { store: storeOf(agent), flows, clock, log: silentLog });
  const renewed = await Promise.all(["main", "work", "work", "main"].map(renew));
  expect(renewed.map(({ access }) => access)).toEqual(["a1", "a1", "a1", "a1"]);
  expect(used).toEqual(["r1"]);
  expect(loginOf("main")).toMatchObject({ access: "a1", refresh: "r2", email: "ada@example.com", accountId: "x" });
  expect(storeOf("work").read().profiles[ID]).toMatchObject({ access: "a1", refresh: "r2" });
});

test("a token that is still good is used when renewing fails; an expired one asks to sign in again", async () => {
  const clock = createFakeClock();
  const flows = {
    "openai-codex": () =>
      Promise.resolve({ ...countingFlow(0).flow, refresh: () => Promise.reject(new Error("(400): invalid_grant")) }),
  };
  const renew = () => renewOAuth(ID, { store: storeOf("main"), flows, clock, log: silentLog });
  writeLogin("main", { access: "old", expires: clock.now() + 60_000 });
  expect(await renew()).toMatchObject({ access: "old" });
  clock.jump(60_001);
  await expect(renew()).rejects.toMatchObject({
    code: "AUTH_RENEW_FAILED",
    message: expect.stringContaining("openai-codex:a…@example.com") as string,
    hint: expect.stringContaining("openclaw models auth login --provider openai-codex") as string,
    details: { failure: "auth" },
  });
});

test("two processes that find a Codex sign-in expired renew it once, through pi", async () => {
  writeLogin("main", { access: "old", expires: 1 });
  let ready = 0;
  let bothReady = () => {};
  const waiting = new Promise<void>((resolve) => (bothReady = resolve));
  const refreshed: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      if (request.url === "/ready") {
        if (++ready === 2) bothReady();
        response.end();
        return;
      }
      refreshed.push(new URLSearchParams(body).get("refresh_token") ?? "");
      const claims = Buffer.from(JSON.stringify({ "https://api.openai.com/auth": { chatgpt_account_id: "acc" } }));
      const access_token = `h.${claims.toString("base64")}.s`;
      void waiting.then(() => response.end(JSON.stringify({ access_token, refresh_token: "r2", expires_in: 3600 })));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // What the provider's host answers comes from our server; everything else is the code that runs in production.
  const script = `
    const real = globalThis.fetch;
    globalThis.fetch = (input, init) => real(String(input).replace("https://auth.openai.com", ${JSON.stringify(url)}), init);
    const { createAuthStore } = await import(${JSON.stringify(new URL("./auth-store.ts", import.meta.url).href)});
    const { renewOAuth } = await import(${JSON.stringify(new URL("./renew-oauth.ts", import.meta.url).href)});
    const { OAUTH_FLOWS } = await import(${JSON.stringify(new URL("./oauth-flows.ts", import.meta.url).href)});
    const { silentLog, systemClock } = await import("@openclaw/core");
    const dir = ${JSON.stringify(dirOf("main"))};
    const store = createAuthStore({ agentDir: dir, mainDir: dir, legacyDir: dir, log: silentLog });
    await real(${JSON.stringify(url)} + "/ready");
    const login = await renewOAuth(${JSON.stringify(ID)}, { store, flows: OAUTH_FLOWS, clock: systemClock, log: silentLog });
    console.log(login.refresh, login.accountId);`;
  const run = () =>
    new Promise<string>((resolve) => {
      const child = spawn(
        process.execPath,
        ["--no-warnings", "--conditions=@openclaw/source", "--input-type=module", "-e", script],
        { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"] },
      );
      let out = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
      child.on("close", () => resolve(out.trim()));
    });
  try {
    expect(await Promise.all([run(), run()])).toEqual(["r2 acc", "r2 acc"]);
    expect(refreshed).toEqual(["r1"]);
    expect(loginOf("main")).toMatchObject({ refresh: "r2", accountId: "acc", email: "ada@example.com" });
  } finally {
    server.close();
  }
}, 30_000);

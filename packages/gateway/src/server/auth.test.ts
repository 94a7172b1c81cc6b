import { describe, expect, test } from "vitest";
import { createTestDevice, startTestGateway, TOKEN } from "../../test/test-gateway/index.ts";

const remote = { host: "example.com" };
const PASSWORD = "password-of-the-tests";

test("password mode takes the password and nothing else", async () => {
  await using gateway = await startTestGateway({ settings: { auth: { mode: "password", password: PASSWORD } } });
  const device = createTestDevice();
  const right = await gateway.connect({ device, auth: { password: PASSWORD } });
  expect(right.hello.ok).toBe(true);
  const wrong = await gateway.connect({ device, auth: { password: "no" } });
  expect(wrong.hello.error?.message).toBe(
    "unauthorized: gateway password mismatch (set gateway.remote.password to match gateway.auth.password)",
  );
  const token = await gateway.connect({ device, auth: { token: PASSWORD } });
  expect(token.hello.error?.message).toContain("gateway password missing");
});

test("a gateway without a secret lets nobody in, not even from loopback", async () => {
  await using gateway = await startTestGateway({ settings: { auth: { mode: "token" } } });
  for (const auth of [undefined, { token: "" }, { token: "x" }]) {
    const { hello } = await gateway.connect({ device: createTestDevice(), auth });
    expect(hello.error?.message).toContain("unauthorized: gateway token not configured");
  }
});

test("no answer repeats a presented secret", async () => {
  await using gateway = await startTestGateway();
  const { hello, closed } = await gateway.connect({ auth: { token: "a-secret-somebody-mistyped" } });
  expect(JSON.stringify([hello, await closed])).not.toContain("mistyped");
});

describe("Control UI without a device", () => {
  const client = { id: "openclaw-control-ui", mode: "ui" };

  test("is refused even with the right token", async () => {
    await using gateway = await startTestGateway();
    const { hello } = await gateway.connect({ client, headers: { origin: gateway.httpUrl } });
    expect(hello.error?.message).toBe("control ui requires HTTPS or localhost (secure context)");
  });

  test.each(["allowInsecureControlUi", "disableControlUiDeviceAuth"] as const)("may come with %s", async (key) => {
    await using gateway = await startTestGateway({ settings: { [key]: true } });
    const headers = { origin: gateway.httpUrl };
    const right = await gateway.connect({ client, headers });
    expect(right.hello.ok).toBe(true);
    const wrong = await gateway.connect({ client, headers, auth: { token: "no" } });
    expect(wrong.hello.error?.message).toContain("gateway token mismatch");
    expect(wrong.hello.error?.message).toContain("dashboard link");
  });
});

async function whois(ip: string): Promise<string | undefined> {
  return ip === "100.64.0.9" ? "Owner@example.com" : undefined;
}

describe("Tailscale Serve identity", () => {
  const headers = {
    host: "localhost",
    "tailscale-user-login": "owner@example.com",
    "x-forwarded-for": "100.64.0.9",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "gateway.tailnet.ts.net",
  };
  const auth = { mode: "token", token: TOKEN, allowTailscale: true } as const;

  test("signs in after the daemon has confirmed it, and the device still has to pair", async () => {
    await using gateway = await startTestGateway({ settings: { auth }, whois });
    const { hello } = await gateway.connect({ device: createTestDevice(), headers, auth: undefined });
    expect(hello.error?.message).toBe("pairing required");
    const noDevice = await gateway.connect({ headers, auth: undefined });
    expect(noDevice.hello.error?.message).toBe("device identity required");
  });

  test.each<[string, Record<string, string>, typeof whois]>([
    ["another login", { ...headers, "tailscale-user-login": "guest@example.com" }, whois],
    ["an unknown address", { ...headers, "x-forwarded-for": "100.64.0.10" }, whois],
    ["no forwarding headers", { host: "localhost", "tailscale-user-login": "owner@example.com" }, whois],
    ["a daemon that fails", headers, () => Promise.reject(new Error("down"))],
  ])("is worth nothing with %s", async (_name, sent, asked) => {
    await using gateway = await startTestGateway({ settings: { auth }, whois: asked });
    const { hello } = await gateway.connect({
      device: createTestDevice(),
      headers: sent,
      auth: undefined,
    });
    expect(hello.error?.message).toContain("gateway token missing");
  });
});

describe("guessing", () => {
  const guess = { headers: remote, auth: { token: "guess" } };

  test("from afar is stopped for a minute after 20 failures", async () => {
    await using gateway = await startTestGateway();
    for (let i = 0; i < 20; i++) {
      expect((await gateway.connect(guess)).hello.error?.message).toContain("mismatch");
    }
    const { hello } = await gateway.connect({ headers: remote });
    expect(hello.error).toEqual({
      code: "UNAVAILABLE",
      message: "unauthorized: too many failed attempts; try again later",
      retryable: true,
      retryAfterMs: 60_000,
    });
    await gateway.clock.advance(60_000);
    expect((await gateway.connect({ headers: remote })).hello.ok).toBe(true);
  });

  test("by somebody else locks out neither this machine nor a paired device", async () => {
    await using gateway = await startTestGateway();
    const device = createTestDevice();
    expect((await gateway.connect({ device })).hello.ok).toBe(true);
    for (let i = 0; i < 25; i++) await gateway.connect(guess);
    expect((await gateway.connect()).hello.ok).toBe(true);
    expect((await gateway.connect({ device, headers: remote })).hello.ok).toBe(true);
  });
});

test("sockets of a changed shared secret are closed, those of device tokens stay", async () => {
  await using gateway = await startTestGateway();
  const device = createTestDevice();
  const first = await gateway.connect({ device });
  const { deviceToken } = (first.hello.payload as { auth: { deviceToken: string } }).auth;
  const byDevice = await gateway.connect({ device, auth: { token: deviceToken } });
  gateway.settings.auth = { mode: "token", token: "a-new-shared-token" };
  gateway.server.dropStaleCredentials();
  expect(await first.closed).toEqual({ code: 1008, reason: "gateway credentials changed" });
  expect((await byDevice.call("health")).ok).toBe(true);
  expect((await gateway.connect()).hello.ok).toBe(false);
});

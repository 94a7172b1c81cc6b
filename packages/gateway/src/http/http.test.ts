import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, TOKEN } from "../../test/test-gateway/index.ts";

const bearer = { authorization: `Bearer ${TOKEN}` };

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Unlike fetch, sends the path as it is and any Host. */
function get(base: string, path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: hostname, port, path, headers, method }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

describe("probes and API", () => {
  test("healthz is alive, readyz tells what is missing", async () => {
    let ready = false;
    await using gateway = await startTestGateway({ http: { readiness: () => ({ ready, missing: ["agent"] }) } });
    expect(await (await fetch(`${gateway.httpUrl}/healthz`)).json()).toEqual({ ok: true });
    const before = await fetch(`${gateway.httpUrl}/readyz`);
    expect([before.status, await before.json()]).toEqual([503, { ready: false, missing: ["agent"] }]);
    ready = true;
    expect((await fetch(`${gateway.httpUrl}/readyz`)).status).toBe(200);
    expect((await fetch(`${gateway.httpUrl}/healthz`, { method: "DELETE" })).status).toBe(405);
  });

  test("health needs the shared secret, also on loopback", async () => {
    await using gateway = await startTestGateway();
    const url = `${gateway.httpUrl}/api/health`;
    const refused = await fetch(url);
    expect([refused.status, await refused.json()]).toEqual([
      401,
      { error: { message: "Unauthorized", type: "unauthorized" } },
    ]);
    for (const authorization of ["Bearer wrong", `Basic ${TOKEN}`, "Bearer ", `Bearer ${TOKEN}x`]) {
      expect((await fetch(url, { headers: { authorization } })).status).toBe(401);
    }
    expect((await fetch(`${url}?token=${TOKEN}`)).status).toBe(401);
    const right = await fetch(url, { headers: bearer });
    expect([right.status, await right.json()]).toEqual([200, { ok: true }]);
    gateway.settings.auth = { mode: "token", token: "rotated" };
    expect((await fetch(url, { headers: bearer })).status).toBe(401);
  });

  test("guessing through a proxy is slowed, the owner at this machine is not", async () => {
    await using gateway = await startTestGateway();
    const guess = { "x-forwarded-for": "203.0.113.9", authorization: "Bearer guess" };
    const statuses = [];
    for (let i = 0; i < 21; i++) statuses.push((await get(gateway.httpUrl, "/api/health", guess)).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
    expect((await get(gateway.httpUrl, "/api/health", bearer)).status).toBe(200);
  });

  test("other rooms add routes, whose errors do not show their inside", async () => {
    await using gateway = await startTestGateway({
      http: {
        routes(app, { refuseUnauthorized }) {
          app.post("/tools/invoke", async (context) => {
            const refusal = refuseUnauthorized(context.req.raw, context.env.peer);
            return refusal ?? context.json(await context.req.json());
          });
          app.get("/broken", () => {
            throw new Error("inside");
          });
        },
      },
    });
    const post = (headers: Record<string, string>) =>
      fetch(`${gateway.httpUrl}/tools/invoke`, { method: "POST", body: '{"tool":"x"}', headers });
    expect((await post({})).status).toBe(401);
    expect(await (await post(bearer)).json()).toEqual({ tool: "x" });
    const broken = await get(gateway.httpUrl, "/broken");
    expect(broken.status).toBe(500);
    expect(broken.body).not.toContain("inside");
    expect((await get(gateway.httpUrl, "/api/unknown")).status).toBe(404);
  });
});

describe("host names", () => {
  test.each<[string, string, number]>([
    ["loopback address", "127.0.0.1", 200],
    ["loopback address with a port", "127.0.0.1:18789", 200],
    ["localhost", "localhost", 200],
    ["IPv6 loopback", "[::1]:80", 200],
    ["a listed name", "gateway.example", 200],
    ["the host of a listed origin", "ui.example", 200],
    ["a foreign name", "evil.example", 403],
    ["a foreign name that contains ours", "localhost.evil.example", 403],
    ["a foreign address", "192.168.1.5", 403],
    ["nonsense", "local host", 403],
  ])("a loopback listener answers %s as it should", async (_name, host, status) => {
    const settings = { allowedHosts: ["Gateway.example"], allowedOrigins: ["https://ui.example"] };
    await using gateway = await startTestGateway({ settings });
    expect((await get(gateway.httpUrl, "/healthz", { host })).status).toBe(status);
  });

  test("a webhook may be called by the public name of a tunnel", async () => {
    const webhooks = { match: (path: string) => (path === "/hook" ? async () => new Response("taken") : undefined) };
    await using gateway = await startTestGateway({ http: { webhooks } });
    expect((await get(gateway.httpUrl, "/hook", { host: "tunnel.example" })).body).toBe("taken");
    expect((await get(gateway.httpUrl, "/other", { host: "tunnel.example" })).status).toBe(403);
  });
});

test("webhook bodies arrive whole, and too large ones are refused without being read to the end", async () => {
  const webhooks = { match: () => async (incoming: Request) => new Response(await incoming.text()) };
  await using gateway = await startTestGateway({ http: { webhooks, maxWebhookBytes: 1000 } });
  const post = (body: string) => fetch(`${gateway.httpUrl}/hook`, { method: "POST", body });
  const small = await post("x".repeat(1000));
  expect(await small.text()).toBe("x".repeat(1000));
  expect((await post("x".repeat(1001))).status).toBe(413);
  // Chunked, so without a length that could be refused at once.
  const socket = connect({ port: gateway.server.port, host: "127.0.0.1" });
  await once(socket, "connect");
  socket.write("POST /hook HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  socket.write(`800\r\n${"x".repeat(0x800)}\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

const bootstrap = () => ({ assistantName: "Ann </script><script>alert(1)", assistantAvatar: "A" });

describe("Control UI", () => {
  let root: string;
  const directory = () => join(root, "dist");

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "openclaw-ui-"));
    await mkdir(join(root, "dist", "assets"), { recursive: true });
    const head =
      '<head><meta charset="utf-8"><script type="module" crossorigin src="./assets/app-Bq3x81zQ.js"></script></head>';
    await writeFile(join(root, "dist", "index.html"), `<!doctype html><html>${head}<body></body></html>`);
    await writeFile(join(root, "dist", "assets", "app-Bq3x81zQ.js"), "export {}");
    await writeFile(join(root, "dist", "favicon.svg"), "<svg/>");
    await writeFile(join(root, "dist", ".env"), "hidden");
    await writeFile(join(root, "secret.txt"), "secret");
    await symlink(join(root, "secret.txt"), join(root, "dist", "link.txt"));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test.each(["/", "/chat", "/health", "/nope.js", "/a/b/c"])("%s is the page", async (path) => {
    await using gateway = await startTestGateway({ http: { controlUi: { directory: directory(), bootstrap } } });
    const { status, headers, body } = await get(gateway.httpUrl, path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    expect(body).toContain('src="/assets/app-Bq3x81zQ.js"');
  });

  test("the bootstrap script is the only inline script that the policy lets run", async () => {
    await using gateway = await startTestGateway({ http: { controlUi: { directory: directory(), bootstrap } } });
    const { headers, body } = await get(gateway.httpUrl, "/");
    const policy = String(headers["content-security-policy"]);
    const script = /<script>(.*?)<\/script>/.exec(body)?.[1] ?? "";
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
    expect(policy).toContain(`'sha256-${Buffer.from(digest).toString("base64")}'`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe-");
    const page = runInNewContext(`const window = {}; ${script} window`) as object;
    expect(page).toEqual({
      __OPENCLAW_CONTROL_UI_BASE_PATH__: "",
      __OPENCLAW_ASSISTANT_NAME__: "Ann </script><script>alert(1)",
      __OPENCLAW_ASSISTANT_AVATAR__: "A",
    });
  });

  test("assets are cached for good, other files revalidated, missing assets not replaced by the page", async () => {
    await using gateway = await startTestGateway({ http: { controlUi: { directory: directory(), bootstrap } } });
    const asset = await get(gateway.httpUrl, "/assets/app-Bq3x81zQ.js");
    expect([asset.body, asset.headers["content-type"], asset.headers["cache-control"]]).toEqual([
      "export {}",
      "text/javascript; charset=utf-8",
      "public, max-age=31536000, immutable",
    ]);
    const icon = await get(gateway.httpUrl, "/favicon.svg");
    expect([icon.body, icon.headers["cache-control"]]).toEqual(["<svg/>", "no-cache"]);
    const again = await get(gateway.httpUrl, "/favicon.svg", { "if-none-match": String(icon.headers.etag) });
    expect([again.status, again.body]).toEqual([304, ""]);
    expect((await get(gateway.httpUrl, "/assets/old-Aq3x81zQ.js")).status).toBe(404);
    const head = await get(gateway.httpUrl, "/favicon.svg", {}, "HEAD");
    expect([head.status, head.body]).toEqual([200, ""]);
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is not allowed", async (method) => {
    await using gateway = await startTestGateway({ http: { controlUi: { directory: directory(), bootstrap } } });
    const { status, headers, body } = await get(gateway.httpUrl, "/chat", {}, method);
    expect([status, headers.allow, body]).toEqual([405, "GET, HEAD", "Method Not Allowed"]);
  });

  test.each([
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%5csecret.txt",
    "//../secret.txt",
    "/link.txt",
    "/.env",
    "/%2eenv",
    "/favicon.svg%00.txt",
    "/%E0%A4%A",
  ])("%s leads nowhere", async (path) => {
    await using gateway = await startTestGateway({ http: { controlUi: { directory: directory(), bootstrap } } });
    const { body } = await get(gateway.httpUrl, path);
    expect(body).not.toMatch(/^(secret|hidden)/);
  });

  test("a base path serves the page below it only, and avatars in both places", async () => {
    const controlUi = { directory: directory(), bootstrap, basePath: "/claw" };
    await using gateway = await startTestGateway({
      http: { controlUi, avatar: async (agentId) => Response.json({ agentId }) },
    });
    expect((await get(gateway.httpUrl, "/")).status).toBe(404);
    const redirect = await get(gateway.httpUrl, "/claw");
    expect([redirect.status, redirect.headers.location]).toEqual([308, "/claw/"]);
    const page = await get(gateway.httpUrl, "/claw/chat");
    expect(page.body).toContain('src="/claw/assets/app-Bq3x81zQ.js"');
    expect(page.body).toContain('__OPENCLAW_CONTROL_UI_BASE_PATH__="/claw"');
    expect((await get(gateway.httpUrl, "/claw/assets/app-Bq3x81zQ.js")).body).toBe("export {}");
    for (const prefix of ["", "/claw"]) {
      expect((await get(gateway.httpUrl, `${prefix}/avatar/main?meta=1`)).body).toBe('{"agentId":"main"}');
    }
  });

  test("an unbuilt one says what to do", async () => {
    const controlUi = { directory: join(root, "nothing"), bootstrap };
    await using gateway = await startTestGateway({ http: { controlUi } });
    const { status, body } = await get(gateway.httpUrl, "/");
    expect(status).toBe(503);
    expect(body).toContain("pnpm build");
  });
});

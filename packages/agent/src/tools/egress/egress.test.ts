import { createServer, type RequestListener, type Server } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { refusedAddress } from "./address.ts";
import { createEgress, type EgressLookup } from "./index.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function serve(listener: RequestListener): Promise<{ port: number; hits: string[] }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(`${request.headers.host} ${request.url}`);
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, hits };
}

const mixed = [
  { address: "93.184.216.34", family: 4 },
  { address: "::1", family: 6 },
];
const loopback: EgressLookup = async () => [{ address: "127.0.0.1", family: 4 }];

/** Reaches the test's own server under a public-looking name; everything else is judged as usual. */
function egressTo(port: number, names: string[], lookup: EgressLookup = loopback) {
  return createEgress({ lookup, allowPrivate: (target) => target.port === port && names.includes(target.host) });
}

const text = (body: Uint8Array) => new TextDecoder().decode(body);

describe("addresses that are refused", () => {
  it.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "4000::1",
    "nonsense",
  ])("%s", (address) => {
    expect(refusedAddress(address)).toBeTypeOf("string");
  });

  it.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "2a00:1450::1"])(
    "but not the public %s",
    (address) => {
      expect(refusedAddress(address)).toBeUndefined();
    },
  );
});

describe("a canary on loopback is never reached", () => {
  it.each([
    (port: number) => `http://127.0.0.1:${port}/`,
    (port: number) => `http://2130706433:${port}/`,
    (port: number) => `http://0x7f000001:${port}/`,
    (port: number) => `http://0177.0.0.1:${port}/`,
    (port: number) => `http://127.1:${port}/`,
    (port: number) => `http://127.0.0.1.:${port}/`,
    (port: number) => `http://①②⑦.0.0.1:${port}/`,
    (port: number) => `http://0:${port}/`,
    (port: number) => `http://[::1]:${port}/`,
    (port: number) => `http://[::ffff:127.0.0.1]:${port}/`,
    (port: number) => `http://[::ffff:7f00:1]:${port}/`,
    (port: number) => `http://localhost:${port}/`,
    (port: number) => `http://localhost.:${port}/`,
    (port: number) => `http://LOCALHOST:${port}/`,
    (port: number) => `http://anything.localhost:${port}/`,
    (port: number) => `http://public.example:${port}/`,
  ])("%s", async (url) => {
    const canary = await serve((_request, response) => response.end("secret"));
    await expect(createEgress({ lookup: loopback }).request(url(canary.port))).rejects.toMatchObject({
      code: "EGRESS_REFUSED",
    });
    expect(canary.hits).toEqual([]);
  });

  it("through a redirect from a permitted host", async () => {
    const canary = await serve((_request, response) => response.end("secret"));
    const door = await serve((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${canary.port}/` }).end();
    });
    const egress = egressTo(door.port, ["door.example"]);
    await expect(egress.request(`http://door.example:${door.port}/`)).rejects.toMatchObject({ code: "EGRESS_REFUSED" });
    expect(door.hits).toHaveLength(1);
    expect(canary.hits).toEqual([]);
  });

  it("by a name that resolves to a public address first and to loopback afterwards", async () => {
    const canary = await serve((_request, response) => response.end("secret"));
    let asked = 0;
    const rebinding: EgressLookup = async () => [{ address: asked++ === 0 ? "127.0.0.2" : "127.0.0.1", family: 4 }];
    // The first answer counts as public here; were the name resolved again for the connection, the canary would be hit.
    const egress = createEgress({ lookup: rebinding, allowPrivate: ({ address }) => address === "127.0.0.2" });
    await expect(egress.request(`http://rebind.example:${canary.port}/`, { timeoutMs: 300 })).rejects.toThrow();
    expect(asked).toBe(1);
    expect(canary.hits).toEqual([]);
    await expect(egress.request(`http://rebind.example:${canary.port}/`)).rejects.toMatchObject({
      code: "EGRESS_REFUSED",
    });
    expect(canary.hits).toEqual([]);
  });

  it("when only one of a name's addresses is private", async () => {
    await expect(createEgress({ lookup: async () => mixed }).request("http://mixed.example/")).rejects.toMatchObject({
      code: "EGRESS_REFUSED",
    });
  });
});

describe("addresses that are no web pages", () => {
  it.each([
    "file:///etc/passwd",
    "ftp://example.com/",
    "data:text/plain,hi",
    "http://user:pw@example.com/",
    "http://",
    "not a url",
  ])("%s", async (url) => {
    await expect(createEgress({ lookup: loopback }).request(url)).rejects.toMatchObject({ code: "EGRESS_URL" });
  });

  it("never repeats a password", async () => {
    const failure = await createEgress()
      .request("http://joe:hunter2@example.com/")
      .catch((error: Error) => `${error.stack} ${JSON.stringify(error)}`);
    expect(failure).not.toContain("hunter2");
  });
});

describe("answers", () => {
  it("follows redirects, keeps the host header, and drops credentials on another origin", async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.host?.startsWith("a."))
        response.writeHead(301, { location: `http://b.example:${server.port}/end` }).end();
      else response.end("here");
    });
    const egress = egressTo(server.port, ["a.example", "b.example"]);
    const answer = await egress.request(`http://a.example:${server.port}/`, { headers: { Authorization: "Bearer x" } });
    expect(answer).toMatchObject({ status: 200, url: `http://b.example:${server.port}/end`, truncated: false });
    expect(text(answer.body)).toBe("here");
    expect(server.hits).toEqual([`a.example:${server.port} /`, `b.example:${server.port} /end`]);
    expect(seen).toEqual(["Bearer x", undefined]);
  });

  it("stops after five redirects", async () => {
    const server = await serve((_request, response) => response.writeHead(302, { location: "/again" }).end());
    const egress = egressTo(server.port, ["loop.example"]);
    await expect(egress.request(`http://loop.example:${server.port}/`)).rejects.toMatchObject({
      code: "EGRESS_REDIRECTS",
    });
    expect(server.hits).toHaveLength(6);
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const)("counts a %s bomb after decompression", async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(20 * 1024 * 1024));
    const server = await serve((_request, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(bomb),
    );
    const egress = egressTo(server.port, ["bomb.example"]);
    const url = `http://bomb.example:${server.port}/`;
    await expect(egress.request(url, { maxBytes: 100_000 })).rejects.toMatchObject({ code: "EGRESS_TOO_LARGE" });
    const cut = await egress.request(url, { maxBytes: 100_000, overflow: "truncate" });
    expect([cut.body.length, cut.truncated]).toEqual([100_000, true]);
  });

  it("gives up after the time allowed, also in the middle of a body", async () => {
    const clock = createFakeClock();
    let started: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => {
      started = resolve;
    });
    const server = await serve((_request, response) => {
      response.write("beginning");
      started?.();
    });
    const egress = createEgress({ lookup: loopback, allowPrivate: () => true, clock });
    const answer = egress.request(`http://slow.example:${server.port}/`, { timeoutMs: 5_000 });
    const outcome = expect(answer).rejects.toMatchObject({ code: "EGRESS_TIMEOUT" });
    await begun;
    await clock.advance(5_000);
    await outcome;
    expect(clock.pending()).toEqual([]);
  });

  it("stops with the caller's reason", async () => {
    const server = await serve(() => {});
    const stop = new AbortController();
    const answer = egressTo(server.port, ["hang.example"]).request(`http://hang.example:${server.port}/`, {
      signal: stop.signal,
    });
    stop.abort(new Error("stopped by user"));
    await expect(answer).rejects.toThrow("stopped by user");
  });

  it("says that a server could not be reached", async () => {
    const server = await serve(() => {});
    const { port } = server;
    await new Promise((done) => servers.splice(0)[0]?.close(done));
    await expect(egressTo(port, ["gone.example"]).request(`http://gone.example:${port}/`)).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});

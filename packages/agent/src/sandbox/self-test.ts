import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, isAbsolute, join, relative } from "node:path";
import { OpenClawError } from "@openclaw/core";
import type { RunHost } from "./run-host.ts";
import type { SandboxBackend, SandboxSpec } from "./types.ts";

export interface SelfTestOptions {
  backend: SandboxBackend;
  spec: SandboxSpec;
  run: RunHost;
  /** Path of the file of the host that must stay unreadable; written for the test, outside every mount. */
  canary: string;
}

/**
 * Runs inside and prints one `name=value` line for each fact. Arguments: canary path, port of a listener on the host's
 * loopback, workspace, second mount or nothing, then where mounts would show the canary.
 */
const SCRIPT = `
say() { printf '%s=%s\\n' "$1" "$2"; }
say uid "$(id -u)"
say caps "$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)"
say privileges "$(sed -n 's/^NoNewPrivs:[[:space:]]*//p' /proc/self/status)"
secret=$1 port=$2 workspace=$3 second=$4
say canary "$(cat "$secret" "/proc/self/root$secret" "/proc/1/root$secret" "/proc/1/cwd/../../../../../../../..$secret" 2>/dev/null)"
shift 4
for path; do say canary "$(cat "$path" 2>/dev/null)"; done
say interfaces "$(sed -n 's/^[[:space:]]*\\([^:|]*\\):.*/\\1/p' /proc/net/dev | tr '\\n' ' ')"
say loopback "$( (command -v bash >/dev/null && bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null) && echo open || echo closed)"
say root "$( (: >/.openclaw-self-test) 2>/dev/null && echo writable || echo closed)"
say usr "$( (: >/usr/.openclaw-self-test) 2>/dev/null && echo writable || echo closed)"
say kernel "$( (: >>/proc/sys/kernel/core_pattern) 2>/dev/null && echo writable || echo closed)"
say workspace "$( (: >"$workspace/.openclaw-self-test" && rm -f "$workspace/.openclaw-self-test") 2>/dev/null && echo writable || echo closed)"
[ -z "$second" ] || say second "$( (: >"$second/.openclaw-self-test") 2>/dev/null && echo writable || echo closed)"
say end end
`;

/** Proves that a sandbox confines. Throws `SANDBOX_SELF_TEST` that names what it found open. */
export async function testSandbox({ backend, spec, run, canary }: SelfTestOptions): Promise<void> {
  const { container, mounts } = spec;
  const secret = randomBytes(16).toString("hex");
  const listener = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = listener.address();
  const port = typeof address === "object" && address ? address.port : 0;
  mkdirSync(dirname(canary), { recursive: true, mode: 0o700 });
  // Readable by everybody on purpose: only the sandbox may keep it from being read.
  writeFileSync(canary, secret, { mode: 0o644 });
  try {
    const workspace = mounts[0]?.inside ?? container.workdir;
    const readOnly = mounts.find(({ writable }) => !writable)?.inside ?? "";
    const argv = ["/bin/sh", "-c", SCRIPT, "sh", canary, String(port), workspace, readOnly, ...shownAt(canary, spec)];
    const result = await run(backend.wrap(spec, { argv, cwd: workspace, env: {} }), { timeoutMs: 20_000 });
    const output = result.stdout.toString();
    const facts = readFacts(output);
    const found = facts.has("end")
      ? findings(facts, { secret, spec, uid: backend.uid(container) })
      : [`it could not be run: ${result.stderr.trim() || `exit code ${result.code}`}`];
    if (found.length > 0) {
      throw new OpenClawError({
        code: "SANDBOX_SELF_TEST",
        message: `The sandbox (${backend.id}) failed its self-test: ${found.join("; ")}.`,
        hint: "Nothing was run. Correct agents.defaults.sandbox, or switch it off knowingly with mode off.",
        details: { backend: backend.id, scopeKey: spec.scopeKey, found },
      });
    }
  } finally {
    listener.close();
    rmSync(canary, { force: true });
  }
}

/** A name said twice keeps all that was said. */
function readFacts(output: string): Map<string, string> {
  const facts = new Map<string, string>();
  for (const line of output.split("\n")) {
    const [name = "", value = ""] = line.split(/=(.*)/s);
    facts.set(name, facts.has(name) ? `${facts.get(name)} ${value}` : value);
  }
  return facts;
}

/** Where a mount that holds the canary's directory would show it. */
function shownAt(canary: string, { mounts, container }: SandboxSpec): string[] {
  const binds = container.binds.map((bind) => bind.split(":"));
  const places = [...mounts.map(({ host, inside }) => [host, inside]), ...binds];
  return places.flatMap(([host = "", inside = ""]) => {
    const way = relative(host, canary);
    return way.startsWith("..") || isAbsolute(way) ? [] : [join(inside, way)];
  });
}

function findings(
  facts: ReadonlyMap<string, string>,
  { secret, spec, uid }: { secret: string; spec: SandboxSpec; uid: number | undefined },
): string[] {
  const { container } = spec;
  const fact = (name: string) => facts.get(name)?.trim() ?? "";
  const open: string[] = [];
  if (fact("canary").includes(secret)) open.push("a file of the host can be read");
  if (container.network === "none") {
    const others = fact("interfaces")
      .split(" ")
      // Tunnel devices that some kernels put into every network namespace, without an address.
      .filter((name) => name && !/^(lo|tunl0|sit0|ip6tnl0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6gre0)$/.test(name));
    if (others.length > 0) open.push(`the network is not closed (${others.join(", ")})`);
    if (fact("loopback") !== "closed") open.push("a port of the host can be reached");
  }
  if (uid !== undefined && fact("uid") !== String(uid)) open.push(`the user id is ${fact("uid")} instead of ${uid}`);
  if (container.capDrop.includes("ALL") && !/^0+$/.test(fact("caps")))
    open.push(`it holds capabilities (${fact("caps")})`);
  if (fact("privileges") !== "1") open.push("a set-uid program could gain privileges");
  if (container.readOnlyRoot && (fact("root") !== "closed" || fact("usr") !== "closed"))
    open.push("the root is writable");
  if (fact("kernel") !== "closed") open.push("settings of the kernel can be changed");
  if (fact("workspace") !== "writable") open.push("the workspace cannot be written");
  if (facts.has("second") && fact("second") !== "closed") open.push("the read-only workspace can be written");
  return open;
}

import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import { createBubblewrap } from "./bubblewrap.ts";
import { createDocker } from "./docker.ts";
import { createSandboxRegistry, type SandboxEntry } from "./registry.ts";
import { runHost, type RunHost } from "./run-host.ts";
import { containerName, sandboxMounts, scopeKeyOf } from "./scope.ts";
import { testSandbox } from "./self-test.ts";
import { isSandboxed } from "./settings.ts";
import type { Sandbox, SandboxBackend, SandboxSettings, SandboxSpec } from "./types.ts";

export interface SandboxesOptions {
  settings: SandboxSettings;
  agentId: string;
  /** The agent's own, on the host. */
  workspace: string;
  /** Keys of the sessions that `non-main` spares. */
  mainSessionKeys: readonly string[];
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  /** Default: starts the program. */
  run?: RunHost;
}

export interface Sandboxes {
  isSandboxed(sessionKey: string): boolean;
  /**
   * The sandbox of a session, made and proved when it was not yet; undefined for a session on the host. Throws
   * `SANDBOX_UNAVAILABLE`, `SANDBOX_UNSUPPORTED`, `SANDBOX_SELF_TEST`, `SANDBOX_SETUP` or `SANDBOX_ENGINE`: then nothing
   * may run.
   */
  open(sessionKey: string): Promise<Sandbox | undefined>;
}

const PRUNE_EVERY_MS = 5 * 60_000;
/** A container whose configuration changed is kept while somebody works in it. */
const HOT_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const SETUP_TIMEOUT_MS = 10 * 60_000;

/** The sandboxes of one agent. */
export function createSandboxes(options: SandboxesOptions): Sandboxes {
  const { settings, agentId, stateDir, clock, log } = options;
  const run = options.run ?? runHost;
  const directory = join(stateDir, "sandbox");
  const registry = createSandboxRegistry(join(directory, "containers.json"));
  const backends = {
    docker: createDocker({ run, env: options.env }),
    bubblewrap: createBubblewrap({ run, etcDir: join(directory, "etc") }),
  };
  /** Proved in this process, by container name and what they were proved with. */
  const proved = new Map<string, string>();
  const opening = new Map<string, Promise<Sandbox>>();
  let chosen: Promise<SandboxBackend> | undefined;
  let prunedAt = Number.NEGATIVE_INFINITY;

  async function choose(): Promise<SandboxBackend> {
    const { backend } = settings;
    const reasons: string[] = [];
    for (const candidate of backend === "auto" ? [backends.docker, backends.bubblewrap] : [backends[backend]]) {
      const reason = await candidate.unavailable();
      if (!reason) return candidate;
      reasons.push(reason);
    }
    throw new OpenClawError({
      code: "SANDBOX_UNAVAILABLE",
      message: `This session runs in a sandbox, and none is to be had: ${reasons.join("; ")}.`,
      hint: "Install bubblewrap or start Docker; agents.defaults.sandbox.backend chooses, mode off does without.",
    });
  }

  async function open(sessionKey: string): Promise<Sandbox> {
    chosen ??= choose();
    // An engine that was not up yet is asked again by the next turn.
    chosen.catch(() => (chosen = undefined));
    const backend = await chosen;
    const cannot = backend.cannot(settings.container);
    if (cannot) {
      throw new OpenClawError({
        code: "SANDBOX_UNSUPPORTED",
        message: `The sandbox cannot be made as configured: ${cannot}.`,
        hint: "Change agents.defaults.sandbox.docker, or choose the other backend.",
      });
    }
    await prune(backend);
    const scopeKey = scopeKeyOf(settings.scope, agentId, sessionKey);
    const mounts = sandboxMounts(settings, scopeKey, options.workspace);
    for (const { host } of mounts) mkdirSync(host, { recursive: true, mode: 0o700 });
    const { container } = settings;
    const name = containerName(container.containerPrefix, scopeKey);
    const configHash = createHash("sha256")
      .update(JSON.stringify([backend.id, settings.workspaceAccess, container, mounts]))
      .digest("hex");
    const known = registry.get(name);
    const image = backend.id === "bubblewrap" ? "bubblewrap" : container.image;
    const spec: SandboxSpec = {
      name,
      scopeKey,
      createdAtMs: known?.createdAtMs ?? clock.now(),
      configHash,
      mounts,
      container,
    };
    const { fresh, hash } = await bring(backend, spec, known);
    if (proved.get(name) !== hash || fresh) {
      await testSandbox({ backend, spec, run, canary: join(directory, "canary", `${name}.txt`) });
      if (backend.id === "bubblewrap" && container.pidsLimit && process.getuid?.() === 0) {
        log.warn("sandbox.docker.pidsLimit does not bind under bubblewrap while the gateway runs as root.");
      }
    }
    if (fresh && container.setupCommand) await setUp(backend, spec, container.setupCommand);
    proved.set(name, hash);
    const { createdAtMs } = spec;
    registry.put({
      containerName: name,
      sessionKey: scopeKey,
      createdAtMs,
      lastUsedAtMs: clock.now(),
      image,
      configHash: hash,
    });
    return {
      scopeKey,
      backend: backend.id,
      workspaceAccess: settings.workspaceAccess,
      workdir: container.workdir,
      mounts,
      roots: [
        ...mounts.map(({ inside }) => inside),
        ...container.binds.flatMap((bind) => bind.split(":")[1] ?? []),
        // Under bubblewrap they live as long as one command.
        ...(backend.id === "docker" ? container.tmpfs.flatMap((entry) => entry.split(":")[0] ?? []) : []),
      ],
      shell: container.shell ?? (backend.id === "bubblewrap" && existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh"),
      wrap: (command) => backend.wrap(spec, command),
      killer: (jobId) => backend.killer(spec, jobId),
    };
  }

  /** Makes and starts what is not there. `fresh`: setup has still to be run. `hash`: what it was made with. */
  async function bring(
    backend: SandboxBackend,
    spec: SandboxSpec,
    known: SandboxEntry | undefined,
  ): Promise<{ fresh: boolean; hash: string }> {
    const state = await backend.state(spec.name);
    if (state === "stateless") {
      const fresh = known?.configHash !== spec.configHash;
      if (fresh) spec.createdAtMs = clock.now();
      return { fresh, hash: spec.configHash };
    }
    if (state !== "absent") {
      const same = state.configHash === spec.configHash;
      const hot = state.running && known !== undefined && clock.now() - known.lastUsedAtMs < HOT_MS;
      if (same || hot) {
        if (!same) log.info(`sandbox ${spec.name} keeps its old configuration while it is in use`);
        if (!state.running) await backend.start(spec.name);
        return { fresh: false, hash: state.configHash ?? "" };
      }
      await backend.remove(spec.name);
    }
    spec.createdAtMs = clock.now();
    await backend.create(spec);
    await backend.start(spec.name);
    return { fresh: true, hash: spec.configHash };
  }

  async function setUp(backend: SandboxBackend, spec: SandboxSpec, command: string): Promise<void> {
    const inside = { argv: ["/bin/sh", "-lc", command], cwd: spec.container.workdir, env: {} };
    const result = await run(backend.wrap(spec, inside), { timeoutMs: SETUP_TIMEOUT_MS });
    if (result.code === 0) return;
    await backend.remove(spec.name);
    throw new OpenClawError({
      code: "SANDBOX_SETUP",
      message: `sandbox.docker.setupCommand failed: ${result.stderr.trim().slice(-400) || `exit code ${result.code}`}`,
      hint: "Installing packages needs a network, a writable root and user 0:0; better put them into the image.",
    });
  }

  /** Removes what was idle or lived for too long. Workspaces stay: they are the user's files. */
  async function prune(backend: SandboxBackend): Promise<void> {
    const now = clock.now();
    if (now - prunedAt < PRUNE_EVERY_MS) return;
    prunedAt = now;
    const { idleHours, maxAgeDays } = settings.prune;
    for (const entry of registry.list()) {
      const idle = idleHours > 0 && now - entry.lastUsedAtMs > idleHours * HOUR_MS;
      const old = maxAgeDays > 0 && now - entry.createdAtMs > maxAgeDays * 24 * HOUR_MS;
      const ours = (entry.image === "bubblewrap") === (backend.id === "bubblewrap");
      if (!ours || !(idle || old)) continue;
      log.info(`sandbox ${entry.containerName} is removed: ${idle ? "idle" : "old"}`);
      await backend.remove(entry.containerName);
      registry.remove(entry.containerName);
      proved.delete(entry.containerName);
    }
  }

  return {
    isSandboxed: (sessionKey) => isSandboxed(settings.mode, sessionKey, options.mainSessionKeys),
    async open(sessionKey) {
      if (!isSandboxed(settings.mode, sessionKey, options.mainSessionKeys)) return undefined;
      const key = scopeKeyOf(settings.scope, agentId, sessionKey);
      let sandbox = opening.get(key);
      if (!sandbox) {
        sandbox = open(sessionKey).finally(() => opening.delete(key));
        opening.set(key, sandbox);
      }
      return sandbox;
    },
  };
}

import { OpenClawError } from "@openclaw/core";
import { limitPair } from "./limits.ts";
import type { HostResult, RunHost } from "./run-host.ts";
import type { HostCommand, SandboxBackend, SandboxSpec } from "./types.ts";

export interface DockerOptions {
  run: RunHost;
  /** `PATH`, `HOME`, `DOCKER_*` and `XDG_RUNTIME_DIR` are what the program needs to find its engine. */
  env: Readonly<Record<string, string | undefined>>;
}

const ENGINE_ENV = /^(PATH|HOME|DOCKER_.*|CONTAINER_.*|XDG_RUNTIME_DIR|XDG_CONFIG_HOME)$/;
/** Pulling an image is not part of a turn; making a container from one that is there takes a second or two. */
const CREATE_TIMEOUT_MS = 120_000;
/** Ends what carries a job's mark, whatever process group it went to. */
const KILL_SCRIPT =
  'for p in /proc/[0-9]*; do if tr "\\0" "\\n" <"$p/environ" 2>/dev/null | grep -qxF "OPENCLAW_JOB=$1"; then kill -KILL "${p#/proc/}"; fi; done 2>/dev/null; true';

/** Containers through the Docker command line, or Podman's, which takes the same. */
export function createDocker({ run, env }: DockerOptions): SandboxBackend {
  let program = "docker";
  const hostEnv = Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && ENGINE_ENV.test(entry[0]),
    ),
  );
  const command = (args: string[]): HostCommand => ({ file: program, args, env: hostEnv });

  async function must(args: string[], what: string, timeoutMs = 30_000): Promise<HostResult> {
    const result = await run(command(args), { timeoutMs });
    if (result.code === 0) return result;
    throw new OpenClawError({
      code: "SANDBOX_ENGINE",
      message: `${program} could not ${what}: ${result.stderr.trim().split("\n").at(-1) || `exit code ${result.code}`}`,
      hint: "Check that the engine runs and that the image of agents.defaults.sandbox.docker.image has been built.",
    });
  }

  return {
    id: "docker",
    async unavailable() {
      for (const name of ["docker", "podman"]) {
        const version = { file: name, args: ["version", "--format", "{{.Server.Version}}"], env: hostEnv };
        if ((await run(version, { timeoutMs: 10_000 })).code !== 0) continue;
        program = name;
        return undefined;
      }
      return "neither Docker's nor Podman's engine answers";
    },
    cannot: () => undefined,
    uid: ({ user }) => (user && /^\d+/.test(user) ? Number.parseInt(user, 10) : undefined),
    async state(name) {
      const format = '{{.State.Running}} {{index .Config.Labels "openclaw.configHash"}}';
      const result = await run(command(["inspect", "--type", "container", "--format", format, name]));
      if (result.code !== 0) return "absent";
      const [running, configHash] = result.stdout.toString().trim().split(" ");
      return { running: running === "true", ...(configHash ? { configHash } : {}) };
    },
    async create(spec) {
      await must(createArgs(spec), `make the container ${spec.name}`, CREATE_TIMEOUT_MS);
    },
    async start(name) {
      await must(["start", name], `start the container ${name}`);
    },
    async remove(name) {
      await run(command(["rm", "-f", name]));
    },
    wrap(spec, { argv, cwd, env: extra, terminal, jobId }) {
      const variables = { ...spec.container.env, ...extra, ...(jobId ? { OPENCLAW_JOB: jobId } : {}) };
      return command([
        "exec",
        terminal ? "-it" : "-i",
        "--workdir",
        cwd,
        ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        spec.name,
        ...argv,
      ]);
    },
    killer: (spec, jobId) => command(["exec", spec.name, "/bin/sh", "-c", KILL_SCRIPT, "sh", jobId]),
  };
}

/** The documented command line of a sandbox container. */
export function createArgs({ name, scopeKey, createdAtMs, configHash, container, mounts }: SandboxSpec): string[] {
  const option = (flag: string, value: string | number | undefined) =>
    value === undefined || value === "" ? [] : [flag, String(value)];
  const options = (flag: string, values: readonly string[]) => values.flatMap((value) => [flag, value]);
  return [
    "create",
    "--name",
    name,
    ...options("--label", [
      "openclaw.sandbox=1",
      `openclaw.sessionKey=${scopeKey}`,
      `openclaw.createdAtMs=${createdAtMs}`,
      `openclaw.configHash=${configHash}`,
    ]),
    ...(container.readOnlyRoot ? ["--read-only"] : []),
    ...options("--tmpfs", container.tmpfs),
    ...option("--network", container.network),
    ...option("--user", container.user),
    ...options("--cap-drop", container.capDrop),
    ...options("--security-opt", [
      "no-new-privileges",
      ...(container.seccompProfile ? [`seccomp=${container.seccompProfile}`] : []),
      ...(container.apparmorProfile ? [`apparmor=${container.apparmorProfile}`] : []),
    ]),
    ...options("--dns", container.dns),
    ...options("--add-host", container.extraHosts),
    ...option("--pids-limit", container.pidsLimit),
    ...option("--memory", container.memory),
    ...option("--memory-swap", container.memorySwap),
    ...option("--cpus", container.cpus),
    ...options(
      "--ulimit",
      Object.entries(container.ulimits).map(([limit, value]) => `${limit}=${limitPair(value)}`),
    ),
    ...options("-v", container.binds),
    "--workdir",
    container.workdir,
    ...options(
      "-v",
      mounts.map(({ host, inside, writable }) => `${host}:${inside}${writable ? "" : ":ro"}`),
    ),
    container.image,
    "sleep",
    "infinity",
  ];
}

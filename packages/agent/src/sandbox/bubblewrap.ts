import { existsSync, lstatSync, mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OpenClawError } from "@openclaw/core";
import { limitPrefix } from "./limits.ts";
import type { RunHost } from "./run-host.ts";
import type { ContainerSettings, HostCommand, SandboxBackend, SandboxSpec } from "./types.ts";

export interface BubblewrapOptions {
  run: RunHost;
  /** Where the sandbox's own `/etc` files are kept. */
  etcDir: string;
  /** Default: `bwrap` of the usual directories. */
  program?: string;
}

/** What a program of the host gets of its environment. */
const HOST_ENV = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
const DEFAULT_ID = 1000;
/** Size of each directory in memory. */
const TMPFS_BYTES = 512 * 1024 * 1024;
/** Top-level directories that are links into /usr on today's systems, and directories on older ones. */
const TOP = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
/** Settings and triggers of the kernel that no namespace has of its own; the lists are those of container engines. */
const PROC_READ_ONLY = ["sys", "sysrq-trigger", "irq", "bus", "fs"];
const PROC_HIDDEN = ["kcore", "keys", "timer_list", "sched_debug", "latency_stats"];
/** Public parts of /etc without which programs do not start or find their certificates. */
const ETC = [
  "ld.so.cache",
  "alternatives",
  "ssl/certs",
  "ssl/openssl.cnf",
  "ca-certificates",
  "pki",
  "localtime",
  "timezone",
  "mime.types",
  "terminfo",
  "inputrc",
  "magic",
];

/**
 * Confines each command in namespaces of its own, without a daemon or root. There is no container that stays: a command
 * sees the host's /usr read-only, the mounts, empty directories in memory, and nothing else.
 */
export function createBubblewrap({ run, etcDir, program = "bwrap" }: BubblewrapOptions): SandboxBackend {
  const ids = (container: ContainerSettings): [number, number] => {
    const [uid = DEFAULT_ID, gid = uid] = (container.user ?? "").split(":").filter(Boolean).map(Number);
    return [uid, gid];
  };

  function wrap(spec: SandboxSpec, command: Parameters<SandboxBackend["wrap"]>[1]): HostCommand {
    const { container } = spec;
    const [uid, gid] = ids(container);
    const args = [
      ...["user", "pid", "ipc", "uts"].map((name) => `--unshare-${name}`),
      "--unshare-cgroup-try",
      ...(container.network === "none" ? ["--unshare-net"] : []),
      "--disable-userns",
      "--die-with-parent",
      // Keeps it from typing into the terminal that started it; one that was made for it may be its own.
      ...(command.terminal ? [] : ["--new-session"]),
      "--uid",
      String(uid),
      "--gid",
      String(gid),
      "--hostname",
      "sandbox",
      // Whatever the configuration keeps for a container: nothing here needs any.
      "--cap-drop",
      "ALL",
      "--ro-bind",
      "/usr",
      "/usr",
      ...TOP.flatMap(topLevel),
      ...etcFiles(container, uid, gid),
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      // bwrap covers these itself, but not when the host's root started it: then they belong to the user inside.
      ...PROC_READ_ONLY.flatMap((name) => ["--ro-bind-try", `/proc/${name}`, `/proc/${name}`]),
      ...PROC_HIDDEN.filter((name) => existsSync(`/proc/${name}`)).flatMap((name) => [
        "--ro-bind",
        "/dev/null",
        `/proc/${name}`,
      ]),
      ...container.tmpfs.flatMap((entry) => ["--size", String(TMPFS_BYTES), "--tmpfs", entry.split(":")[0] ?? entry]),
      ...container.binds.flatMap(bindArgs),
      ...spec.mounts.flatMap(({ host, inside, writable }) => [writable ? "--bind" : "--ro-bind", host, inside]),
      ...(container.readOnlyRoot ? ["--remount-ro", "/"] : []),
      "--chdir",
      command.cwd,
      "--clearenv",
      ...Object.entries({
        PATH: HOST_ENV.PATH,
        HOME: container.workdir,
        LANG: "C.UTF-8",
        ...container.env,
        ...command.env,
      }).flatMap(([name, value]) => ["--setenv", name, value]),
      "--",
      ...limitPrefix(container),
      ...command.argv,
    ];
    return { file: program, args, env: { ...HOST_ENV } };
  }

  function etcFiles(container: ContainerSettings, uid: number, gid: number): string[] {
    const files: Record<string, string> = {
      passwd: `sandbox:x:${uid}:${gid}::${container.workdir}:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n`,
      group: `sandbox:x:${gid}:\nnogroup:x:65534:\n`,
      "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
      hosts: ["127.0.0.1 localhost sandbox", "::1 localhost", ...container.extraHosts.map(hostLine), ""].join("\n"),
      ...(container.dns.length > 0
        ? { "resolv.conf": container.dns.map((address) => `nameserver ${address}\n`).join("") }
        : {}),
    };
    const dir = join(etcDir, `${uid}-${gid}`);
    mkdirSync(dir, { recursive: true, mode: 0o755 });
    const own = Object.entries(files).flatMap(([name, text]) => {
      const path = join(dir, name);
      writeFileSync(path, text, { mode: 0o644 });
      return ["--ro-bind", path, `/etc/${name}`];
    });
    const resolver = container.network !== "none" && container.dns.length === 0 ? ["resolv.conf"] : [];
    return [...own, ...[...ETC, ...resolver].flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`])];
  }

  return {
    id: "bubblewrap",
    async unavailable() {
      if (process.platform !== "linux") return "bubblewrap needs Linux";
      const version = await run({ file: program, args: ["--version"], env: HOST_ENV }, { timeoutMs: 5000 });
      if (version.code !== 0) return "bwrap is not installed (package bubblewrap)";
      const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version.stdout.toString()) ?? []).slice(1).map(Number);
      // --disable-userns is of 0.8.
      return major === 0 && minor < 8 ? `bwrap ${major}.${minor} is too old; 0.8 is needed` : undefined;
    },
    cannot(container) {
      if (container.seccompProfile)
        return "sandbox.docker.seccompProfile is Docker's format; bubblewrap has no use for it";
      if (container.apparmorProfile) return "sandbox.docker.apparmorProfile needs Docker";
      if (container.network !== "none" && container.network !== "host") {
        return `bubblewrap knows the networks "none" and "host", not "${container.network}"`;
      }
      const tools = limitPrefix(container).filter((part) => part.startsWith("/usr/bin/"));
      const missing = tools.find((path) => !existsSync(path));
      return missing && `${missing} is missing, which holds commands to their limits (package util-linux)`;
    },
    uid: (container) => ids(container)[0],
    state: () => Promise.resolve("stateless"),
    create: () => Promise.resolve(),
    start: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    wrap,
    // The process namespace ends with bwrap, and everything in it.
    killer: () => undefined,
  };
}

function topLevel(name: string): string[] {
  const path = `/${name}`;
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (!info) return [];
  return info.isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
}

function bindArgs(bind: string): string[] {
  const [host, inside, mode = "rw"] = bind.split(":");
  if (!host?.startsWith("/") || !inside?.startsWith("/")) {
    throw new OpenClawError({
      code: "SANDBOX_BIND",
      message: `sandbox.docker.binds has "${bind}".`,
      hint: "Write host:inside or host:inside:ro with absolute paths.",
    });
  }
  return [mode.split(",").includes("ro") ? "--ro-bind" : "--bind", host, inside];
}

function hostLine(entry: string): string {
  const colon = entry.indexOf(":");
  return `${entry.slice(colon + 1)} ${entry.slice(0, colon)}`;
}

/** Where a directory of the host shows inside. */
export interface SandboxMount {
  host: string;
  inside: string;
  writable: boolean;
}

/** `agents.defaults.sandbox.docker` with defaults applied; bubblewrap obeys the part that it can. */
export interface ContainerSettings {
  image: string;
  containerPrefix: string;
  workdir: string;
  shell?: string;
  readOnlyRoot: boolean;
  tmpfs: string[];
  /** `none` cuts it off. */
  network: string;
  /** `uid[:gid]` inside. */
  user?: string;
  capDrop: string[];
  env: Record<string, string>;
  setupCommand?: string;
  pidsLimit?: number;
  memory?: string | number;
  memorySwap?: string | number;
  cpus?: number;
  ulimits: Record<string, string | number | { soft?: number; hard?: number }>;
  seccompProfile?: string;
  apparmorProfile?: string;
  dns: string[];
  extraHosts: string[];
  /** `host:inside[:ro|rw]` */
  binds: string[];
}

export interface SandboxSettings {
  mode: "off" | "non-main" | "all";
  scope: "session" | "agent" | "shared";
  workspaceAccess: "none" | "ro" | "rw";
  /** Absolute directory of the sandboxes' own workspaces. */
  root: string;
  backend: "auto" | "docker" | "bubblewrap";
  container: ContainerSettings;
  /** 0 switches the rule off. */
  prune: { idleHours: number; maxAgeDays: number };
}

/** Everything a backend needs to know of one sandbox. */
export interface SandboxSpec {
  /** Container name, at most 63 characters. */
  name: string;
  /** What shares it: a session key, `agent:<id>` or `shared`. */
  scopeKey: string;
  createdAtMs: number;
  /** Changes with everything that shapes the sandbox. */
  configHash: string;
  /** The workspace first. */
  mounts: readonly SandboxMount[];
  container: ContainerSettings;
}

/** A program to run inside. Nothing of it passes through a shell of the host. */
export interface InsideCommand {
  argv: readonly string[];
  /** Absolute, inside. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** The host gives it a terminal. */
  terminal?: boolean;
  /** Marks the processes, so that `killer` finds them. */
  jobId?: string;
}

/** What the host starts. `env` is all it gets: the gateway's own must not show up in `/proc` of the sandbox. */
export interface HostCommand {
  file: string;
  args: string[];
  env: Record<string, string>;
}

/** One way to confine a command. */
export interface SandboxBackend {
  readonly id: "docker" | "bubblewrap";
  /** Why it cannot be used on this machine; undefined when it can. */
  unavailable(): Promise<string | undefined>;
  /** Why it cannot do what the settings ask; undefined when it can. */
  cannot(container: ContainerSettings): string | undefined;
  /** User id that commands have inside; undefined: the image decides. */
  uid(container: ContainerSettings): number | undefined;
  /** `running`, with the hash it was made with, or `absent`. A backend without containers is always running. */
  state(name: string): Promise<{ running: boolean; configHash?: string } | "absent" | "stateless">;
  create(spec: SandboxSpec): Promise<void>;
  start(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  wrap(spec: SandboxSpec, command: InsideCommand): HostCommand;
  /** Ends every process of a job inside. Undefined: they die with the host's process. */
  killer(spec: SandboxSpec, jobId: string): HostCommand | undefined;
}

/** A sandbox that has proved itself. */
export interface Sandbox {
  readonly scopeKey: string;
  readonly backend: SandboxBackend["id"];
  readonly workspaceAccess: SandboxSettings["workspaceAccess"];
  /** Working directory inside. */
  readonly workdir: string;
  readonly mounts: readonly SandboxMount[];
  /** Directories inside that keep what a file tool writes: mounts, binds, and a container's directories in memory. */
  readonly roots: readonly string[];
  readonly shell: string;
  wrap(command: InsideCommand): HostCommand;
  killer(jobId: string): HostCommand | undefined;
}

import { Type } from "typebox";
import {
  choice,
  either,
  flag,
  int,
  list,
  map,
  num,
  path,
  port,
  section,
  strings,
  text,
  type Annotations,
} from "./dsl.ts";

/**
 * The same keys stand under `agents.defaults.sandbox` (with defaults) and under one agent (without, because there they
 * inherit), so every default passes through `base`.
 */
export function sandbox(description: string, base: boolean) {
  const d = <T>(value: T): Annotations<T> => (base ? { default: value } : {});
  return section(description, {
    mode: choice(["off", "non-main", "all"], "Which sessions run in the sandbox.", d("off" as const)),
    scope: choice(["session", "agent", "shared"], "What shares one container.", d("agent" as const)),
    workspaceAccess: choice(
      ["none", "ro", "rw"],
      "What the sandbox sees of the agent's workspace.",
      d("none" as const),
    ),
    workspaceRoot: path("Where sandbox workspaces are kept. Default: sandboxes in the state directory."),
    sessionToolsVisibility: choice(
      ["spawned", "all"],
      "Which sessions the session tools show inside a sandbox.",
      d("spawned" as const),
    ),
    backend: choice(
      ["auto", "docker", "bubblewrap"],
      "What confines it. auto: Docker or Podman when its engine answers, else bubblewrap.",
      d("auto" as const),
    ),
    docker: docker(d),
    browser: sandboxBrowser(d),
    prune: section("When idle containers are removed.", {
      idleHours: num("Idle for this long; 0 switches it off.", { ...d(24), minimum: 0, unit: "h" }),
      maxAgeDays: num("Older than this; 0 switches it off.", { ...d(7), minimum: 0, unit: "d" }),
    }),
  });
}

type Default = <T>(value: T) => Annotations<T>;

const docker = (d: Default) =>
  section("The container.", {
    image: text("Image.", d("openclaw-sandbox:bookworm-slim")),
    containerPrefix: text("Start of container names.", d("openclaw-sbx-")),
    workdir: text("Working directory inside.", d("/workspace")),
    shell: text("Shell that runs commands inside, e.g. /bin/bash."),
    readOnlyRoot: flag("Mount the root file system read-only.", d(true)),
    tmpfs: strings("Directories in memory.", d(["/tmp", "/var/tmp", "/run"])),
    network: text("Docker network; none cuts the sandbox off.", d("none")),
    user: text("uid:gid inside.", { placeholder: "1000:1000" }),
    capDrop: strings("Capabilities taken away.", d(["ALL"])),
    env: map("Environment inside.", Type.String(), { key: "NAME" }),
    setupCommand: text("Run once with sh -lc after the container was made."),
    pidsLimit: int("Most processes.", { minimum: 1 }),
    memory: either("Memory limit, e.g. 1g or bytes.", [
      text("With unit."),
      num("Bytes.", { minimum: 0, unit: "bytes" }),
    ]),
    memorySwap: either("Memory plus swap limit.", [text("With unit."), num("Bytes.", { minimum: -1, unit: "bytes" })]),
    cpus: num("Processor share.", { exclusiveMinimum: 0 }),
    ulimits: map(
      "Limits by name.",
      either("One limit for both, or soft and hard.", [
        text("soft:hard"),
        num("Soft and hard.", { minimum: -1 }),
        section("Apart.", { soft: num("Soft.", { minimum: -1 }), hard: num("Hard.", { minimum: -1 }) }),
      ]),
      { key: "nofile", advanced: true },
    ),
    seccompProfile: path("Seccomp profile.", { advanced: true }),
    apparmorProfile: text("AppArmor profile.", { advanced: true }),
    dns: strings("Name servers."),
    extraHosts: strings("Entries for /etc/hosts as name:address."),
    binds: strings("Host directories as host:inside[:ro|rw]. Global and per-agent lists are joined."),
  });

const sandboxBrowser = (d: Default) =>
  section("A browser in its own container.", {
    enabled: flag("Give sandboxed sessions a browser.", d(false)),
    image: text("Image.", d("openclaw-sandbox-browser:bookworm-slim")),
    containerPrefix: text("Start of container names.", d("openclaw-sbx-browser-")),
    cdpPort: port("DevTools port.", d(9222)),
    vncPort: port("VNC port.", d(5900)),
    noVncPort: port("noVNC port.", d(6080)),
    headless: flag("Without a display.", d(false)),
    enableNoVnc: flag("Offer noVNC when there is a display.", d(true)),
    allowHostControl: flag("Let sandboxed sessions drive the host's browser.", d(false)),
    allowedControlUrls: strings("Exact control addresses allowed for target custom."),
    allowedControlHosts: strings("Host names allowed for target custom."),
    allowedControlPorts: list("Ports allowed for target custom.", port("Port.")),
    autoStart: flag("Start the browser when it is first used.", d(true)),
    autoStartTimeoutMs: int("How long the start may take.", { ...d(12_000), minimum: 1, unit: "ms" }),
  });

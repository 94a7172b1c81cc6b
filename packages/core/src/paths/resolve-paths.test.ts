import { describe, expect, test } from "vitest";
import type { OpenClawError } from "../error.ts";
import { type PathOptions, resolvePaths } from "./resolve-paths.ts";

const at = (options: Partial<PathOptions> = {}) =>
  resolvePaths({ env: {}, homedir: "/home/ada", tmpdir: "/var/tmp", uid: 7, ...options });

/** Every string the paths object can name, functions called for a foreign agent. */
function everyPath(paths: ReturnType<typeof at>): string[] {
  const {
    agentDir,
    sessionsDir,
    agentWorkspace,
    expand,
    defaultPort: _port,
    profile: _profile,
    lockDir: _dir,
    lockPath: _lock,
    ...rest
  } = paths;
  return [...Object.values(rest), agentDir("work"), sessionsDir("work"), agentWorkspace("work"), expand("x")];
}

test("without any setting, state is ~/.openclaw and logs are in /tmp/openclaw", () => {
  const paths = at();
  expect(paths.stateDir).toBe("/home/ada/.openclaw");
  expect(paths.configPath).toBe("/home/ada/.openclaw/openclaw.json");
  expect(paths.logDir).toBe("/tmp/openclaw");
  expect(paths.workspace).toBe("/home/ada/.openclaw/workspace");
  expect(paths.agentDir("main")).toBe("/home/ada/.openclaw/agents/main/agent");
  expect(paths.sessionsDir("work")).toBe("/home/ada/.openclaw/agents/work/sessions");
  expect(paths.agentWorkspace("work")).toBe("/home/ada/.openclaw/workspace-work");
  expect(paths.defaultPort).toBe(18789);
  expect(paths.lockPath).toMatch(/^\/var\/tmp\/openclaw-7\/gateway\.[0-9a-f]{8}\.lock$/);
});

describe("OPENCLAW_STATE_DIR", () => {
  test("moves everything, so that nothing is left in the home directory or /tmp", () => {
    for (const path of everyPath(at({ env: { OPENCLAW_STATE_DIR: "/srv/claw" } })))
      expect(path).toMatch(/^\/srv\/claw(\/|$)/);
  });

  test("takes ~ and wins over a profile", () => {
    expect(at({ env: { OPENCLAW_STATE_DIR: "~/elsewhere" }, profile: "x" }).stateDir).toBe("/home/ada/elsewhere");
  });

  test("counts as unset when blank", () => {
    expect(at({ env: { OPENCLAW_STATE_DIR: "  " } }).stateDir).toBe("/home/ada/.openclaw");
  });
});

test("OPENCLAW_CONFIG_PATH moves the file alone, and the lock follows it", () => {
  const paths = at({ env: { OPENCLAW_CONFIG_PATH: "~/a.json" } });
  expect(paths.configPath).toBe("/home/ada/a.json");
  expect(paths.stateDir).toBe("/home/ada/.openclaw");
  expect(paths.lockPath).not.toBe(at().lockPath);
});

test("a profile keeps state and logs of its own", () => {
  const paths = at({ profile: "bot" });
  expect(paths.stateDir).toBe("/home/ada/.openclaw-bot");
  expect(paths.logDir).toBe("/tmp/openclaw-bot");
  expect(at({ env: { OPENCLAW_PROFILE: "bot" } }).stateDir).toBe("/home/ada/.openclaw-bot");
  expect(at({ profile: "default" }).stateDir).toBe("/home/ada/.openclaw");
});

test("--dev is the profile dev on port 19001", () => {
  const paths = at({ dev: true });
  expect(paths.stateDir).toBe("/home/ada/.openclaw-dev");
  expect(paths.defaultPort).toBe(19001);
});

test.each(["../x", "a/b", "", "-x", "a b"])(
  "profile %j is refused, because it would leave the state directory",
  (profile) => {
    expect(() => at({ profile })).toThrow(expect.objectContaining({ code: "PROFILE_INVALID" }) as OpenClawError);
  },
);

test("OPENCLAW_AGENT_DIR moves the default agent only", () => {
  const paths = at({ env: { OPENCLAW_AGENT_DIR: "/a", PI_CODING_AGENT_DIR: "/b" } });
  expect(paths.agentDir("main")).toBe("/a");
  expect(paths.agentDir("work")).toBe("/home/ada/.openclaw/agents/work/agent");
  expect(at({ env: { PI_CODING_AGENT_DIR: "/b" } }).agentDir("main")).toBe("/b");
});

import { OpenClawError } from "@openclaw/core";
import { createSandboxFiles } from "../sandbox/sandbox-files.ts";
import type { Sandboxes } from "../sandbox/sandboxes.ts";
import type { Sandbox } from "../sandbox/types.ts";
import type { Workplace } from "../types.ts";
import { createHostFiles, type FileAccess } from "./file-access.ts";
import type { ToolPathPolicy } from "./tool-path.ts";

/** Where the tools of one session act. */
export interface ToolPlace {
  files: FileAccess;
  /** Where relative paths and commands start, as the session sees it. */
  workdir: string;
  /** Absent: on the host. */
  sandbox?: Sandbox;
  /** Who may see a background command: the agent, or the sandbox that it runs in. */
  owner: string;
}

export interface ToolPlaces {
  /** The host, for commands that are let out of the sandbox. */
  readonly host: ToolPlace;
  /** Makes and proves the session's sandbox, when it has one. Throws what ends the turn. */
  enter(sessionKey: string): Promise<ToolPlace>;
  /** The directory on this machine behind the session's working directory. */
  workplace(sessionKey: string): Promise<Workplace>;
  /** Throws `SANDBOX_NOT_OPEN` for a sandboxed session that was not entered: it never falls back to the host. */
  of(sessionKey: string): ToolPlace;
}

export function createToolPlaces(options: {
  agentId: string;
  paths: ToolPathPolicy;
  sandboxes: Sandboxes;
}): ToolPlaces {
  const { agentId, paths, sandboxes } = options;
  const host: ToolPlace = { files: createHostFiles(paths), workdir: paths.workspace, owner: `agent:${agentId}` };
  const entered = new Map<string, ToolPlace>();
  return {
    host,
    async enter(sessionKey) {
      entered.delete(sessionKey);
      const sandbox = await sandboxes.open(sessionKey);
      if (!sandbox) return host;
      const { workdir, scopeKey } = sandbox;
      const place = { files: createSandboxFiles(sandbox), workdir, sandbox, owner: `sandbox:${scopeKey}` };
      entered.set(sessionKey, place);
      return place;
    },
    async workplace(sessionKey) {
      const sandbox = await sandboxes.open(sessionKey);
      if (!sandbox) return { dir: paths.workspace };
      const mount = sandbox.mounts.find(({ inside }) => inside === sandbox.workdir);
      if (mount) return { dir: mount.host, inside: mount.inside };
      throw new OpenClawError({
        code: "SANDBOX_WITHOUT_FILES",
        message: "The sandbox of this session keeps no files that could be sent.",
      });
    },
    of(sessionKey) {
      if (!sandboxes.isSandboxed(sessionKey)) return host;
      const place = entered.get(sessionKey);
      if (place) return place;
      throw new OpenClawError({ code: "SANDBOX_NOT_OPEN", message: "The sandbox of this session is not open." });
    },
  };
}

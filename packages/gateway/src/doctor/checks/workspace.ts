import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { normalizeAgentId } from "@openclaw/core/sessions";
import { prepareWorkspace } from "../../installation/prepare-workspace.ts";
import { agentEntries } from "../../sessions/agent-entries.ts";
import { type Finding, withConfiguration } from "../check.ts";

/** Files an assistant is made of, as seed 000 lists them. `prepareWorkspace` makes those that are missing. */
const FILES = ["AGENTS.md", "SOUL.md", "TOOLS.md", "IDENTITY.md", "USER.md", "HEARTBEAT.md"];

export const workspace = withConfiguration({
  id: "workspace",
  group: "state",
  title: "Every assistant has its workspace",
  run({ config, env, paths }) {
    if (config.gateway?.mode === "remote") return [];
    return agentEntries(config).flatMap(({ id }): Finding[] => {
      const { dir, named } = workspaceOf(id, config, paths);
      const fix = {
        summary: "Makes the workspace and the files it lacks; none is written over.",
        async apply() {
          const { created } = await prepareWorkspace({ agentId: id, config, stateDir: paths.stateDir, env });
          return `Made ${created.length > 0 ? `${created.join(", ")} in ` : ""}${dir}.`;
        },
      };
      if (!existsSync(dir)) {
        const message = `The workspace of ${id}, ${dir}, is not there.`;
        return [
          named
            ? {
                severity: "warning",
                message,
                hint: "Check agents.defaults.workspace; the first message makes it empty.",
                fix,
              }
            : { severity: "info", message, hint: "The first message makes it.", fix },
        ];
      }
      if (!statSync(dir).isDirectory())
        return [
          {
            severity: "error",
            message: `The workspace of ${id}, ${dir}, is not a directory.`,
            hint: "Move that file away, or set agents.defaults.workspace to a directory.",
          },
        ];
      const missing = config.agents?.defaults?.skipBootstrap
        ? []
        : FILES.filter((name) => !existsSync(join(dir, name)));
      return missing.length > 0
        ? [
            {
              severity: "info",
              message: `${dir} lacks ${missing.join(", ")}.`,
              hint: "The next message makes them.",
              fix,
            },
          ]
        : [];
    });
  },
});

function workspaceOf(id: string, { agents }: OpenClawConfig, paths: Paths): { dir: string; named: boolean } {
  const own = agents?.list?.find((entry) => normalizeAgentId(entry.id) === id)?.workspace;
  const configured = own ?? (id === "main" ? agents?.defaults?.workspace : undefined);
  return configured ? { dir: paths.expand(configured), named: true } : { dir: paths.agentWorkspace(id), named: false };
}

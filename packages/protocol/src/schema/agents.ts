import type { Static } from "typebox";
import { flag, int, list, oneOf, open, optional, strict, string, text, time } from "./building-blocks.ts";

export const AgentsListParams = strict({});
export type AgentsListParams = Static<typeof AgentsListParams>;

export const AgentsFilesListParams = strict({ agentId: text() });
export type AgentsFilesListParams = Static<typeof AgentsFilesListParams>;

/** `name` is one of the workspace's fixed files, e.g. `AGENTS.md`. */
export const AgentsFilesGetParams = strict({ agentId: text(), name: text() });
export type AgentsFilesGetParams = Static<typeof AgentsFilesGetParams>;

export const AgentsFilesSetParams = strict({ agentId: text(), name: text(), content: string() });
export type AgentsFilesSetParams = Static<typeof AgentsFilesSetParams>;

export const AgentRow = open({
  id: text(),
  name: optional(string()),
  identity: optional(
    open({
      name: optional(string()),
      theme: optional(string()),
      emoji: optional(string()),
      avatar: optional(string()),
      avatarUrl: optional(string()),
    }),
  ),
});
export type AgentRow = Static<typeof AgentRow>;

export const AgentsListResult = open({
  defaultId: text(),
  mainKey: text(),
  scope: oneOf(["per-sender", "global"]),
  agents: list(AgentRow),
});
export type AgentsListResult = Static<typeof AgentsListResult>;

export const AgentFile = open({
  name: text(),
  path: string(),
  missing: flag(),
  size: optional(int(0)),
  updatedAtMs: optional(time()),
  content: optional(string()),
});
export type AgentFile = Static<typeof AgentFile>;

export const AgentsFilesListResult = open({ agentId: text(), workspace: string(), files: list(AgentFile) });
export type AgentsFilesListResult = Static<typeof AgentsFilesListResult>;

/** Result of `agents.files.get`, and of `agents.files.set` with `ok:true` added. */
export const AgentsFileResult = open({ ok: optional(flag()), agentId: text(), workspace: string(), file: AgentFile });
export type AgentsFileResult = Static<typeof AgentsFileResult>;

import { nearest } from "../nearest.ts";
import { getAt, isPlain } from "../path.ts";
import type { Placement, RewriteRule, TargetStep } from "./rule.ts";

const oneAgent = "settings of all agents stand under agents.defaults.";

/** `agent.*`, `identity`, and agents written as keys of `agents`. */
export const agentRules: readonly RewriteRule[] = [
  { from: "agent.*", to: "agents.defaults.*", because: oneAgent },
  {
    from: "identity",
    to: "agents.list[].identity",
    because: "each agent has an identity of its own.",
    convert: (value, _captures, config) => [
      { to: ["agents", "list", { id: defaultAgent(config) }, "identity"], value },
    ],
  },
  {
    from: "agents.defaults.identity",
    to: "agents.list[].identity",
    because: "each agent has an identity of its own.",
    convert: (value, _captures, config) => [
      { to: ["agents", "list", { id: defaultAgent(config) }, "identity"], value },
    ],
  },
  {
    from: "agents.*",
    to: "agents.list[]",
    because: "agents are entries of agents.list.",
    convert: (value, [id]) => (typeof id === "string" ? namedAgent(id, value) : undefined),
  },
  { from: "memorySearch", to: "agents.defaults.memorySearch", because: oneAgent },
  { from: "agents.defaults.exec", to: "tools.exec", because: "commands are a tool." },
  { from: "agents.defaults.bash", to: "tools.exec", because: "commands are a tool." },
  { from: "agents.defaults.elevated", to: "tools.elevated", because: "elevated commands are a tool." },
  { from: "agents.defaults.tools", to: "tools", because: "tools of all agents stand under tools." },
  {
    from: "agents.defaults.sandbox.tools",
    to: "tools.sandbox.tools",
    because: "tools of sandboxed sessions stand under tools.sandbox.",
  },
  {
    from: "agents.defaults.subagents.tools",
    to: "tools.subagents.tools",
    because: "tools of sub-agents stand under tools.subagents.",
  },
  {
    from: "agents.list.*.sandbox.tools",
    to: "agents.list.*.tools.sandbox.tools",
    because: "tools of sandboxed sessions stand under tools.sandbox.",
  },
  { from: "tools.bash", to: "tools.exec", because: "the tool is called exec." },
  { from: "agents.list.*.tools.bash", to: "agents.list.*.tools.exec", because: "the tool is called exec." },
  {
    from: "agents.list.*.mentionPatterns",
    to: "agents.list.*.groupChat.mentionPatterns",
    because: "mentions belong to group chats.",
  },
  ...["agents.defaults", "agents.list.*"].flatMap((scope): RewriteRule[] => [
    {
      from: `${scope}.sandbox.perSession`,
      to: `${scope}.sandbox.scope`,
      because: "scope says what shares a container.",
      convert: (value, captures) =>
        typeof value === "boolean"
          ? [{ to: fill(`${scope}.sandbox.scope`, captures), value: value ? "session" : "shared" }]
          : undefined,
    },
    {
      from: `${scope}.sandbox.shell`,
      to: `${scope}.sandbox.docker.shell`,
      because: "the shell belongs to the container.",
    },
    {
      from: `${scope}.sandbox.filesystem`,
      to: `${scope}.sandbox.workspaceAccess`,
      because: "workspaceAccess says what a sandbox sees, docker.binds adds directories.",
      convert: (value, captures) => [
        {
          to: fill(
            Array.isArray(value) ? `${scope}.sandbox.docker.binds` : `${scope}.sandbox.workspaceAccess`,
            captures,
          ),
          value,
        },
      ],
    },
  ]),
];

function fill(to: string, captures: readonly (string | number)[]): TargetStep[] {
  const left = [...captures];
  return to.split(".").map((step) => (step === "*" ? left.shift()! : step));
}

function defaultAgent(config: unknown): string {
  const list = getAt(config, ["agents", "list"]);
  const entries = Array.isArray(list) ? list.filter(isPlain) : [];
  const entry = entries.find((candidate) => candidate.default === true) ?? entries[0];
  const named = getAt(config, ["routing", "defaultAgentId"]);
  return typeof entry?.id === "string" ? entry.id : typeof named === "string" ? named : "main";
}

const ownKeys = new Set(["defaults", "list"]);

/** `agents.<id>: { defaults: {...}, workspace, models: { failover } }`. A misspelt `defaults` or `list` stays an error. */
function namedAgent(id: string, value: unknown): Placement[] | undefined {
  if (ownKeys.has(id) || nearest(id, ownKeys) !== undefined || !isPlain(value)) return undefined;
  const { defaults, models, ...rest } = value;
  const entry = ["agents", "list", { id }] as const;
  const placements: Placement[] = [
    ...Object.entries(isPlain(defaults) ? defaults : {}).map(([key, child]) => ({
      from: ["defaults", key],
      to: [...entry, key],
      value: child,
    })),
    ...Object.entries(rest).map(([key, child]) => ({ from: [key], to: [...entry, key], value: child })),
  ].filter(({ from }) => from.at(-1) !== "id");
  const failover = isPlain(models) ? models.failover : undefined;
  if (isPlain(failover) && failover.enabled !== false)
    placements.push({ from: ["models", "failover"], to: [...entry, "model", "fallbacks"], value: failover.models });
  else if (isPlain(models) && !failover) placements.push({ from: ["models"], to: [...entry, "models"], value: models });
  return placements.length > 0 ? placements : [{ to: [...entry, "id"], value: id }];
}

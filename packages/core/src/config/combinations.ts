import type { Finding } from "./issue.ts";
import { type ConfigPath, getAt, isPlain, type Plain } from "./path.ts";

/** Rules between keys, on a configuration whose keys are right one by one. `warnings` do not refuse it. */
export function checkCombinations(config: unknown): { findings: Finding[]; warnings: Finding[] } {
  const findings: Finding[] = [];
  const warnings: Finding[] = [];
  const refuse = (path: ConfigPath, message: string, more: Partial<Finding> = {}) =>
    void findings.push({ code: "combination", path, message, ...more });
  const warn = (path: ConfigPath, message: string) => void warnings.push({ code: "combination", path, message });
  if (!isPlain(config)) return { findings, warnings };
  checkAgents(config, refuse, warn);
  checkGateway(config, refuse, warn);
  checkChannels(config, refuse);
  checkPatterns(config, warn);
  return { findings, warnings };
}

type Report = (path: ConfigPath, message: string, more?: Partial<Finding>) => void;

function checkAgents(config: Plain, refuse: Report, warn: Report): void {
  const list = entries(getAt(config, ["agents", "list"]));
  const seen = new Map<string, number>();
  const defaults: number[] = [];
  for (const [index, agent] of list) {
    const id = agentId(agent.id);
    if (seen.has(id))
      refuse(
        ["agents", "list", index, "id"],
        `The agent id "${id}" is used twice; it is also agents.list[${seen.get(id)}].`,
      );
    else seen.set(id, index);
    if (agent.default === true) defaults.push(index);
  }
  if (defaults.length > 1)
    warn(
      ["agents", "list", defaults[1]!, "default"],
      `${defaults.length} agents are marked default; the first, agents.list[${defaults[0]}], is it.`,
    );
  const known = seen.size > 0 ? seen : new Map([["main", 0]]);
  for (const [index, binding] of entries(config.bindings)) {
    if (typeof binding.agentId === "string" && !known.has(agentId(binding.agentId))) {
      warn(["bindings", index, "agentId"], `There is no agent "${binding.agentId}"; messages go to the default agent.`);
    }
  }
}

function agentId(id: unknown): string {
  return String(id).trim().toLowerCase();
}

function checkGateway(config: Plain, refuse: Report, warn: Report): void {
  const gateway = isPlain(config.gateway) ? config.gateway : {};
  if (gateway.bind === "custom" && !gateway.customBindHost)
    refuse(["gateway", "bind"], "bind custom needs gateway.customBindHost.");
  const mode = getAt(gateway, ["tailscale", "mode"]);
  if ((mode === "serve" || mode === "funnel") && gateway.bind !== undefined && gateway.bind !== "loopback") {
    refuse(["gateway", "bind"], `tailscale.mode ${mode} needs bind loopback.`, { suggestion: '"loopback"' });
  }
  const url = getAt(gateway, ["remote", "url"]);
  if (typeof url === "string" && !/^wss?:\/\//.test(url))
    refuse(["gateway", "remote", "url"], "The address must begin with ws:// or wss://.", {
      expected: "ws://host:port or wss://host",
    });
  const hooks = isPlain(config.hooks) ? config.hooks : {};
  if (hooks.enabled === true && !hooks.token) refuse(["hooks", "enabled"], "Webhooks need hooks.token.");
  if (isPlain(config.bridge)) warn(["bridge"], "The bridge was removed; the section is ignored.");
}

/** `open` lets everybody in, and must say so in the allowlist too. */
function checkChannels(config: Plain, refuse: Report): void {
  for (const [id, section] of Object.entries(isPlain(config.channels) ? config.channels : {})) {
    if (id === "defaults" || !isPlain(section)) continue;
    checkOpen(section, {}, ["channels", id], refuse);
    for (const [account, values] of Object.entries(isPlain(section.accounts) ? section.accounts : {})) {
      if (isPlain(values)) checkOpen(values, section, ["channels", id, "accounts", account], refuse);
    }
  }
}

function checkOpen(own: Plain, inherited: Plain, path: ConfigPath, refuse: Report): void {
  for (const [policy, list] of [
    [["dmPolicy"], ["allowFrom"]],
    [
      ["dm", "policy"],
      ["dm", "allowFrom"],
    ],
  ] as const) {
    if (getAt(own, policy) !== "open") continue;
    const allowed = getAt(own, list) ?? getAt(inherited, list);
    if (!Array.isArray(allowed) || !allowed.includes("*")) {
      const name = list.join(".");
      refuse([...path, ...policy], `The policy "open" lets everybody write, so ${name} must contain "*".`, {
        expected: `${name}: ["*"]`,
      });
    }
  }
}

/** Patterns that do not compile are left out at run time; say so now. */
function checkPatterns(config: Plain, warn: Report): void {
  const lists: ConfigPath[] = [
    ["messages", "groupChat", "mentionPatterns"],
    ...entries(getAt(config, ["agents", "list"])).map(([index]): ConfigPath => [
      "agents",
      "list",
      index,
      "groupChat",
      "mentionPatterns",
    ]),
  ];
  for (const path of lists) {
    const patterns = getAt(config, path);
    for (const [index, pattern] of Array.isArray(patterns) ? patterns.entries() : []) {
      if (typeof pattern === "string" && !compiles(pattern, "i"))
        warn([...path, index], "This is not a regular expression; it is ignored.");
    }
  }
  const redact = getAt(config, ["logging", "redactPatterns"]);
  for (const [index, pattern] of Array.isArray(redact) ? redact.entries() : []) {
    const match = /^\/(.*)\/([a-z]*)$/s.exec(String(pattern));
    if (!compiles(match ? match[1]! : String(pattern), match ? match[2]! : ""))
      warn(["logging", "redactPatterns", index], "This is not a regular expression; it is ignored.");
  }
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return Boolean(new RegExp(pattern, flags));
  } catch {
    return false;
  }
}

function entries(list: unknown): [number, Plain][] {
  return Array.isArray(list) ? [...list.entries()].filter((entry): entry is [number, Plain] => isPlain(entry[1])) : [];
}

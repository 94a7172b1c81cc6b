import { applySessionPatch } from "../sessions/session-patch.ts";
import { mayElevate } from "./access/may-elevate.ts";
import type { Directive } from "./command.ts";
import type { TurnOverrides } from "./directives/turn-overrides.ts";
import { shown } from "./directives/level-directive.ts";

const USAGE =
  "/exec host=sandbox|gateway|node security=deny|allowlist|full ask=off|on-miss|always node=<name>, or /exec default";

const values: Readonly<Record<string, readonly string[] | undefined>> = {
  host: ["sandbox", "gateway", "node"],
  security: ["deny", "allowlist", "full"],
  ask: ["off", "on-miss", "always"],
};
const fields = { host: "execHost", security: "execSecurity", ask: "execAsk", node: "execNode" } as const;

export const exec: Directive = {
  name: "exec",
  args: "[host=] [security=] [ask=] [node=]",
  description: "Where commands run in this conversation, and who is asked.",
  section: "Administration",
  run(args, input, context) {
    const { sessions, config } = context;
    const entry = sessions.entry(input.sessionKey);
    const wanted = args.trim();
    if (wanted === "") {
      const defaults = config().tools?.exec;
      const lines = (["host", "security", "ask", "node"] as const).map(
        (name) => `${name}: ${entry?.[fields[name]] ?? `${defaults?.[name] ?? "none"} (default)`}`,
      );
      return { reply: ["Commands in this conversation:", ...lines, `Change it with ${USAGE}`].join("\n") };
    }
    if (/^(?:default|reset|clear)$/i.test(wanted)) {
      sessions.patch(input.sessionKey, { execHost: null, execSecurity: null, execAsk: null, execNode: null });
      return { reply: "Commands run as the configuration says." };
    }
    const { settings, length } = readSettings(wanted);
    const rest = wanted.slice(length).trim();
    if (rest !== "") return { reply: `"${shown(rest)}" is no setting of /exec. Use ${USAGE}` };
    const refusal = mayElevate(input, context);
    if (refusal) return { reply: refusal };
    const patch = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [fields[name as keyof typeof fields], value]),
    );
    sessions.patch(input.sessionKey, applySessionPatch(patch, config()));
    return {
      reply: `Commands in this conversation: ${Object.entries(settings)
        .map(([name, value]) => `${name} ${value}`)
        .join(" · ")}`,
    };
  },
  read(text) {
    const { settings, length } = readSettings(text);
    return length > 0 ? { overrides: { exec: settings }, length } : undefined;
  },
  refuse: (_overrides, input, context) => mayElevate(input, context),
};

function readSettings(text: string): { settings: NonNullable<TurnOverrides["exec"]>; length: number } {
  const settings: Record<string, string> = {};
  const pair = /\s*(host|security|ask|node)=([\w.-]{1,64})(?=\s|$)/iy;
  let length = 0;
  for (let match = pair.exec(text); match; match = pair.exec(text)) {
    const [name, value] = [(match[1] ?? "").toLowerCase(), match[2] ?? ""];
    const allowed = values[name];
    if (Object.hasOwn(settings, name) || (allowed && !allowed.includes(value.toLowerCase()))) break;
    settings[name] = allowed ? value.toLowerCase() : value;
    length = pair.lastIndex;
  }
  return { settings, length };
}

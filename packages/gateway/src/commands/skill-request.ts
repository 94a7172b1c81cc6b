import type { GatewayContext } from "../gateway-context.ts";
import { commandIndex } from "./registry.ts";

/** The gateway's answer, or the words for the agent; nothing else applies to such a message. */
export interface SkillRequest {
  reply?: string;
  forward?: string;
  overrides: Record<string, never>;
}

/** What the agent is asked when a message is a skill's command: `/weather Lyon`, `/skill weather Lyon`. Undefined: it is not. */
export async function skillRequest(
  text: string,
  sessionKey: string,
  { agents, sessions, config }: GatewayContext,
): Promise<SkillRequest | undefined> {
  const [, word] = /^\/([\w-]+)/.exec(text.trim()) ?? [];
  if (word === undefined || config().commands?.text === false) return undefined;
  const agent = await agents.get(sessions.agentOf(sessionKey));
  const commands = await agent.skillCommands(commandIndex.available(config()).map(({ name }) => name));
  const { readSkillCommand } = await import("@openclaw/agent/skills");
  const invoked = readSkillCommand(text, commands);
  if (invoked?.kind === "prompt") return { forward: invoked.text, overrides: {} };
  if (invoked)
    return {
      forward: `Call the tool ${invoked.tool} once with exactly these arguments: ${JSON.stringify(invoked.args)}`,
      overrides: {},
    };
  if (word.toLowerCase() !== "skill") return undefined;
  const names = commands.map(({ name, description }) => `/${name}: ${description}`);
  return {
    reply:
      names.length > 0
        ? `Skills:\n${names.join("\n")}`
        : "No skill has a command here. openclaw skills list says which there are.",
    overrides: {},
  };
}

import type { SessionEntry } from "@openclaw/core/sessions";
import type { GatewayContext } from "../../gateway-context.ts";
import { applySessionPatch } from "../../sessions/session-patch.ts";
import type { Command, CommandInput, Directive } from "../command.ts";
import type { TurnOverrides } from "./turn-overrides.ts";

export interface LevelOptions extends Pick<Directive, "name" | "aliases" | "description" | "section"> {
  /** As the reply names it: `Thinking`. */
  label: string;
  levels: readonly string[];
  /** Other words for a level. */
  words?: Readonly<Record<string, string>>;
  field: "thinkingLevel" | "verboseLevel" | "reasoningLevel" | "elevatedLevel";
  override(level: string): TurnOverrides;
  level(overrides: TurnOverrides): string | undefined;
  /** What applies when the session says nothing. */
  fallback(context: GatewayContext): string;
  /** Why this level cannot be had here; undefined when it can. */
  refuse?(
    level: string,
    input: CommandInput,
    context: GatewayContext,
  ): string | undefined | Promise<string | undefined>;
  /** What a level means, shown when it is set. */
  explain?: Readonly<Record<string, string>>;
}

/** A directive that sets one of a session's levels. */
export function levelDirective(options: LevelOptions): Directive {
  const { name, aliases, description, section, label, levels, field, words = {}, explain = {} } = options;
  const levelOf = (word: string) =>
    levels.includes(word) ? word : Object.hasOwn(words, word) ? words[word] : undefined;
  const usage = `/${name} ${levels.join(" | ")} | default`;

  const run: Command["run"] = async (args, input, context) => {
    const { sessions, config } = context;
    const word = args.toLowerCase();
    const current = sessions.entry(input.sessionKey)?.[field];
    if (word === "")
      return { reply: `${label}: ${current ?? `${options.fallback(context)} (default)`}\nChange it with ${usage}` };
    if (word === "default" || word === "reset" || word === "inherit") {
      sessions.patch(input.sessionKey, { [field]: null });
      return { reply: `${label}: ${options.fallback(context)} (default)` };
    }
    const level = levelOf(word);
    if (!level) return { reply: `${label} has no level "${shown(args)}". Use ${usage}` };
    const refusal = await options.refuse?.(level, input, context);
    if (refusal) return { reply: refusal };
    sessions.patch(input.sessionKey, applySessionPatch({ [field]: level } satisfies Partial<SessionEntry>, config()));
    return { reply: `${label}: ${level}${explain[level] ? ` · ${explain[level]}` : ""}` };
  };

  return {
    name,
    aliases,
    description,
    section,
    args: `[${levels.join(" | ")}]`,
    run,
    refuse: (overrides, input, context) => options.refuse?.(options.level(overrides) ?? "", input, context),
    read(text) {
      const match = /^\s*([a-z-]+)(?::(?=\s|$)|(?=\s|$|[.,!?](?:\s|$)))/i.exec(text);
      const level = match && levelOf((match[1] ?? "").toLowerCase());
      return level ? { overrides: options.override(level), length: match[0].length } : undefined;
    },
  };
}

/** Somebody's words in a reply: one line, not long. */
export function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

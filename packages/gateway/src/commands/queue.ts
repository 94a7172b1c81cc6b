import { type QueueSettings, parseQueueDrop, parseQueueMode, resolveQueue } from "@openclaw/core/reply";
import type { GatewayContext } from "../gateway-context.ts";
import type { CommandInput, Directive } from "./command.ts";
import { shown } from "./directives/level-directive.ts";

const MODES = "steer | followup | collect | steer-backlog | interrupt";
const USAGE = `/queue ${MODES}, debounce:2s, cap:20, drop:old | new | summarize, or /queue default`;
const MAX_DEBOUNCE_MS = 10 * 60_000;
const MAX_CAP = 1_000;

export const queue: Directive = {
  name: "queue",
  args: `[${MODES}] [debounce:2s] [cap:20] [drop:old | new | summarize]`,
  description: "What happens to messages that come while I work.",
  section: "This chat",
  run(args, input, context) {
    const { sessionKey } = input;
    const words = args.split(/\s+/).filter(Boolean);
    if (words.length === 0) return { reply: `${describe(input, context)}\nChange it with ${USAGE}` };
    if (words.length === 1 && /^(?:default|reset|clear)$/i.test(words[0] ?? "")) {
      context.sessions.patch(sessionKey, { queueMode: null, queueDebounceMs: null, queueCap: null, queueDrop: null });
      return { reply: describe(input, context) };
    }
    const { settings, length } = readSettings(words.join(" "));
    const rest = words.join(" ").slice(length).trim();
    if (rest !== "") return { reply: `The queue has no setting "${shown(rest)}". Use ${USAGE}` };
    const { mode, debounceMs, cap, drop } = settings;
    context.sessions.patch(sessionKey, {
      ...(mode === undefined ? {} : { queueMode: mode }),
      ...(debounceMs === undefined ? {} : { queueDebounceMs: debounceMs }),
      ...(cap === undefined ? {} : { queueCap: cap }),
      ...(drop === undefined ? {} : { queueDrop: drop }),
    });
    return { reply: describe(input, context) };
  },
  read(text) {
    const { settings, length } = readSettings(text);
    return length > 0 ? { overrides: { queue: settings }, length } : undefined;
  },
};

function describe({ sessionKey, channel }: CommandInput, { sessions, config }: GatewayContext): string {
  const { mode, debounceMs, cap, drop } = resolveQueue({
    session: sessions.entry(sessionKey),
    config: config().messages?.queue,
    channel,
  });
  return `Queue: ${mode} · debounce ${debounceMs < 1000 ? `${debounceMs} ms` : `${debounceMs / 1000} s`} · cap ${cap} · drop ${drop}`;
}

/** Settings at the start of a text, up to the first word that is none. */
function readSettings(text: string): { settings: Partial<QueueSettings>; length: number } {
  const settings: Partial<QueueSettings> = {};
  const word = /\s*(\S+)/y;
  let length = 0;
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const setting = readSetting((match[1] ?? "").toLowerCase());
    // A name twice is a word of the message.
    if (!setting || Object.keys(setting).some((name) => Object.hasOwn(settings, name))) break;
    Object.assign(settings, setting);
    length = word.lastIndex;
  }
  return { settings, length };
}

function readSetting(word: string): Partial<QueueSettings> | undefined {
  const [name = "", value = ""] = word.split(/[:=]/, 2);
  if (value === "") {
    const mode = parseQueueMode(word);
    return mode && { mode };
  }
  if (name === "mode") return parseQueueMode(value) && { mode: parseQueueMode(value) };
  if (name === "drop") return parseQueueDrop(value) && { drop: parseQueueDrop(value) };
  if (name === "cap")
    return /^\d{1,6}$/.test(value) && Number(value) >= 1 ? { cap: Math.min(MAX_CAP, Number(value)) } : undefined;
  if (name !== "debounce") return undefined;
  const debounceMs = readDuration(value);
  return debounceMs === undefined ? undefined : { debounceMs };
}

const units: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1_000, m: 60_000 };

/** `500`, `500ms`, `2s`, `1.5s`, `1m`; a bare number is milliseconds, as in the configuration. */
function readDuration(text: string): number | undefined {
  const match = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(text);
  return match ? Math.min(MAX_DEBOUNCE_MS, Math.round(Number(match[1]) * (units[match[2] ?? ""] ?? 1))) : undefined;
}

import { isRecord, numberFrom, textFrom } from "../wire/narrow.ts";

/** One conversation in the list. */
export interface SessionRow {
  key: string;
  /** Given by a person; absent when it has none. */
  label?: string;
  title: string;
  /** First words of the newest message. */
  preview?: string;
  /** Platform it runs on, when that is not this page. */
  channel?: string;
  /** Epoch ms; 0 when unknown. */
  updatedAt: number;
  provider?: string;
  model?: string;
}

export interface SessionListAnswer {
  rows: SessionRow[];
  /** Model of conversations that have not chosen one. */
  provider?: string;
  model?: string;
}

/** Reads a `sessions.list` answer. Rows without a key are left out. */
export function readSessionList(answer: unknown): SessionListAnswer {
  const { sessions, defaults } = isRecord(answer) ? answer : {};
  const rows = Array.isArray(sessions) ? sessions.flatMap((row: unknown) => readRow(row)) : [];
  const { modelProvider, model } = isRecord(defaults) ? defaults : {};
  // A gateway that has not decided yet names none; then the newest conversation tells.
  const newest = rows.find((row) => row.provider !== undefined);
  return { rows, provider: textFrom(modelProvider) ?? newest?.provider, model: textFrom(model) ?? newest?.model };
}

function readRow(row: unknown): SessionRow[] {
  if (!isRecord(row) || typeof row.key !== "string") return [];
  const label = textFrom(row.label);
  const channel = textFrom(row.lastChannel) ?? textFrom(row.channel);
  return [
    {
      key: row.key,
      label,
      title: label ?? titleFor(row.key, textFrom(row.displayName), textFrom(row.derivedTitle)),
      preview: withoutMarks(textFrom(row.lastMessagePreview)),
      channel: channel === "webchat" ? undefined : channel,
      updatedAt: numberFrom(row.updatedAt) ?? 0,
      provider: textFrom(row.modelProvider),
      model: textFrom(row.model),
    },
  ];
}

function titleFor(key: string, displayName?: string, derivedTitle?: string): string {
  const name = displayName ?? withoutEnvelope(derivedTitle);
  if (/^agent:[^:]+:main$/.test(key)) return "Main chat";
  return name || plainKey(key);
}

/** Stored first messages carry what the model reads around them: `[time] text [message_id: …]`. */
function withoutEnvelope(title?: string): string | undefined {
  return title
    ?.replace(/^\[\w{3} \d{4}-\d\d-\d\d \d\d:\d\d [^\]]*\]\s*/, "")
    .replace(/\s*\[message_id:[^\]]*\]?\s*$/, "")
    .trim();
}

/** Markdown's marks are noise in one line of preview. */
function withoutMarks(preview?: string): string | undefined {
  return preview?.replace(/[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}|(?:^|(?<=\s))(?:#{1,6}|>)\s/g, "");
}

/** `agent:main:telegram:dm:42` reads `telegram dm 42`; the agent is named unless it is the default one. */
export function plainKey(key: string): string {
  const [first, agent, ...rest] = key.split(":");
  if (first !== "agent" || rest.length === 0) return key;
  if (rest[0]?.startsWith("chat-")) return "New chat";
  const name = rest.join(" ");
  return agent === "main" ? name : `${agent}: ${name}`;
}

/** The one form of a key: gateways accept short ones and echo them in events. */
export function canonicalKey(key: string, defaultAgentId: string): string {
  return key.startsWith("agent:") || key === "global" || key === "unknown" ? key : `agent:${defaultAgentId}:${key}`;
}

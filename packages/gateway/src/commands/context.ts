import type { Command } from "./command.ts";
import { compactCount } from "./format.ts";

/** The part of `systemPromptReport` that is shown; written by the agent, so every field may be missing. */
interface PromptReport {
  systemPrompt?: { chars?: number; projectContextChars?: number };
  sections?: { name: string; chars: number }[];
  injectedWorkspaceFiles?: {
    name: string;
    missing?: boolean;
    rawChars?: number;
    injectedChars?: number;
    truncated?: boolean;
  }[];
  tools?: {
    listChars?: number;
    schemaChars?: number;
    entries?: { name: string; summaryChars?: number; schemaChars?: number }[];
  };
}

/** Rough, for a feeling of size: English text has about four characters in a token. */
const CHARS_PER_TOKEN = 4;
/** A reply of a few screens. */
const JSON_CHARS = 6_000;
const TOP = 10;

export const contextCommand: Command = {
  name: "context",
  args: "[list | detail | json]",
  description: "What fills my context before you say a word.",
  section: "Information",
  run(args, { sessionKey }, { sessions }) {
    const entry = sessions.entry(sessionKey);
    const report = entry?.systemPromptReport as PromptReport | undefined;
    if (!report) return { reply: "Nothing to show yet: send a message first, then ask again." };
    const wanted = args.trim().toLowerCase();
    if (wanted === "json") {
      const text = JSON.stringify(report, null, 2);
      return { reply: `\`\`\`json\n${text.length > JSON_CHARS ? `${text.slice(0, JSON_CHARS)}\n…` : text}\n\`\`\`` };
    }
    const now = entry?.totalTokens ? [`Conversation now: ${compactCount(entry.totalTokens)} tokens`] : [];
    const lines = wanted === "detail" ? detail(report) : list(report);
    const hint = wanted === "detail" ? "" : "/context detail names every part.";
    return { reply: [...now, ...lines, hint].filter(Boolean).join("\n") };
  },
};

function list({ systemPrompt, injectedWorkspaceFiles = [], tools }: PromptReport): string[] {
  const files = injectedWorkspaceFiles.filter(({ missing }) => !missing);
  const cut = files.filter(({ truncated }) => truncated).map(({ name }) => name);
  return [
    `System prompt: ${size(systemPrompt?.chars)}`,
    `  of it workspace files: ${size(systemPrompt?.projectContextChars)} (${files.length})${cut.length > 0 ? ` · cut: ${cut.join(", ")}` : ""}`,
    `Tools: ${tools?.entries?.length ?? 0} · ${size((tools?.listChars ?? 0) + (tools?.schemaChars ?? 0))}`,
  ];
}

function detail(report: PromptReport): string[] {
  const sections = (report.sections ?? []).toSorted((a, b) => b.chars - a.chars).slice(0, TOP);
  const tools = (report.tools?.entries ?? [])
    .map(({ name, summaryChars = 0, schemaChars = 0 }) => ({ name, chars: summaryChars + schemaChars }))
    .toSorted((a, b) => b.chars - a.chars);
  const files = report.injectedWorkspaceFiles ?? [];
  return [
    ...list(report),
    ...(sections.length > 0
      ? ["Largest parts of the prompt:", ...sections.map(({ name, chars }) => `· ${name} ${size(chars)}`)]
      : []),
    ...(files.length > 0 ? ["Files:", ...files.map(fileLine)] : []),
    ...(tools.length > 0 ? ["Tools:", ...tools.map(({ name, chars }) => `· ${name} ${size(chars)}`)] : []),
  ];
}

function fileLine({
  name,
  missing,
  rawChars = 0,
  injectedChars = rawChars,
  truncated,
}: NonNullable<PromptReport["injectedWorkspaceFiles"]>[number]): string {
  if (missing) return `· ${name} missing`;
  return `· ${name} ${size(injectedChars)}${truncated ? ` (cut from ${compactCount(rawChars)} characters)` : ""}`;
}

const size = (chars = 0) =>
  `${compactCount(chars)} characters, about ${compactCount(Math.ceil(chars / CHARS_PER_TOKEN))} tokens`;

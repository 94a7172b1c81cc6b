import type { StoredMessage, TranscriptEntry } from "@openclaw/core/sessions";
import { keepHead } from "../tools/text-limit.ts";
import { stringOf, textOf } from "./stored-text.ts";

/**
 * What is known about a conversation without asking a model. It outlives every compaction, so that a summary that failed,
 * or left something out, loses neither the person's words nor the files. Newest last in every list.
 */
export interface Checkpoint {
  readFiles: string[];
  modifiedFiles: string[];
  commands: string[];
  /** Unchecked Markdown boxes, as last written. */
  tasks: string[];
  /** The person's own messages, envelope included. The first one is the oldest of the conversation. */
  said: string[];
}

const MAX_FILES = 60;
const MAX_COMMANDS = 12;
const MAX_TASKS = 30;
const MAX_SAID_CHARS = 12_000;
/** A longer message is a pasted text; its beginning says what was wanted. */
const SAID_CHARS = 600;
const LINE_CHARS = 200;

interface ToolCall {
  type?: string;
  id?: string;
  name?: string;
  arguments?: Record<string, unknown>;
}

/** Adds entries to what an earlier checkpoint knew. */
export function takeCheckpoint(entries: readonly TranscriptEntry[], earlier?: Partial<Checkpoint>): Checkpoint {
  const messages = entries.flatMap(({ message }) => (message ? [message] : []));
  const failed = new Set(
    messages.flatMap((message) =>
      message.role === "toolResult" && message["isError"] === true ? [message["toolCallId"]] : [],
    ),
  );
  const read = new Set(earlier?.readFiles);
  const modified = new Set(earlier?.modifiedFiles);
  const commands = [...(earlier?.commands ?? [])];
  const tasks = new Map((earlier?.tasks ?? []).map((task) => [task, true]));
  const said = [...(earlier?.said ?? [])];

  for (const message of messages) {
    if (message.role === "user") {
      const text = textOf(message).trim();
      if (text !== "") said.push(keepHead(text, SAID_CHARS).text);
      noteTasks(text, tasks);
    } else if (message.role === "assistant") {
      noteTasks(textOf(message), tasks);
      for (const call of toolCalls(message)) {
        if (failed.has(call.id)) continue;
        noteCall(call, { read, modified, commands });
        noteTasks(writtenText(call), tasks);
      }
    }
  }
  for (const file of modified) read.delete(file);
  return {
    readFiles: [...read].slice(-MAX_FILES),
    modifiedFiles: [...modified].slice(-MAX_FILES),
    commands: commands.slice(-MAX_COMMANDS),
    tasks: [...tasks].flatMap(([task, open]) => (open ? [task] : [])).slice(-MAX_TASKS),
    said: withinChars(said, MAX_SAID_CHARS),
  };
}

/** As the model reads it below the summary. `maxChars` bounds the whole; the newest of each list stays. */
export function renderCheckpoint(checkpoint: Checkpoint, maxChars: number): string {
  const { readFiles, modifiedFiles, commands, tasks, said } = checkpoint;
  const share = (part: number) => Math.floor(maxChars * part);
  const parts = [
    list("Files changed", modifiedFiles, share(0.15)),
    list("Files read", readFiles, share(0.1)),
    list("Last commands", commands, share(0.1)),
    list("Open tasks", tasks, share(0.15)),
    list("What the user said, oldest first", said, share(0.45)),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : [CHECKPOINT_HEADING, ...parts].join("\n\n");
}

/** Parts the model's own summary from the checkpoint under it. */
export const CHECKPOINT_HEADING = "## Checkpoint";

function list(title: string, items: readonly string[], maxChars: number): string {
  if (items.length === 0) return "";
  return `${title}:\n${withinChars(items, maxChars)
    .map((item) => `- ${item.replaceAll("\n", "\n  ")}`)
    .join("\n")}`;
}

/** The newest that fit, and always the first: it tells what the whole was about. */
function withinChars(items: readonly string[], maxChars: number): string[] {
  const [first, ...rest] = items;
  if (first === undefined) return [];
  let left = maxChars - first.length;
  const kept: string[] = [];
  for (const item of rest.toReversed()) {
    left -= item.length + 3;
    if (left < 0) break;
    kept.unshift(item);
  }
  return [first, ...kept];
}

function noteCall(
  { name, arguments: args = {} }: ToolCall,
  known: { read: Set<string>; modified: Set<string>; commands: string[] },
): void {
  const path = typeof args["path"] === "string" ? args["path"] : undefined;
  if (name === "read" && path) touch(known.read, path);
  else if ((name === "write" || name === "edit") && path) touch(known.modified, path);
  else if (name === "apply_patch") {
    for (const [, file] of stringOf(args["input"] ?? args["patch"]).matchAll(
      /^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm,
    ))
      touch(known.modified, file!.trim());
  } else if (name === "exec") {
    const line = stringOf(args["command"]).replaceAll(/\s+/g, " ").trim();
    if (line !== "") known.commands.push(line.length > LINE_CHARS ? `${line.slice(0, LINE_CHARS)}…` : line);
  }
}

function touch(set: Set<string>, path: string): void {
  set.delete(path);
  set.add(path);
}

const writtenText = ({ name, arguments: args = {} }: ToolCall) =>
  name === "write" ? stringOf(args["content"]) : name === "edit" ? stringOf(args["new_text"]) : "";

/** `- [ ] buy milk` opens a task, `- [x] buy milk` closes it. */
function noteTasks(source: string, tasks: Map<string, boolean>): void {
  for (const [, mark, words] of source.matchAll(/^[ \t]*[-*+] \[( |x|X)\] (.+)$/gm)) {
    const task = words!.trim().slice(0, LINE_CHARS);
    tasks.delete(task);
    tasks.set(task, mark === " ");
  }
}

function toolCalls({ content }: StoredMessage): ToolCall[] {
  return Array.isArray(content) ? (content as ToolCall[]).filter(({ type }) => type === "toolCall") : [];
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keepHead, keepTail } from "../tools/text-limit.ts";

/** Files made in a workspace that lacks them, in the order in which they are put into the prompt. */
export const WORKSPACE_FILES = ["AGENTS.md", "SOUL.md", "TOOLS.md", "IDENTITY.md", "USER.md", "HEARTBEAT.md"] as const;
/** Only made in a brand new workspace; deleted by the agent when the first talk is done. */
export const BOOTSTRAP_FILE = "BOOTSTRAP.md";
/** Never made by us; put into the prompt when somebody wrote one. */
const MEMORY_FILES = ["MEMORY.md", "memory.md"];
/** What a sub-agent gets: rules and tool notes, nobody's character or diary. */
const SUBAGENT_FILES: readonly string[] = ["AGENTS.md", "TOOLS.md"];

export interface InjectedFile {
  name: string;
  path: string;
  /** What the prompt gets. */
  content: string;
  missing: boolean;
  rawChars: number;
  truncated: boolean;
}

export interface InjectionOptions {
  workspace: string;
  /** Characters of one file. */
  maxChars: number;
  subagent: boolean;
}

/** Reads the workspace files for the prompt. Empty ones are left out, missing ones leave a line that says so. */
export function readInjectedFiles({ workspace, maxChars, subagent }: InjectionOptions): InjectedFile[] {
  const names = subagent ? SUBAGENT_FILES : [...WORKSPACE_FILES, BOOTSTRAP_FILE];
  const files = names.flatMap((name) => {
    const path = join(workspace, name);
    const text = readText(path);
    // A finished first talk leaves no BOOTSTRAP.md: that is not worth a line.
    if (text === undefined) return name === BOOTSTRAP_FILE ? [] : [missing(name, path)];
    return saysNothing(name, text) ? [] : [injected(name, path, text, maxChars)];
  });
  if (subagent) return files;
  for (const name of MEMORY_FILES) {
    const text = readText(join(workspace, name));
    if (text?.trim()) return [...files, injected(name, join(workspace, name), text, maxChars)];
  }
  return files;
}

/** A heartbeat file of headings and comments alone is as good as empty. */
function saysNothing(name: string, text: string): boolean {
  const said = name === "HEARTBEAT.md" ? text.replaceAll(/<!--[^]*?-->|^#.*$/gm, "") : text;
  return said.trim() === "";
}

function missing(name: string, path: string): InjectedFile {
  return { name, path, content: `[MISSING] Expected at: ${path}`, missing: true, rawChars: 0, truncated: false };
}

function injected(name: string, path: string, text: string, maxChars: number): InjectedFile {
  const content = fit(text.trim(), name, maxChars);
  return { name, path, content, missing: false, rawChars: text.length, truncated: text.trim().length > maxChars };
}

/** 70 % from the beginning, 20 % from the end: rules stand first, the newest notes last. */
function fit(text: string, name: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = keepHead(text, Math.floor(maxChars * 0.7)).text;
  const tail = keepTail(text, Math.floor(maxChars * 0.2)).text;
  return `${head}\n[… ${name} is cut here: ${text.length} characters, limit ${maxChars}. Read the file for the rest …]\n${tail}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

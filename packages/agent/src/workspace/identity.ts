import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Identity {
  name?: string;
  creature?: string;
  vibe?: string;
  theme?: string;
  emoji?: string;
  avatar?: string;
}

const FIELDS = ["name", "creature", "vibe", "theme", "emoji", "avatar"] as const;

/** Reads lines like `- **Name:** Ada`. A value that is still the template's "(…)" hint counts as not given. */
export function parseIdentity(text: string): Identity {
  const identity: Identity = {};
  for (const line of text.split(/\r?\n/)) {
    const found = /^[\s>*_-]*(name|creature|vibe|theme|emoji|avatar)[*_\s]*:[*_\s]*(.*)$/i.exec(line);
    const field = FIELDS.find((name) => name === found?.[1]?.toLowerCase());
    const value = found?.[2]?.replaceAll(/[*_]+$/g, "").trim();
    if (!field || !value || /^[([<].*[)\]>]$/.test(value)) continue;
    identity[field] ??= value;
  }
  return identity;
}

/** Identity of a workspace; empty when it has no IDENTITY.md. */
export function readIdentity(workspace: string): Identity {
  try {
    return parseIdentity(readFileSync(join(workspace, "IDENTITY.md"), "utf8"));
  } catch {
    return {};
  }
}

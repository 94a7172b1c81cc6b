import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ConfigIssue } from "../issue.ts";
import { loadConfig, type LoadedConfig } from "../load.ts";
import { type ConfigManifest, manifestFromData } from "../manifest.ts";

/** A channel and a plugin that exist in tests only. */
export const manifests: readonly ConfigManifest[] = [
  manifestFromData({
    id: "chat",
    label: "Chat",
    envVars: ["CHAT_TOKEN"],
    configSchema: {
      type: "object",
      additionalProperties: false,
      properties: {
        enabled: { type: "boolean" },
        token: { type: "string", "x-sensitive": true },
        dmPolicy: { enum: ["pairing", "allowlist", "open", "disabled"], default: "pairing" },
        allowFrom: { type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } },
        retry: {
          type: "object",
          additionalProperties: false,
          properties: { attempts: { type: "integer", minimum: 1, default: 3 } },
        },
        accounts: {
          type: "object",
          additionalProperties: {
            type: "object",
            additionalProperties: false,
            properties: { dmPolicy: { type: "string" }, token: { type: "string" } },
          },
        },
      },
    },
    rewrites: [{ from: "routing.allowFrom", to: "channels.chat.allowFrom", because: "each channel has its own." }],
  }),
  manifestFromData({
    id: "caller",
    kind: "plugin",
    configSchema: {
      type: "object",
      additionalProperties: false,
      properties: { provider: { enum: ["a", "b"] } },
      oneOf: [{ required: ["provider"] }],
    },
  }),
];

export interface Setup {
  env?: Record<string, string>;
  /** Reaches into the directory after the files are written. */
  prepare?: (dir: string) => void;
}

/** Loads `openclaw.json` from a fresh directory holding `files`; a text alone is that file. */
export async function loadFiles(
  files: string | Record<string, string>,
  { env = {}, prepare }: Setup = {},
): Promise<LoadedConfig & { dir: string }> {
  const dir = mkdtempSync(join(tmpdir(), "openclaw-config-"));
  try {
    for (const [name, text] of Object.entries(typeof files === "string" ? { "openclaw.json": files } : files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    prepare?.(dir);
    return { ...(await loadConfig({ env, cwd: dir, homedir: dir, stateDir: dir, manifests })), dir };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** `file:line:col [code] path | message | suggestion`, the directory shown as `.`. */
export async function reportOf(files: string | Record<string, string>, setup?: Setup): Promise<string[]> {
  const { issues, dir } = await loadFiles(files, setup);
  return issues.map((issue) => line(issue).replaceAll(`${dir}/`, ""));
}

function line({ file, line: at, column, code, path, message, suggestion }: ConfigIssue): string {
  return `${file}:${at}:${column} [${code}] ${path} | ${message}${suggestion === undefined ? "" : ` | ${suggestion}`}`;
}

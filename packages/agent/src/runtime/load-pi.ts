import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as PiAgentCore from "@earendil-works/pi-agent-core";
import type { ProviderStreams } from "@earendil-works/pi-ai";
import { OpenClawError } from "@openclaw/core";

/** The one part of pi-agent-core that a turn runs on. */
export type AgentLoop = Pick<typeof PiAgentCore, "runAgentLoopContinue">;

let loop: Promise<AgentLoop> | undefined;

/**
 * Loads pi's agent loop on the first turn.
 *
 * Its package exports only an index that also loads sessions, compaction, telemetry and more than we use: 300-400 ms and
 * 46 MB, against 170 ms and 28 MB for the loop's own file (measured for 0.87.1, Node 22). The file is taken when it is
 * where that version has it, and the public entry otherwise (another version, or a bundle).
 */
export function loadAgentLoop(): Promise<AgentLoop> {
  loop ??= importLoop();
  return loop;
}

async function importLoop(): Promise<AgentLoop> {
  const file = loopFile();
  if (file) {
    const module = (await import(pathToFileURL(file).href)) as Partial<AgentLoop>;
    if (module.runAgentLoopContinue) return { runAgentLoopContinue: module.runAgentLoopContinue };
  }
  return import("@earendil-works/pi-agent-core");
}

function loopFile(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve("@earendil-works/pi-agent-core/package.json");
    const file = join(dirname(manifest), "dist", "agent-loop.js");
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

type ApiLoader = () => Promise<ProviderStreams>;

/** Wire formats by the `api` of a model. Each entry loads its SDK when a request is made, not before. */
const APIS: Readonly<Record<string, ApiLoader>> = {
  "openai-completions": async () =>
    (await import("@earendil-works/pi-ai/api/openai-completions.lazy")).openAICompletionsApi(),
  "openai-responses": async () =>
    (await import("@earendil-works/pi-ai/api/openai-responses.lazy")).openAIResponsesApi(),
  "anthropic-messages": async () =>
    (await import("@earendil-works/pi-ai/api/anthropic-messages.lazy")).anthropicMessagesApi(),
  "google-generative-ai": async () =>
    (await import("@earendil-works/pi-ai/api/google-generative-ai.lazy")).googleGenerativeAIApi(),
  "mistral-conversations": async () =>
    (await import("@earendil-works/pi-ai/api/mistral-conversations.lazy")).mistralConversationsApi(),
  "openai-codex-responses": async () =>
    (await import("@earendil-works/pi-ai/api/openai-codex-responses.lazy")).openAICodexResponsesApi(),
  "bedrock-converse-stream": async () => {
    // The AWS SDK repeats refused calls by itself, and out of our sight. There is no other way to tell it not to.
    process.env["AWS_MAX_ATTEMPTS"] ??= "1";
    return (await import("@earendil-works/pi-ai/api/bedrock-converse-stream.lazy")).bedrockConverseStreamApi();
  },
  // Copilot speaks OpenAI's wire; configurations name it by its own.
  "github-copilot": async () =>
    (await import("@earendil-works/pi-ai/api/openai-completions.lazy")).openAICompletionsApi(),
};

/** Throws `MODEL_API_UNKNOWN` for an `api` that no wire format is known for. */
export function loadApi(api: string): Promise<ProviderStreams> {
  const load = APIS[api];
  if (!load) {
    throw new OpenClawError({
      code: "MODEL_API_UNKNOWN",
      message: `"${api}" is not a known model API.`,
      hint: `Set api of the provider under models.providers to one of ${Object.keys(APIS).join(", ")}.`,
    });
  }
  return load();
}

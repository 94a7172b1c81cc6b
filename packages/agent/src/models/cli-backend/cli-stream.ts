import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type {
  Api,
  AssistantMessage,
  AssistantMessageEvent,
  Model,
  SimpleStreamOptions,
  TranscriptContext,
} from "@earendil-works/pi-ai";
import { getCurrentSystemPrompt } from "@earendil-works/pi-ai/utils/transcript";
import type { Clock } from "@openclaw/core";
import { childEnv } from "../../tools/exec/child-env.ts";
import { cliTimeoutMs, type ReadyCliBackend } from "./cli-backend.ts";
import { readCliOutput, type CliAnswer } from "./cli-output.ts";
import { cliRequest, type CliRequest } from "./cli-request.ts";
import { runProgram } from "./run-program.ts";

export interface CliStreamOptions {
  backend: ReadyCliBackend;
  env: Readonly<Record<string, string | undefined>>;
  /** A folder of our own. Not the workspace: what the agent writes there must not configure the program. */
  dir: string;
  clock: Clock;
}

/** Above the limit of one argument on Linux (128 KiB) a program cannot be started. */
const MAX_ARG_CHARS = 30_000;
const NO_TOOLS = "You have no tools in this conversation. Answer in text.";

type CliStream = (
  model: Model<Api>,
  context: TranscriptContext,
  options: SimpleStreamOptions,
) => AsyncIterable<AssistantMessageEvent>;

/** Calls a program as if it were a model: one run for each answer, nothing streamed, no tools. */
export function createCliStream({ backend, env, dir, clock }: CliStreamOptions): CliStream {
  let queue: Promise<unknown> = Promise.resolve();

  const run = async (model: Model<Api>, context: TranscriptContext, signal?: AbortSignal): Promise<CliAnswer> => {
    const request = cliRequest(context, backend);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const images = writeImages(request, dir);
    try {
      const sessionId = request.resume ?? crypto.randomUUID();
      const { args, input } = programArgs(backend, model.id, request, {
        sessionId,
        images,
        systemPrompt: getCurrentSystemPrompt(context.messages),
      });
      const { code, stdout, stderr } = await runProgram({
        command: backend.command,
        args,
        input,
        env: programEnv(backend, env),
        cwd: dir,
        timeoutMs: cliTimeoutMs(backend),
        clock,
        ...(signal ? { signal } : {}),
      });
      const format = request.resume ? (backend.resumeOutput ?? backend.output) : backend.output;
      const answer = readCliOutput(stdout, format ?? "text", backend.sessionIdFields);
      if (code !== 0 || answer.failed) {
        throw new Error(`${backend.command} failed (exit ${code ?? "by signal"}): ${answer.text || stderr.trim()}`);
      }
      const named = backend.sessionMode === "always" ? sessionId : request.resume;
      return { ...answer, sessionId: answer.sessionId ?? named };
    } finally {
      for (const path of images) rmSync(path, { force: true });
    }
  };

  return async function* (model, context, { signal }) {
    const message = emptyAnswer(model, clock.now());
    yield { type: "start", partial: message };
    const turn = backend.serialize ? queue.then(() => run(model, context, signal)) : run(model, context, signal);
    if (backend.serialize) queue = turn.catch(() => {});
    const { text, sessionId, usage } = await turn;
    if (sessionId) message.responseId = sessionId;
    if (usage) {
      const totalTokens = usage.input + usage.output + usage.cacheRead + usage.cacheWrite;
      message.usage = { ...message.usage, ...usage, totalTokens };
    }
    message.content = [{ type: "text", text }];
    yield { type: "text_start", contentIndex: 0, partial: message };
    yield { type: "text_delta", contentIndex: 0, delta: text, partial: message };
    yield { type: "text_end", contentIndex: 0, content: text, partial: message };
    yield { type: "done", reason: "stop", message };
  };
}

interface ProgramFacts {
  sessionId: string;
  images: readonly string[];
  systemPrompt: string;
}

/** The command line. The prompt comes last and never begins with a dash: it must not be read as an option. */
function programArgs(
  backend: ReadyCliBackend,
  model: string,
  { prompt, resume }: CliRequest,
  { sessionId, images, systemPrompt }: ProgramFacts,
): { args: string[]; input?: string } {
  const fill = (texts: readonly string[]) => texts.map((text) => text.replaceAll("{sessionId}", sessionId));
  const args = fill(resume && backend.resumeArgs ? backend.resumeArgs : (backend.args ?? []));
  const nameSession =
    resume === undefined ? backend.sessionMode === "always" : backend.sessionMode !== "none" && !backend.resumeArgs;
  if (nameSession) {
    if (backend.sessionArgs) args.push(...fill(backend.sessionArgs));
    else if (backend.sessionArg) args.push(backend.sessionArg, sessionId);
  }
  if (backend.modelArg) args.push(backend.modelArg, backend.modelAliases?.[model] ?? model);
  const when = backend.systemPromptWhen ?? "first";
  if (backend.systemPromptArg && when !== "never" && (when === "always" || !resume)) {
    args.push(backend.systemPromptArg, [systemPrompt, NO_TOOLS].filter(Boolean).join("\n\n"));
  }
  if (backend.imageArg && images.length > 0) {
    if (backend.imageMode === "list") args.push(backend.imageArg, images.join(","));
    else for (const path of images) args.push(backend.imageArg, path);
  }
  const long = prompt.length > Math.min(backend.maxPromptArgChars ?? MAX_ARG_CHARS, MAX_ARG_CHARS);
  if (backend.input === "stdin" || long) return { args, input: prompt };
  return { args: [...args, prompt.startsWith("-") ? `\n${prompt}` : prompt] };
}

function programEnv(backend: ReadyCliBackend, env: CliStreamOptions["env"]): Record<string, string> {
  const all = childEnv(env);
  for (const name of backend.clearEnv ?? []) delete all[name];
  return { ...all, ...backend.env };
}

function writeImages({ images }: CliRequest, dir: string): string[] {
  return images.map(({ data, mimeType }) => {
    const path = join(dir, `${crypto.randomUUID()}.${/^image\/([a-z]+)/.exec(mimeType)?.[1] ?? "png"}`);
    writeFileSync(path, Buffer.from(data, "base64"), { mode: 0o600 });
    return path;
  });
}

function emptyAnswer(model: Model<Api>, now: number): AssistantMessage {
  return {
    role: "assistant",
    content: [],
    api: model.api,
    provider: model.provider,
    model: model.id,
    usage: {
      input: 0,
      output: 0,
      cacheRead: 0,
      cacheWrite: 0,
      totalTokens: 0,
      cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
    },
    stopReason: "stop",
    timestamp: now,
  };
}

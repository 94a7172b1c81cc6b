import { accessSync, constants, existsSync } from "node:fs";
import { hostname, release, type as osType } from "node:os";
import { dirname, join } from "node:path";
import type { Api, Model } from "@earendil-works/pi-ai";
import type { Log } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { ContextSettings } from "../context/settings.ts";
import type { Models, TurnSession } from "../models/models.ts";
import { formatRef, parseModelReference, type ModelRef } from "../models/reference.ts";
import { fallbackRefs } from "../models/resolve-model.ts";
import { chooseThinking } from "../models/thinking.ts";
import { buildPrompt } from "../prompt/build-prompt.ts";
import type { PromptInput } from "../prompt/prompt-input.ts";
import { promptReport } from "../prompt/prompt-report.ts";
import { SMALL_FILE_CHARS, SMALL_WINDOW, smallFiles, smallTools } from "../prompt/small-prompt.ts";
import type { AgentSettings } from "../settings.ts";
import type { SkillSnapshot } from "../skills/skill-library.ts";
import type { TurnGround } from "../tools/builtin-tools.ts";
import { decideTool } from "../tools/tool-policy.ts";
import type { TurnInput } from "../types.ts";
import { readInjectedFiles } from "../workspace/bootstrap-files.ts";
import type { PreparedTurn } from "./turn-types.ts";

export interface PrepareTurnOptions {
  settings: AgentSettings;
  agentId: string;
  sessionKey: string;
  models: Models;
  context: ContextSettings;
  /** The caller's tools. */
  tools: readonly Tool[];
  /** Brings the session to its sandbox, or to the host. */
  ground: () => Promise<TurnGround>;
  workspaceReady: () => Promise<unknown>;
  /** The skills of the session, narrowed to those of the chat. */
  skills: (only: readonly string[] | undefined) => Promise<SkillSnapshot>;
  log: Log;
}

/** Chooses model and tools for a turn and builds its prompt. Throws what ends the turn with a sentence. */
export async function prepareTurn(input: TurnInput, deps: PrepareTurnOptions): Promise<PreparedTurn> {
  const { settings, models, agentId, log } = deps;
  const [, resolution] = await Promise.all([deps.workspaceReady(), models.resolve(input.model)]);
  let ref: ModelRef = { provider: resolution.provider, model: resolution.model };
  let refs = [ref, ...fallbackRefs(ref, settings)];
  let model = await firstDescribed(refs, models);
  if (settings.imageModel && input.message?.images?.length && !model.input.includes("image")) {
    const seeing = [settings.imageModel, ...settings.imageFallbacks];
    refs = [...seeing.map((text) => parseModelReference(text, settings.models)), ...refs];
    ref = refs[0]!;
    model = await firstDescribed(refs, models);
  }
  if (deps.context.windowTokens) model = { ...model, contextWindow: deps.context.windowTokens };
  const thinking = chooseThinking(model, input.thinking ?? settings.thinkingDefault);
  const ground = await deps.ground();
  const { offered, mayUse } = toolsFor(ref, ground, deps, model.input.includes("image"));
  const mode = input.promptMode ?? "full";
  const { promptProfile } = deps.context;
  const small = promptProfile === "small" || (promptProfile === "auto" && model.contextWindow <= SMALL_WINDOW);
  const { offered: tools, left } = small ? smallTools(offered) : { offered, left: [] };
  if (left.length > 0) log.debug(`left out for the small context window: ${left.join(", ")}`);
  const files =
    mode === "none"
      ? []
      : readInjectedFiles({
          workspace: settings.workspace,
          maxChars: small ? Math.min(SMALL_FILE_CHARS, settings.bootstrapMaxChars) : settings.bootstrapMaxChars,
          subagent: mode === "minimal",
        });
  const prompt: PromptInput = {
    mode,
    profile: small ? "small" : "full",
    tools,
    workspace: ground.workdir,
    ...(ground.sandboxPrompt ? { sandbox: ground.sandboxPrompt } : {}),
    files: small ? smallFiles(files) : files,
    // They are files of this machine, which a sandbox does not see.
    ...(mode === "full" && !small && !ground.sandboxPrompt ? { skills: await deps.skills(input.skills) } : {}),
    timezone: settings.userTimezone,
    timeFormat: settings.timeFormat,
    aliases: Object.entries(settings.models).flatMap(([name, entry]) =>
      entry.alias ? [`${entry.alias}: ${name}`] : [],
    ),
    runtime: {
      agentId,
      host: hostname(),
      os: `${osType()} ${release()}`,
      node: process.version,
      model: formatRef(ref),
      defaultModel: settings.primary ?? formatRef(ref),
      thinking,
      ...(input.channel ? { channel: input.channel } : {}),
      ...(input.capabilities?.length ? { capabilities: input.capabilities } : {}),
      ...(input.reasoning ? { reasoning: input.reasoning } : {}),
      ...repoOf(settings.repoRoot, settings.workspace),
    },
    ...(input.extraSystemPrompt ? { extra: input.extraSystemPrompt } : {}),
    ...(input.owners?.length ? { owners: input.owners } : {}),
    ...(input.reactions && offered.some(({ name }) => name === "message") ? { reactions: input.reactions } : {}),
  };
  for (const file of prompt.files) {
    if (file.truncated && !small)
      log.warn(`${file.name} is longer than bootstrapMaxChars and is cut in the prompt.`, { chars: file.rawChars });
  }
  const sections = buildPrompt(prompt);
  return {
    candidates: refs.map((item) => models.entry(item, turnSession(input, deps.sessionKey))),
    model,
    kind: resolution.kind,
    thinking,
    tools,
    mayUse,
    mayFlush: mayFlush(input, deps),
    systemPrompt: sections.map((section) => section.text).join("\n\n"),
    promptReport: {
      ...promptReport(sections, prompt),
      provider: ref.provider,
      model: ref.model,
      profile: prompt.profile,
      ...(left.length > 0 ? { toolsLeftOut: left } : {}),
      bootstrapMaxChars: settings.bootstrapMaxChars,
    },
  };
}

interface TurnTools {
  offered: Tool[];
  mayUse: PreparedTurn["mayUse"];
}

/** Built-in tools and the caller's, without those that policy takes away. A tool of the caller replaces its namesake. */
function toolsFor(ref: ModelRef, ground: TurnGround, deps: PrepareTurnOptions, sees: boolean): TurnTools {
  const { settings, agentId } = deps;
  const pluginTools = deps.tools.map((tool) => tool.name);
  const hasEyes = sees || settings.imageModel !== undefined;
  const own = ground.tools.filter(({ name }) => !pluginTools.includes(name) && (name !== "image" || hasEyes));
  const mayUse: PreparedTurn["mayUse"] = (tool, provider, model) => {
    const permitted = pluginTools.includes(tool) || ground.permits(tool, provider, model);
    if (permitted !== true && !permitted.allowed) return permitted;
    return decideTool({
      tool,
      origin: pluginTools.includes(tool) ? "plugin" : "builtin",
      provider,
      model,
      tools: settings.tools,
      agentTools: settings.agentTools,
      agentId,
      pluginTools,
      further: ground.rules,
    });
  };
  const offered = [...own, ...deps.tools].filter((tool) => {
    const { allowed, reason } = mayUse(tool.name, ref.provider, ref.model);
    if (!allowed) deps.log.debug(`tool ${tool.name} is not offered: ${reason}`);
    return allowed;
  });
  return { offered, mayUse };
}

/** Memories are written for people's own sessions, where what is written stays. */
function mayFlush(
  { promptMode = "full", cause }: TurnInput,
  { settings, context, sessionKey }: PrepareTurnOptions,
): boolean {
  const { sandboxMode, mainSessionKeys, workspace } = settings;
  const sandboxed = sandboxMode === "all" || (sandboxMode === "non-main" && !mainSessionKeys.includes(sessionKey));
  return (
    context.compaction.memoryFlush.enabled &&
    promptMode === "full" &&
    cause !== "heartbeat" &&
    (!sandboxed || context.sandboxWorkspaceWritable) &&
    isWritable(workspace)
  );
}

function isWritable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A first choice that is not known must not keep its fallbacks from answering; with none, its error is the answer. */
async function firstDescribed(refs: readonly ModelRef[], models: Models): Promise<Model<Api>> {
  let first: unknown;
  for (const ref of refs) {
    try {
      return await models.describe(ref);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

/** A conversation that was summarised begins anew for its provider's cache: a good moment to pick a profile again. */
function turnSession(input: TurnInput, sessionKey: string): TurnSession {
  const compaction = input.transcript?.branch().findLast((entry) => entry.type === "compaction")?.id ?? "";
  return {
    key: `${sessionKey} ${input.transcript?.sessionId ?? ""} ${compaction}`,
    ...(input.authProfile ? { profile: input.authProfile } : {}),
  };
}

/** The repository the workspace lies in, unless it is one itself: that one is ours and says nothing. */
function repoOf(configured: string | undefined, workspace: string): { repo?: string } {
  if (configured) return existsSync(configured) ? { repo: configured } : {};
  for (let dir = dirname(workspace); dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, ".git"))) return { repo: dir };
  }
  return {};
}

import { Type } from "typebox";
import { choice, either, flag, int, map, num, path, section, strings, text } from "./dsl.ts";
import { heartbeat } from "./heartbeat.ts";
import { memorySearch } from "./memory-search.ts";
import { modelSelection, thinkingLevels } from "./model-ref.ts";
import { modelParams } from "./models.ts";
import { sandbox } from "./sandbox.ts";
import { blockChunk, blockCoalesce, humanDelay } from "./streaming.ts";
import { allowDeny } from "./tools.ts";
import { typingMode } from "./typing.ts";

const contextPruning = section("Leaves old tool results out of what is sent to the model. Nothing on disk changes.", {
  mode: choice(
    ["off", "adaptive", "aggressive", "cache-ttl"],
    "adaptive trims large results and then clears old ones; aggressive clears all old ones; cache-ttl is adaptive once the prompt cache has expired.",
    { default: "adaptive" },
  ),
  ttl: text("Lifetime of the prompt cache for mode cache-ttl, e.g. 5m."),
  keepLastAssistants: int("Results after this many last answers are kept.", { default: 3, minimum: 0 }),
  softTrimRatio: num("Share of the context window from which large results are trimmed.", {
    default: 0.3,
    minimum: 0,
    maximum: 1,
  }),
  hardClearRatio: num("Share of the context window from which old results are cleared.", {
    default: 0.5,
    minimum: 0,
    maximum: 1,
  }),
  minPrunableToolChars: int("Nothing is cleared below this much.", { default: 50_000, minimum: 0, unit: "characters" }),
  softTrim: section("Trimming of one result.", {
    maxChars: int("Longer results are trimmed.", { default: 4000, minimum: 0, unit: "characters" }),
    headChars: int("Kept from the start.", { default: 1500, minimum: 0, unit: "characters" }),
    tailChars: int("Kept from the end.", { default: 1500, minimum: 0, unit: "characters" }),
  }),
  hardClear: section("Clearing of one result.", {
    enabled: flag("Clear at all; mode aggressive always does.", { default: true }),
    placeholder: text("What stands in its place.", { default: "[Old tool result content cleared]" }),
  }),
  tools: allowDeny("Tools whose results are pruned; deny wins, * matches any run of characters."),
});

const compaction = section("What happens when a conversation outgrows the context window.", {
  mode: choice(["default", "safeguard"], "safeguard summarises very long histories in parts.", { default: "default" }),
  reserveTokensFloor: int("Tokens kept free at least; 0 leaves it to the runtime.", {
    default: 20_000,
    minimum: 0,
    unit: "tokens",
  }),
  reserveTokens: int("Tokens kept free.", { minimum: 0, unit: "tokens", advanced: true }),
  keepRecentTokens: int("Newest part that is not summarised.", {
    default: 20_000,
    minimum: 0,
    unit: "tokens",
    advanced: true,
  }),
  maxHistoryShare: num("Share of the window that history may fill in mode safeguard.", {
    minimum: 0.1,
    maximum: 0.9,
    advanced: true,
  }),
  memoryFlush: section("A silent turn before compaction that writes lasting notes.", {
    enabled: flag("Run it.", { default: true }),
    softThresholdTokens: int("Runs this far before the limit.", { default: 4000, minimum: 0, unit: "tokens" }),
    prompt: text("Replaces the built-in message."),
    systemPrompt: text("Replaces the built-in addition to the system prompt."),
  }),
});

const cliBackend = section("A program that answers in text when the APIs fail.", {
  command: text("Program."),
  args: strings("Arguments of every call."),
  resumeArgs: strings("Arguments when a session goes on; {sessionId} is replaced."),
  output: choice(["json", "text", "jsonl"], "What it prints."),
  resumeOutput: choice(["json", "text", "jsonl"], "What it prints when a session goes on."),
  input: choice(["arg", "stdin"], "How the prompt is handed over."),
  maxPromptArgChars: int("Longer prompts go to standard input.", { minimum: 1, unit: "characters" }),
  env: map("Environment.", Type.String(), { key: "NAME" }),
  clearEnv: strings("Variables taken away."),
  modelArg: text("Option that names the model."),
  modelAliases: map("Model names the program uses.", Type.String(), { key: "model" }),
  sessionArg: text("Option that names the session."),
  sessionArgs: strings("Arguments that name the session; {sessionId} is replaced."),
  sessionMode: choice(["always", "existing", "none"], "When the session is named."),
  sessionIdFields: strings("Fields of the output that hold the session id."),
  systemPromptArg: text("Option for the system prompt."),
  systemPromptMode: choice(["append", "replace"], "Added to the program's own, or instead."),
  systemPromptWhen: choice(["first", "always", "never"], "When it is handed over."),
  imageArg: text("Option for an image path."),
  imageMode: choice(["repeat", "list"], "One option for each image, or one for all."),
  serialize: flag("One call at a time."),
  timeoutSeconds: int("Longest call.", { minimum: 1, unit: "s" }),
});

const onOff = ["off", "on"] as const;

export const agentDefaults = section("What every agent starts from.", {
  model: modelSelection("Model and fallbacks, as provider/model or alias."),
  imageModel: modelSelection("Used for images when the model takes none."),
  models: map(
    "Known models. When set, also the list of models that may be chosen.",
    section("Settings of one model.", {
      alias: text("Short name, e.g. for /opus."),
      params: modelParams(
        "Parameters sent with every request to this model; only temperature and maxTokens are checked.",
      ),
      streaming: flag("False asks for whole answers."),
    }),
    { key: "provider/model" },
  ),
  workspace: path("Directory for the agent's files. Default: workspace in the state directory.", {
    placeholder: "~/.openclaw/workspace",
  }),
  repoRoot: path("Repository named in the prompt. Default: found by walking up from the workspace."),
  skipBootstrap: flag("Do not create AGENTS.md and the other workspace files.", { default: false }),
  bootstrapMaxChars: int("Longer workspace files are cut in the prompt.", {
    default: 20_000,
    minimum: 1,
    unit: "characters",
  }),
  promptProfile: choice(
    ["auto", "full", "small"],
    "How much of the window instructions and tools may take. small: at most 6000 characters; auto: small for models with a window of up to 32k tokens.",
    { default: "auto", advanced: true },
  ),
  userTimezone: text("User's time zone in the prompt. Default: the host's.", { placeholder: "Europe/Paris" }),
  timeFormat: either(
    "Clock in the prompt.",
    [choice(["auto", "12", "24"], "auto is the system's."), choice([12, 24], "Hours.")],
    { default: "auto" },
  ),
  envelopeTimezone: text("Zone of message timestamps: local, utc, user, or an IANA zone.", { default: "local" }),
  envelopeTimestamp: choice(onOff, "Show when a message came.", { default: "on" }),
  envelopeElapsed: choice(onOff, "Show the time since the last message.", { default: "on" }),
  contextTokens: int("Context window assumed for every model. Default: the model's own.", {
    minimum: 1,
    unit: "tokens",
  }),
  cliBackends: map("Programs as a last resort.", cliBackend, { key: "name", advanced: true }),
  contextPruning,
  compaction,
  memorySearch: memorySearch("Search in memory files.", true),
  thinkingDefault: choice(thinkingLevels, "How long models think. Default: the model's own."),
  verboseDefault: choice(["off", "on", "full"], "Show tool use in the chat.", { default: "off" }),
  elevatedDefault: choice(["off", "on", "ask", "full"], "Elevated level of new sessions.", { default: "on" }),
  reasoningDefault: choice(["off", "on", "stream"], "Show the model's reasoning.", { default: "off" }),
  blockStreamingDefault: choice(onOff, "Send finished parts of an answer early.", { default: "off" }),
  blockStreamingBreak: choice(["text_end", "message_end"], "When a part counts as finished.", { default: "text_end" }),
  blockStreamingChunk: blockChunk("Soft bounds of one part.", {
    minChars: 800,
    maxChars: 1200,
    breakPreference: "paragraph",
  }),
  blockStreamingCoalesce: blockCoalesce(
    "Joining of parts before they are sent. minChars follows blockStreamingChunk, maxChars the channel's limit.",
    1000,
  ),
  humanDelay: humanDelay("Random pause between parts.", true),
  typingMode: typingMode("When typing is shown. Default: instant in direct chats and on mentions, message elsewhere."),
  typingIntervalSeconds: int("Typing is renewed this often.", { default: 6, minimum: 1, unit: "s" }),
  timeoutSeconds: int("Longest run; 0 means 30 days.", { default: 600, minimum: 0, unit: "s" }),
  mediaMaxMb: num("Largest inbound file.", { default: 5, exclusiveMinimum: 0, unit: "MB" }),
  maxConcurrent: int("Runs at the same time over all sessions.", { default: 1, minimum: 1 }),
  heartbeat: heartbeat("Regular turns in which the agent looks after things by itself.", true),
  subagents: section("Sub-agents.", {
    model: modelSelection("Their model. Default: the caller's."),
    thinking: choice(thinkingLevels, "Their thinking level."),
    maxConcurrent: int("Running at the same time.", { default: 1, minimum: 1 }),
    archiveAfterMinutes: int("Their sessions are archived after this; 0 never.", {
      default: 60,
      minimum: 0,
      unit: "min",
    }),
  }),
  sandbox: sandbox("Docker containers for sessions that should not touch the host.", true),
});

export const subagentsOfAgent = section("Sub-agents of this agent.", {
  allowAgents: strings("Agents it may start; * is any. Default: only itself."),
  model: modelSelection("Their model."),
  thinking: choice(thinkingLevels, "Their thinking level."),
});

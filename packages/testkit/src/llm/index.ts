export { createGate, type Gate } from "./gate.ts";
export { callTool, fail, say, type ScriptedReply, type ScriptedToolCall, type ScriptedUsage } from "./reply.ts";
export { type LlmCall, type ScriptedLlm, type ScriptedLlmOptions, startScriptedLlm } from "./scripted-llm.ts";
export type { WireName } from "./wire/wire.ts";

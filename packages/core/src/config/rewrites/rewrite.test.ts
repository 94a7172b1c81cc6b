import { describe, expect, test } from "vitest";
import { rewriteLegacy } from "./rewrite.ts";

const options = {
  channels: ["chat", "other"],
  rules: [
    {
      from: "channels.chat.requireMention",
      to: "channels.chat.groups.*.requireMention",
      because: "mentions are set for each group.",
    },
    {
      from: "routing.groupChat.requireMention",
      to: "channels.chat.groups.*.requireMention",
      when: "channels.chat",
      copy: true,
      because: "mentions are set for each channel.",
    },
    { from: "routing.allowFrom", to: "channels.chat.allowFrom", because: "each channel has its own." },
  ],
};

describe("every accepted spelling becomes the canonical one", () => {
  test.each<[string, unknown, unknown]>([
    [
      "agent.*",
      { agent: { model: "a/b", timeoutSeconds: 5 } },
      { agents: { defaults: { model: "a/b", timeoutSeconds: 5 } } },
    ],
    [
      "agent beside agents.defaults: the canonical key wins",
      { agent: { model: "a", workspace: "w" }, agents: { defaults: { model: "b" } } },
      { agents: { defaults: { model: "b", workspace: "w" } } },
    ],
    [
      "agent's tools",
      {
        agent: {
          bash: { timeoutSec: 1 },
          elevated: { enabled: false },
          sandbox: { mode: "all", tools: { deny: ["x"] } },
          subagents: { tools: { allow: ["y"] } },
        },
      },
      {
        agents: { defaults: { sandbox: { mode: "all" } } },
        tools: {
          exec: { timeoutSec: 1 },
          elevated: { enabled: false },
          sandbox: { tools: { deny: ["x"] } },
          subagents: { tools: { allow: ["y"] } },
        },
      },
    ],
    [
      "agent's flat model lists",
      {
        agent: {
          model: "a/b",
          modelFallbacks: ["c/d"],
          imageModelFallbacks: ["i/j"],
          allowedModels: ["a/b", "c/d"],
          modelAliases: { Opus: "a/b" },
        },
      },
      {
        agents: {
          defaults: {
            model: { primary: "a/b", fallbacks: ["c/d"] },
            imageModel: { fallbacks: ["i/j"] },
            models: { "a/b": { alias: "Opus" }, "c/d": {} },
          },
        },
      },
    ],
    ["identity", { identity: { name: "Sam" } }, { agents: { list: [{ id: "main", identity: { name: "Sam" } }] } }],
    [
      "identity of the default agent",
      { identity: { name: "Sam" }, agents: { list: [{ id: "a" }, { id: "b", default: true }] } },
      { agents: { list: [{ id: "a" }, { id: "b", default: true, identity: { name: "Sam" } }] } },
    ],
    [
      "routing.*",
      {
        routing: {
          allowFrom: ["1"],
          bindings: [{ agentId: "a" }],
          agentToAgent: { enabled: true },
          queue: { mode: "collect", byProvider: { chat: "steer" } },
          defaultAgentId: "a",
          agents: { a: { workspace: "w", mentionPatterns: ["@a"] } },
        },
      },
      {
        channels: { chat: { allowFrom: ["1"] } },
        bindings: [{ agentId: "a" }],
        tools: { agentToAgent: { enabled: true } },
        messages: { queue: { mode: "collect", byChannel: { chat: "steer" } } },
        agents: { list: [{ id: "a", workspace: "w", groupChat: { mentionPatterns: ["@a"] }, default: true }] },
      },
    ],
    [
      "routing.groupChat",
      { routing: { groupChat: { requireMention: false, historyLimit: 3 } }, chat: {} },
      {
        channels: { chat: { groups: { "*": { requireMention: false } } } },
        messages: { groupChat: { historyLimit: 3 } },
      },
    ],
    [
      "routing.transcribeAudio",
      { routing: { transcribeAudio: { command: ["whisper", "-q"], timeoutSeconds: 9 } } },
      {
        tools: { media: { audio: { models: [{ type: "cli", command: "whisper", args: ["-q"], timeoutSeconds: 9 }] } } },
      },
    ],
    [
      "a channel's section at the top",
      { chat: { token: "t", requireMention: true } },
      { channels: { chat: { token: "t", groups: { "*": { requireMention: true } } } } },
    ],
    [
      "models.aliases keeps the primary choosable",
      { models: { defaults: { model: "a/b" }, aliases: { fast: "c/d" } } },
      { agents: { defaults: { model: { primary: "a/b" }, models: { "c/d": { alias: "fast" }, "a/b": {} } } } },
    ],
    [
      "models.failover switched off",
      { models: { failover: { enabled: false, models: ["a/b"] }, mode: "merge" } },
      { models: { mode: "merge" } },
    ],
    [
      "models.providers.*.profile",
      { models: { providers: { p: { baseUrl: "u", profile: "p:work" } } } },
      { models: { providers: { p: { baseUrl: "u" } } }, auth: { order: { p: ["p:work"] } } },
    ],
    [
      "providers at the top",
      { providers: { p: { enabled: false } } },
      { models: { providers: { p: { enabled: false } } } },
    ],
    [
      "agents.<id>",
      {
        agents: {
          bot: { workspace: "w", defaults: { model: "a/b" }, models: { failover: { models: ["c/d"] } } },
          list: [{ id: "bot", name: "B" }],
        },
      },
      { agents: { list: [{ id: "bot", name: "B", model: { primary: "a/b", fallbacks: ["c/d"] }, workspace: "w" }] } },
    ],
    [
      "perSession",
      { agents: { defaults: { sandbox: { perSession: true } }, list: [{ id: "a", sandbox: { perSession: false } }] } },
      { agents: { defaults: { sandbox: { scope: "session" } }, list: [{ id: "a", sandbox: { scope: "shared" } }] } },
    ],
    [
      "sandbox.shell and sandbox.filesystem",
      { agents: { defaults: { sandbox: { shell: "/bin/zsh", filesystem: "ro" } } } },
      { agents: { defaults: { sandbox: { docker: { shell: "/bin/zsh" }, workspaceAccess: "ro" } } } },
    ],
    [
      "memorySearch at the top",
      { memorySearch: { provider: "local" } },
      { agents: { defaults: { memorySearch: { provider: "local" } } } },
    ],
    [
      "gateway.remote",
      { gateway: { remote: { enabled: true, host: "h", port: 1, token: "t" } } },
      { gateway: { mode: "remote", remote: { url: "ws://h:1", token: "t" } } },
    ],
    [
      "gateway.remote switched off",
      { gateway: { remote: { enabled: false, host: "h" } } },
      { gateway: { remote: { url: "ws://h:18789" } } },
    ],
    ["gateway.token has no meaning", { gateway: { token: "t", port: 1 } }, { gateway: { port: 1 } }],
    ["logging.verboseModels", { logging: { verboseModels: true } }, { logging: { modelPayloads: true } }],
    [
      "automation",
      { automation: { cron: { jobs: [] }, webhooks: { enabled: false } } },
      { cron: { jobs: [] }, hooks: { enabled: false } },
    ],
    ["session.ttl as text", { session: { ttl: "12h" } }, { session: { reset: { mode: "idle", idleMinutes: 720 } } }],
    ["session.ttl in minutes", { session: { ttl: 30 } }, { session: { reset: { mode: "idle", idleMinutes: 30 } } }],
    [
      "session.pruning as a section",
      { session: { pruning: { enabled: true, keepLastAssistants: 1 } } },
      { agents: { defaults: { contextPruning: { mode: "adaptive", keepLastAssistants: 1 } } } },
    ],
    [
      "session.pruning as a word",
      { session: { pruning: "off" } },
      { agents: { defaults: { contextPruning: { mode: "off" } } } },
    ],
    [
      "messages.tts.enabled",
      { messages: { tts: { enabled: true, provider: "openai" } } },
      { messages: { tts: { auto: "always", provider: "openai" } } },
    ],
    [
      "bindings",
      { bindings: [{ agentId: "a", match: { provider: "chat", accountID: "x", peer: { kind: "direct", id: "1" } } }] },
      { bindings: [{ agentId: "a", match: { channel: "chat", accountId: "x", peer: { kind: "dm", id: "1" } } }] },
    ],
    [
      "audio.transcription",
      { audio: { transcription: { command: ["w"] } } },
      { tools: { media: { audio: { models: [{ type: "cli", command: "w", args: [] }] } } } },
    ],
  ])("%s", (_name, before, after) => {
    const { config, rewrites } = rewriteLegacy(before, options);
    expect(config).toEqual(after);
    expect(rewrites.length).toBeGreaterThan(0);
    expect(rewriteLegacy(config, options)).toEqual({ config, rewrites: [] });
  });
});

test("each rewrite says what, to what and why", () => {
  const { rewrites } = rewriteLegacy({
    agent: { model: "a" },
    gateway: { token: "t" },
    agents: { defaults: { model: "b" } },
  });
  expect(rewrites.map(({ from, to, message }) => [from, to, message])).toEqual([
    [
      "agent.model",
      "agents.defaults.model",
      "agent.model is ignored, because agents.defaults.model is set: settings of all agents stand under agents.defaults.",
    ],
    ["gateway.token", "", "gateway.token is ignored: the token belongs in gateway.auth.token."],
  ]);
});

test("the argument stays as it is", () => {
  const config = { agent: { model: "a" } };
  rewriteLegacy(config);
  expect(config).toEqual({ agent: { model: "a" } });
});

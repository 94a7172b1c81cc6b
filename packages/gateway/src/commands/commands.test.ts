import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type CommandRoom, OWNER, STRANGER, openCommandRoom } from "../../test/command-room.ts";

const rooms: CommandRoom[] = [];
afterEach(async () => {
  for (const opened of rooms.splice(0)) await opened.close();
});

const aliases = {
  agents: {
    defaults: {
      models: { "anthropic/opus-4": { alias: "opus" }, "openai/gpt-5.2": { alias: "fast" }, "openai/gpt-5.2-mini": {} },
    },
  },
};
const admin = { commands: { config: true, debug: true, restart: true } };

/** Everybody may write, only the owner may give commands. */
function room(config: Record<string, unknown> = {}, channel: Record<string, unknown> = {}): CommandRoom {
  const opened = openCommandRoom({ ...aliases, ...config }, channel);
  rooms.push(opened);
  return opened;
}

interface Row {
  text: string;
  reply: RegExp;
  /** What the session remembers afterwards. */
  entry?: Record<string, unknown>;
  config?: Record<string, unknown>;
  /** Where it has another answer. */
  group?: RegExp;
  directive?: boolean;
}

const table: Row[] = [
  { text: "/help", reply: /\/new/ },
  { text: "/help think", reply: /How long I think/ },
  { text: "/commands", reply: /Commands \(1\/\d\)/ },
  { text: "/commands 2", reply: /Commands \(2\/\d\)/ },
  { text: "/status", reply: /Model: anthropic\/opus-4[\s\S]*idle/ },
  { text: "/whoami", reply: /You: 100 \(Person 100\) · owner/ },
  { text: "/id", reply: /You: 100/ },
  { text: "/new", reply: /✅ New session started · model: anthropic\/opus-4/ },
  { text: "/RESET", reply: /✅ New session started/ },
  {
    text: "/new fast",
    reply: /model: openai\/gpt-5\.2$/,
    entry: { providerOverride: "openai", modelOverride: "gpt-5.2" },
  },
  { text: "/stop", reply: /Nothing was running/ },
  { text: "/abort", reply: /Nothing was running/ },
  { text: "/think", reply: /Thinking: as the model likes \(default\)/, directive: true },
  { text: "/think high", reply: /Thinking: high/, entry: { thinkingLevel: "high" }, directive: true },
  { text: "/thinking: ultra", reply: /Thinking: high/, entry: { thinkingLevel: "high" }, directive: true },
  { text: "/t:on", reply: /Thinking: low/, entry: { thinkingLevel: "low" }, directive: true },
  { text: "/t@my_bot off", reply: /Thinking: off/, entry: { thinkingLevel: "off" }, directive: true },
  { text: "/think xhigh", reply: /does not know xhigh/, entry: { thinkingLevel: undefined }, directive: true },
  { text: "/think enormous", reply: /no level "enormous"/, entry: { thinkingLevel: undefined }, directive: true },
  { text: "/v full", reply: /Verbose: full/, entry: { verboseLevel: "full" }, directive: true },
  { text: "/verbose default", reply: /Verbose: off \(default\)/, directive: true },
  { text: "/reason on", reply: /Reasoning: on/, entry: { reasoningLevel: "on" }, directive: true },
  { text: "/reasoning stream", reply: /only where drafts/, entry: { reasoningLevel: undefined }, directive: true },
  { text: "/elev full", reply: /not open to you/, entry: { elevatedLevel: undefined }, directive: true },
  {
    text: "/elevated full",
    reply: /Elevated: full/,
    entry: { elevatedLevel: "full" },
    config: { tools: { elevated: { allowFrom: { fake: [OWNER] } } } },
    directive: true,
  },
  { text: "/exec", reply: /host: sandbox \(default\)/, directive: true },
  {
    text: "/exec host=gateway ask=always",
    reply: /host gateway · ask always/,
    entry: { execHost: "gateway", execAsk: "always" },
    config: { tools: { elevated: { allowFrom: { fake: ["*"] } } } },
    directive: true,
  },
  { text: "/exec host=moon", reply: /"host=moon" is no setting/, entry: { execHost: undefined }, directive: true },
  {
    text: "/model",
    reply: /Model: anthropic\/opus-4\n1\. anthropic\/opus-4 \(opus\) ✓\n2\. openai\/gpt-5\.2 \(fast\)/,
    directive: true,
  },
  {
    text: "/model 2",
    reply: /Model: openai\/gpt-5\.2$/,
    entry: { providerOverride: "openai", modelOverride: "gpt-5.2" },
    directive: true,
  },
  { text: "/model fast", reply: /Model: openai\/gpt-5\.2$/, entry: { modelOverride: "gpt-5.2" }, directive: true },
  { text: "/fast", reply: /Model: openai\/gpt-5\.2$/, entry: { modelOverride: "gpt-5.2" }, directive: true },
  {
    text: "/model openai/gpt-5.2-mini",
    reply: /gpt-5\.2-mini$/,
    entry: { modelOverride: "gpt-5.2-mini" },
    directive: true,
  },
  {
    text: "/model opus",
    reply: /anthropic\/opus-4 · the default/,
    entry: { modelOverride: undefined },
    directive: true,
  },
  { text: "/model 99", reply: /no model number 99/, entry: { modelOverride: undefined }, directive: true },
  { text: "/model nonsense", reply: /know no model "nonsense"/, entry: { modelOverride: undefined }, directive: true },
  { text: "/model forbidden/x", reply: /not one of the models/, entry: { modelOverride: undefined }, directive: true },
  {
    text: "/model fast@work",
    reply: /no auth profile openai:work/,
    entry: { modelOverride: undefined },
    directive: true,
  },
  { text: "/model status", reply: /200k context, reasoning/, directive: true },
  { text: "/models", reply: /\/models anthropic · 1 model\n\/models openai · 2 models/ },
  { text: "/models openai", reply: /2\. gpt-5\.2 · GPT 5\.2/ },
  { text: "/queue", reply: /Queue: collect · debounce 1 s · cap 20 · drop summarize/, directive: true },
  {
    text: "/queue interrupt debounce:500ms cap:5 drop:old",
    reply: /Queue: interrupt · debounce 500 ms · cap 5 · drop old/,
    entry: { queueMode: "interrupt", queueDebounceMs: 500, queueCap: 5, queueDrop: "old" },
    directive: true,
  },
  { text: "/queue sometimes", reply: /no setting "sometimes"/, entry: { queueMode: undefined }, directive: true },
  { text: "/queue reset", reply: /Queue: collect/, directive: true },
  { text: "/usage", reply: /Usage under answers: off/ },
  { text: "/usage full", reply: /Usage under answers: full/, entry: { responseUsage: "full" } },
  { text: "/usage cost", reply: /This session: \$0 · 0 in, 0 out · 0 model calls\nToday: .*\nLast 30 days: / },
  { text: "/activation always", reply: /is for groups/, group: /Activation: always/ },
  { text: "/send off", reply: /Send: off · I stay silent/, entry: { sendPolicy: "deny" } },
  { text: "/send inherit", reply: /Send: inherit · I answer here/ },
  { text: "/context", reply: /send a message first/ },
  { text: "/compact", reply: /nothing to compact yet/ },
  { text: "/subagents", reply: /no sub-agents in this conversation/ },
  { text: "/resend", reply: /Nothing is in doubt/ },
  { text: "/allowlist", reply: /Direct messages \(allowlist\): 100/ },
  { text: "/allowlist add dm 200", reply: /needs commands\.config/ },
  { text: "/allowlist add dm 200", reply: /200 may write to me directly now/, config: admin },
  { text: "/config", reply: /switched off\. commands\.config: true/ },
  { text: "/debug", reply: /switched off/ },
  { text: "/restart", reply: /switched off/ },
  { text: "/restart", reply: /Restarting/, config: admin },
];

describe.each(table)("$text", ({ text, reply, entry = {}, config, group, directive }) => {
  const remembers = (found: Readonly<Record<string, unknown>> | undefined) => {
    for (const [field, value] of Object.entries(entry)) expect(found?.[field], field).toEqual(value);
  };

  test("an authorised person in a direct chat gets the answer, and the agent nothing", async () => {
    const opened = room(config);
    const { replies, turns } = await opened.say(text);
    expect(replies).toEqual([expect.stringMatching(reply)]);
    expect(turns).toEqual([]);
    remembers(opened.entry());
  });

  test("nobody else is answered", async () => {
    const opened = room(config, {
      dmPolicy: "allowlist",
      groupPolicy: "open",
      groups: { "*": { requireMention: false } },
    });
    const said = await opened.say(text, { chat: "group", from: STRANGER });
    expect(said).toEqual({ replies: [], turns: [], reason: "command-not-listed" });
    expect(opened.entry("group")).toBeUndefined();
  });

  test("in a group it is carried out when we are mentioned", async () => {
    const opened = room(config);
    const { replies, turns } = await opened.say(text, { chat: "group", mentioned: true });
    expect(replies).toEqual([expect.stringMatching(group ?? reply)]);
    expect(turns).toEqual([]);
    remembers(opened.entry("group"));
  });

  test(`in a group without a mention it is ${directive ? "what people said to each other" : "carried out too"}`, async () => {
    const { replies, turns, reason } = await room(config).say(text, { chat: "group" });
    expect(turns).toEqual([]);
    if (directive) expect({ replies, reason }).toEqual({ replies: [], reason: "mention-missing" });
    else expect(replies).toHaveLength(1);
  });

  test("the dashboard gets an answer too", async () => {
    const { reply: answer, forward } = await room(config).webchat(text);
    expect(answer).toBeTruthy();
    expect(forward).toBeUndefined();
  });
});

describe("a directive inside a message", () => {
  test("is taken out, holds for that message, and is not remembered", async () => {
    const opened = room();
    const { turns, replies } = await opened.say("what is /think high the meaning /model fast of life?");
    expect(replies).toEqual([]);
    expect(turns[0]?.input).toMatchObject({ thinking: "high", model: "openai/gpt-5.2" });
    expect(turns[0]?.input.message?.text).toContain("what is the meaning of life?");
    expect(opened.entry()?.thinkingLevel).toBeUndefined();
    expect(opened.entry()?.modelOverride).toBeUndefined();
  });

  test("may lead the message", async () => {
    const { turns } = await room().say("/fast /t low write a poem");
    expect(turns[0]?.input).toMatchObject({ thinking: "low", model: "openai/gpt-5.2" });
    expect(turns[0]?.input.message?.text).toMatch(/ write a poem/);
  });

  test("several without words are remembered and all answered", async () => {
    const opened = room();
    const { replies, turns } = await opened.say("/think high /verbose on");
    expect(turns).toEqual([]);
    expect(replies).toEqual(["Thinking: high\n\nVerbose: on · tool calls are shown"]);
    expect(opened.entry()).toMatchObject({ thinkingLevel: "high", verboseLevel: "on" });
  });

  test("of somebody who may not give commands is text", async () => {
    const opened = room({}, { groupPolicy: "open", groups: { "*": { requireMention: false } } });
    const { turns } = await opened.say("please /think high about /status this", { chat: "group", from: STRANGER });
    expect(turns[0]?.input.thinking).toBeUndefined();
    expect(turns[0]?.input.message?.text).toContain("please /think high about /status this");
  });

  test("in a group that I read anyway counts only when I am mentioned", async () => {
    const opened = room({}, { groups: { "*": { requireMention: false } } });
    const plain = await opened.say("look /think high here", { chat: "group" });
    expect(plain.turns[0]?.input.message?.text).toContain("look /think high here");
    await plain.turns[0]?.finish("");
    const mentioned = await opened.say("look /think high here", { chat: "group", mentioned: true });
    expect(mentioned.turns[0]?.input.thinking).toBe("high");
  });

  test("that cannot be had is said, and the message goes on without it", async () => {
    const { replies, turns } = await room().say("/elevated full delete everything");
    expect(replies).toEqual([expect.stringMatching(/not open to you/)]);
    expect(turns[0]?.input.message?.text).toContain("delete everything");
  });

  test("with a picture and no other words belongs to the picture", async () => {
    const opened = room();
    const { turns } = await opened.say("/think high", { rest: { media: [{ kind: "image", ref: "r" }] } });
    expect(turns[0]?.input.thinking).toBe("high");
    expect(opened.entry()?.thinkingLevel).toBeUndefined();
  });

  test("waits for a turn of its own while another runs", async () => {
    const opened = room();
    const first = await opened.say("one");
    await opened.say("two /think high");
    await opened.say("three");
    await first.turns[0]?.finish("done");
    const second = await opened.turnsBegun(1_000);
    expect(second.map(({ input }) => input.thinking)).toEqual(["high"]);
    expect(second[0]?.input.message?.text).not.toContain("three");
  });
});

describe("shortcuts inside a message", () => {
  test("are answered beside it", async () => {
    const { replies, turns } = await room().say("hello /whoami my friend");
    expect(replies).toEqual([expect.stringMatching(/^You: 100/)]);
    expect(turns[0]?.input.message?.text).toContain("hello my friend");
  });

  test("at its start leave the words behind them to the agent", async () => {
    const { replies, turns } = await room().say("/status and how are you?");
    expect(replies).toHaveLength(1);
    expect(turns[0]?.input.message?.text).toContain("and how are you?");
  });
});

describe("/new", () => {
  test("with words starts over and asks them", async () => {
    const opened = room();
    const first = await opened.say("hello");
    await first.turns[0]?.finish("hi");
    const before = opened.entry()?.sessionId;
    const { replies, turns } = await opened.say("/new fast write a poem");
    expect(replies).toEqual(["✅ New session started · model: openai/gpt-5.2"]);
    expect(turns[0]?.input).toMatchObject({ model: "openai/gpt-5.2" });
    expect(turns[0]?.input.message?.text).toMatch(/ write a poem/);
    expect(opened.entry()?.sessionId).not.toBe(before);
  });

  test("drops levels and model, keeps what was set for the chat", async () => {
    const opened = room({ tools: { elevated: { allowFrom: { fake: ["*"] } } } });
    for (const text of ["/think high", "/model fast", "/queue interrupt", "/exec ask=always"]) await opened.say(text);
    await opened.say("/new");
    expect(opened.entry()).toMatchObject({ execAsk: "always" });
    expect(opened.entry()).not.toHaveProperty("thinkingLevel");
    expect(opened.entry()).not.toHaveProperty("modelOverride");
    expect(opened.entry()).not.toHaveProperty("queueMode");
  });

  test("answers to the configuration's own words", async () => {
    const { replies } = await room({ session: { resetTriggers: ["start over"] } }).say("Start over");
    expect(replies).toEqual([expect.stringMatching(/New session started/)]);
  });
});

describe("/stop", () => {
  test.each(["/stop", "stop", "Abort!", "esc", "/abort"])("%s stops what runs and forgets what waits", async (text) => {
    const opened = room();
    const { turns } = await opened.say("work");
    await opened.say("more work");
    const { replies } = await opened.say(text);
    expect(replies).toEqual(["⚙️ Agent was aborted."]);
    expect(turns[0]?.input.signal?.aborted).toBe(true);
    expect(opened.context.store.turns.open()).toEqual([]);
  });

  test("a stop word is an answer like any other while nothing runs", async () => {
    const { replies, turns } = await room().say("wait");
    expect(replies).toEqual([]);
    expect(turns).toHaveLength(1);
  });

  test("in a group people may say wait to each other", async () => {
    expect(await room().say("wait", { chat: "group" })).toEqual({ replies: [], turns: [], reason: "mention-missing" });
  });

  test("in a group it needs no mention while something runs", async () => {
    const opened = room();
    await opened.say("work", { chat: "group", mentioned: true });
    expect((await opened.say("stop", { chat: "group" })).replies).toEqual(["⚙️ Agent was aborted."]);
  });

  test("nobody else stops it", async () => {
    const opened = room({}, { groups: { "*": { requireMention: false } } });
    const { turns } = await opened.say("work", { chat: "group" });
    await opened.say("stop", { chat: "group", from: STRANGER });
    await opened.say("/stop", { chat: "group", from: STRANGER });
    expect(turns[0]?.input.signal?.aborted).toBe(false);
  });
});

test("/model name@profile picks the auth profile, and a choice without one lets it go", async () => {
  const opened = room();
  const file = join(opened.paths.agentDir("main"), "auth-profiles.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({ version: 1, profiles: { "openai:work": { type: "api_key", provider: "openai", key: "sk-1" } } }),
  );
  expect((await opened.say("/model fast@work")).replies).toEqual(["Model: openai/gpt-5.2 · profile openai:work"]);
  const { turns } = await opened.say("hello");
  expect(turns[0]?.input.authProfile).toEqual({ id: "openai:work", source: "user" });
  await opened.say("/stop");
  await opened.say("/model fast");
  expect((await opened.say("hello")).turns[0]?.input.authProfile).toBeUndefined();
});

test("/compact stops what runs, and says what became of the context", async () => {
  const opened = room();
  const { turns } = await opened.say("hello");
  const { replies } = await opened.say("/compact keep the dates");
  expect(replies).toEqual(["⚙️ Compacted: 90k → 9.0k tokens (9 % of 100k)."]);
  expect(turns[0]?.input.signal?.aborted).toBe(true);
  expect(opened.entry()).toMatchObject({ compactionCount: 1, totalTokens: 9_000 });
});

test("/subagents lists, explains, stops and talks to them", async () => {
  const opened = room();
  const { engine, store, sessions } = opened.context;
  const child = "agent:main:subagent:one";
  store.subagents.add({
    runId: "run-1",
    childSessionKey: child,
    requesterSessionKey: opened.directKey,
    requesterDisplayKey: "main",
    task: "count the stars",
    cleanup: "keep",
    createdAt: opened.context.clock.now(),
  });
  sessions.patch(child, { spawnedBy: opened.directKey });
  engine.submit({
    runId: "run-1",
    sessionKey: child,
    displayKey: child,
    agentId: "main",
    source: "session",
    text: "x",
    body: "x",
    origin: { provider: "fake", chatType: "direct" },
  });
  expect((await opened.say("/subagents")).replies[0]).toMatch(/1\. count the stars · working for 0 min/);
  expect((await opened.say("/subagents info 1")).replies[0]).toContain(child);
  expect((await opened.say("/subagents info 9")).replies[0]).toMatch(/no sub-agent "9"/);
  expect((await opened.say("/subagents stop 1")).replies[0]).toBe("Stopped: count the stars");
  expect((await opened.say("/subagents stop all")).replies[0]).toBe("None was working.");
  const { replies, turns } = await opened.say("/subagents send 1 count faster");
  expect(replies).toEqual(["Told. Its answer comes here."]);
  expect(turns[0]?.input).toMatchObject({ sessionKey: child, message: { text: "count faster" } });
});

describe("who may what", () => {
  test("with access groups off everybody who may write may command, and owners alone administrate", async () => {
    const opened = room(
      { commands: { ...admin.commands, useAccessGroups: false } },
      { dmPolicy: "open", allowFrom: ["*"] },
    );
    expect((await opened.say("/status", { from: STRANGER })).replies[0]).toMatch(/Model:/);
    for (const text of ["/config", "/debug", "/restart", "/allowlist"]) {
      expect((await opened.say(text, { from: STRANGER })).replies).toEqual([expect.stringMatching(/for owners only/)]);
    }
  });

  test("a command in a forwarded message is content", async () => {
    const { turns, replies } = await room().say("/new", { rest: { forwardedFrom: "Mallory" } });
    expect(replies).toEqual([]);
    expect(turns).toHaveLength(1);
  });

  test("a dashboard without the administrator's scope does not administrate", async () => {
    const opened = room(admin);
    expect((await opened.webchat("/config set messages.queue.cap=3", { owner: false })).reply).toMatch(
      /for owners only/,
    );
    expect((await opened.webchat("/elevated full", { owner: false })).reply).toMatch(/not open to you/);
  });

  test("commands.text: false leaves the menu and /stop", async () => {
    const opened = room({ commands: { text: false } });
    const typed = await opened.say("/think high");
    expect(typed.turns[0]?.input.message?.text).toContain("/think high");
    expect((await opened.say("/stop")).replies).toEqual(["⚙️ Agent was aborted."]);
    expect((await opened.say("/think high", { native: true })).replies).toEqual(["Thinking: high"]);
  });

  test("a command for another bot is not for us", async () => {
    expect((await room().say("/status@other_bot", { chat: "group" })).reason).toBe("mention-missing");
  });

  test("our name before the command does not hide it", async () => {
    expect((await room().say("@my_bot /status", { chat: "group", mentioned: true })).replies).toEqual([
      expect.stringMatching(/Model:/),
    ]);
  });
});

describe("/config", () => {
  test("reads, writes and removes, comments kept, secrets masked", async () => {
    const opened = room(admin);
    writeFileSync(
      opened.paths.configPath,
      '{\n  // mine\n  channels: { telegram: { botToken: "42:secretsecretsecret" } },\n}\n',
    );
    expect((await opened.say("/config set messages.queue.cap=7")).replies[0]).toMatch(/^messages\.queue\.cap: 7\n/);
    expect(readFileSync(opened.paths.configPath, "utf8")).toMatch(/\/\/ mine[\s\S]*cap: 7/);
    expect((await opened.say("/config get messages.queue")).replies[0]).toContain('"cap": 7');
    expect((await opened.say("/config show channels.telegram.botToken")).replies[0]).not.toContain("secretsecret");
    expect((await opened.say("/config unset messages.queue.cap")).replies[0]).toMatch(/was removed/);
    expect(readFileSync(opened.paths.configPath, "utf8")).not.toContain("cap");
  });

  test("refuses what would not load, naming the key", async () => {
    const opened = room(admin);
    writeFileSync(opened.paths.configPath, "{}");
    expect((await opened.say("/config set messages.queue.mode=sometimes")).replies[0]).toMatch(
      /messages\.queue\.mode[\s\S]*Nothing was changed/,
    );
    expect((await opened.say("/config set __proto__.polluted=1")).replies[0]).toMatch(/Write the key/);
    expect((await opened.say("/config unset")).replies[0]).toMatch(/Write the key/);
    expect(readFileSync(opened.paths.configPath, "utf8")).toBe("{}");
  });

  test("obeys configWrites of the channel", async () => {
    const opened = room(admin, { configWrites: false });
    expect((await opened.say("/config set messages.queue.cap=7")).replies[0]).toMatch(/channels\.fake\.configWrites/);
    expect((await opened.say("/allowlist add dm 5")).replies[0]).toMatch(/channels\.fake\.configWrites/);
  });
});

test("/debug holds in memory until it is reset, and never touches who may command", async () => {
  const opened = room(admin);
  expect((await opened.say("/debug set messages.queue.cap=3")).replies[0]).toMatch(/messages\.queue\.cap: 3/);
  expect(opened.context.config().messages?.queue?.cap).toBe(3);
  expect((await opened.say("/debug set messages.queue.mode=never")).replies[0]).toMatch(/Nothing was changed/);
  expect((await opened.say("/debug set commands.bash=true")).replies[0]).toMatch(/in the file only/);
  expect((await opened.say("/debug")).replies[0]).toBe("messages.queue.cap: 3");
  await opened.say("/debug reset");
  expect(opened.context.config().messages?.queue?.cap).toBe(20);
});

test("/allowlist lets somebody in at once and out again", async () => {
  const opened = room(admin);
  expect((await opened.say("hello", { from: "200" })).reason).toBe("dm-not-listed");
  await opened.say("/allowlist add dm 200");
  expect((await opened.say("hello", { from: "200" })).turns).toHaveLength(1);
  expect((await opened.say("/allowlist remove dm 200")).replies[0]).toMatch(/no longer write/);
  expect((await opened.say("hello", { from: "200" })).reason).toBe("dm-not-listed");
  expect((await opened.say("/allowlist add dm *")).replies[0]).toMatch(/no sender id/);
});

test("/activation decides what a group message needs", async () => {
  const opened = room();
  expect((await opened.say("hello", { chat: "group" })).reason).toBe("mention-missing");
  await opened.say("/activation always", { chat: "group" });
  expect((await opened.say("hello", { chat: "group" })).turns).toHaveLength(1);
});

test("/send off silences a chat, and /send on can still be said", async () => {
  const opened = room();
  await opened.say("/send off");
  expect(await opened.say("hello")).toEqual({ replies: [], turns: [], reason: "send-policy" });
  await opened.say("/send on");
  expect((await opened.say("hello")).turns).toHaveLength(1);
});

import { describe, expect, test } from "vitest";
import { OWNER, STRANGER, admin, room } from "../../test/command-room.ts";

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

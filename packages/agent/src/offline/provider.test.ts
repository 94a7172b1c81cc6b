import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, type AgentTool } from "@earendil-works/pi-agent-core";
import type { AssistantMessage, AssistantMessageEvent, Message } from "@earendil-works/pi-ai";
import { normalizeContext } from "@earendil-works/pi-ai/utils/transcript";
import { silentLog, systemClock } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { createFakeClock, type FakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEditTool } from "../tools/edit.ts";
import { createEgress } from "../tools/egress/index.ts";
import { createProcessRegistry, type ProcessRegistry } from "../tools/exec/process-registry.ts";
import { createMemoryTools, type MemoryTools } from "../tools/memory/index.ts";
import { createReadTool } from "../tools/read.ts";
import { createWebFetchTool } from "../tools/web/index.ts";
import { createWriteTool } from "../tools/write.ts";
import { createOfflineProvider, type OfflineProvider } from "./index.ts";
import { createExecRig } from "../../test/exec-rig.ts";

let root: string;
let workspace: string;
let clock: FakeClock;
let provider: OfflineProvider;
let memory: MemoryTools;
let registry: ProcessRegistry;
let server: Server | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "offline-"));
  workspace = join(root, "workspace");
  mkdirSync(workspace);
  // Friday, 20 November 2026, 14:27 in Paris.
  clock = createFakeClock({ now: Date.UTC(2026, 10, 20, 13, 27) });
  provider = createOfflineProvider({ clock, timeZone: "Europe/Paris" });
  memory = createMemoryTools({ stateDir: join(root, "state"), clock, log: silentLog });
  registry = createProcessRegistry({ clock: systemClock, cleanupMs: 60_000 });
});
afterEach(async () => {
  memory.close();
  registry.close();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
  rmSync(root, { recursive: true });
});

const file = (path: string) => readFileSync(join(workspace, path), "utf8");
const put = (path: string, text: string) => {
  mkdirSync(join(workspace, path, ".."), { recursive: true });
  writeFileSync(join(workspace, path), text);
};

function tools(): Tool[] {
  const rig = createExecRig({ stateDir: root, workspace, workspaceOnly: true, registry });
  const files = () => rig.places.host.files;
  const egress = createEgress({
    lookup: async () => [{ address: "127.0.0.1", family: 4 }],
    allowPrivate: ({ host }) => host === "site.example",
  });
  const all = [
    createReadTool(files),
    createWriteTool(files),
    createEditTool(files),
    rig.exec,
    ...memory.tools,
    createWebFetchTool({ egress, clock }),
  ];
  return all as unknown as Tool[];
}

/** The real agent loop around the real tools; policy and approvals would sit in `beforeToolCall`. */
function createAgent(
  options: { without?: string[]; beforeToolCall?: () => Promise<{ block: boolean; reason: string } | undefined> } = {},
): Agent {
  const wrapped = tools()
    .filter(({ name }) => !options.without?.includes(name))
    .map((tool): AgentTool => ({
      name: tool.name,
      label: tool.label,
      description: tool.description,
      parameters: tool.parameters,
      async execute(toolCallId, params, signal) {
        const result = await tool.execute(params as Record<string, unknown>, {
          toolCallId,
          agentId: "main",
          sessionKey: "agent:main:main",
          workspace,
          signal: signal ?? new AbortController().signal,
          update: () => {},
          log: silentLog,
        });
        return { content: result.content, details: {} };
      },
    }));
  return new Agent({
    initialState: { systemPrompt: "", model: provider.model, tools: wrapped },
    streamFn: provider.stream,
    beforeToolCall: options.beforeToolCall,
  });
}

const textOf = (message: AssistantMessage) =>
  message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
const assistants = (agent: Agent) =>
  agent.state.messages.filter((message): message is AssistantMessage => message.role === "assistant");

/** Says something and returns the answer, without the introduction of a first answer. */
async function say(agent: Agent, text: string): Promise<string> {
  await agent.prompt(text);
  const last = assistants(agent).at(-1);
  expect(last?.errorMessage).toBeUndefined();
  return (last ? textOf(last) : "").split("\n\n**Offline mode")[0] ?? "";
}

function callsSince(agent: Agent, from: number): string[] {
  return agent.state.messages
    .slice(from)
    .flatMap((message) =>
      message.role === "assistant"
        ? message.content.flatMap((part) => (part.type === "toolCall" ? [part.name] : []))
        : [],
    );
}

describe("memory, from note to oblivion", () => {
  it("writes the day's note, quotes it with its source, and removes it after a yes", async () => {
    const agent = createAgent();
    expect(await say(agent, "remember that the spare key is with Anna")).toBe(
      "Saved to memory/2026-11-20.md:\n> - the spare key is with Anna",
    );
    await say(agent, "note: the dentist is in Hill Road");
    expect(file("memory/2026-11-20.md")).toBe(
      "# 2026-11-20\n\n- the spare key is with Anna\n- the dentist is in Hill Road\n",
    );

    const recalled = await say(agent, "what do I know about the spare key?");
    expect(recalled).toContain("> - the spare key is with Anna");
    expect(recalled).toContain("memory/2026-11-20.md, lines 1–4 (2026-11-20)");
    expect(await say(agent, "what do I know about Mars")).toBe("I found nothing about Mars in your notes.");

    expect(await say(agent, "forget the note about the spare key")).toBe(
      "> - the spare key is with Anna\n— memory/2026-11-20.md\n\nSay yes to remove this line.",
    );
    expect(file("memory/2026-11-20.md")).toContain("spare key");
    expect(await say(agent, "yes please")).toContain("Removed:\n> - the spare key is with Anna");
    expect(file("memory/2026-11-20.md")).toBe("# 2026-11-20\n\n- the dentist is in Hill Road\n");
  });

  it("removes nothing on a no, on another message, or that was not in the question", async () => {
    put("memory/a.md", "- Paul likes tea\n- other\n");
    const agent = createAgent();
    await say(agent, "forget the note about Paul");
    expect(await say(agent, "no")).toBe("All right, I changed nothing.");
    expect(await say(agent, "yes")).toBe("There is nothing waiting for a yes.");
    await say(agent, "forget the note about Paul");
    put("memory/a.md", "- Paul likes tea\n- other\n- Paul lives in Rome\n");
    await say(agent, "yes");
    expect(file("memory/a.md")).toBe("- other\n- Paul lives in Rome\n");
  });

  it("asks before it keeps what was only said", async () => {
    const agent = createAgent();
    expect(await say(agent, "my locker code is 4711")).toContain(
      "Say yes to save “my locker code is 4711” to your notes.",
    );
    expect(existsSync(join(workspace, "memory"))).toBe(false);
    await say(agent, "yes");
    expect(file("memory/2026-11-20.md")).toContain("- my locker code is 4711");
  });

  it("notes a reminder it cannot set, after a yes", async () => {
    const agent = createAgent();
    expect(await say(agent, "remind me to call Paul")).toContain("no scheduler");
    await say(agent, "ok");
    expect(file("memory/2026-11-20.md")).toContain("- call Paul");
  });
});

describe("requests that follow each other", () => {
  it("saves what it found", async () => {
    put("memory/2026-11-01.md", "- Lisbon: hotel in Rua Augusta\n");
    const agent = createAgent();
    const answer = await say(agent, "find my notes about Lisbon and save them to trip.md");
    expect(answer).toContain("> - Lisbon: hotel in Rua Augusta");
    expect(answer).toContain("Saved to trip.md");
    expect(file("trip.md")).toBe("- Lisbon: hotel in Rua Augusta\n(memory/2026-11-01.md, line 1 (2026-11-01))\n");
    expect(callsSince(agent, 0)).toEqual(["memory_search", "read", "write"]);
  });

  it("stops when the first step gives nothing", async () => {
    expect(await say(createAgent(), "find my notes about Mars and save them to mars.md")).toBe(
      "I found nothing about Mars in your notes.\n\nI saved nothing to mars.md, because the step before gave no result.",
    );
    expect(existsSync(join(workspace, "mars.md"))).toBe(false);
  });

  it("runs three steps, and uses the last answer in a later message", async () => {
    const agent = createAgent();
    expect(await say(agent, "calculate 15% of 240, then remember it and then list files")).toMatch(
      /= 36\n\nSaved to memory[^]*\n\nFiles in the workspace:\n```\nmemory\/\n```$/,
    );
    await say(agent, "what is 6*7");
    await say(agent, "save that to result.md");
    expect(file("result.md")).toBe("6*7 = 42\n");
  });
});

describe("files and lists", () => {
  it("does not replace a file unasked", async () => {
    put("plan.md", "old plan\n");
    const agent = createAgent();
    expect(await say(agent, "write new plan to plan.md")).toContain(
      "plan.md exists already (1 line). Say yes to replace it",
    );
    expect(file("plan.md")).toBe("old plan\n");
    await say(agent, "yes");
    expect(file("plan.md")).toBe("new plan\n");
    await say(agent, "append second line to plan.md");
    expect(file("plan.md")).toBe("new plan\nsecond line\n");
  });

  it("does on a yes only what had asked for it", async () => {
    put("plan.md", "old plan\n");
    put("memory/a.md", "- Lisbon in May\n");
    const agent = createAgent();
    expect(await say(agent, "add eggs to my shopping list; write new plan to plan.md")).toContain(
      "Say yes to replace it",
    );
    await say(agent, "yes");
    expect(file("plan.md")).toBe("new plan\n");
    expect(file("lists/shopping.md")).toBe("# Shopping list\n\n- [ ] eggs\n");
    expect(await say(agent, "find my notes about Lisbon and save them to plan.md")).toContain("Say yes to replace it");
    await say(agent, "yes");
    expect(file("plan.md")).toContain("Lisbon in May");
  });

  it("appends to a long file without losing any of it", async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `entry ${index} ${"x".repeat(20)}`).join("\n");
    put("log.txt", `${lines}\n`);
    await say(createAgent(), "append the end to log.txt");
    expect(file("log.txt")).toBe(`${lines}\nthe end\n`);
  });

  it("appends to a file whose lines repeat, with and without the edit tool", async () => {
    put("a.txt", "x\nx\nx\n");
    put("b.txt", "x\nx\n");
    await say(createAgent(), "append y to a.txt");
    await say(createAgent({ without: ["edit"] }), "append y to b.txt");
    expect([file("a.txt"), file("b.txt")]).toEqual(["x\nx\nx\ny\n", "x\nx\ny\n"]);
  });

  it("keeps a to-do list", async () => {
    const agent = createAgent();
    await say(agent, "add buy milk to my todo list");
    await say(agent, "todo: call Paul");
    expect(await say(agent, "what's on my todo list?")).toBe("Your to-do list:\n1. buy milk\n2. call Paul");
    expect(await say(agent, "mark buy milk as done")).toBe("Done: buy milk");
    expect(await say(agent, "show my todos")).toBe("Your to-do list:\n1. call Paul\n(1 done)");
    expect(file("TODO.md")).toBe("# To-do list\n\n- [x] buy milk\n- [ ] call Paul\n");
  });

  it("lists, searches and reads", async () => {
    put("docs/a.md", "The invoice is due.\nNothing.\n");
    const agent = createAgent();
    expect(await say(agent, "list files")).toBe("Files in the workspace:\n```\ndocs/\n```");
    expect(await say(agent, "search for invoice in my files")).toBe(
      "1 line with “invoice”:\n```\ndocs/a.md:1:The invoice is due.\n```",
    );
    expect(await say(agent, "search for zebra in my files")).toBe("No file mentions zebra.");
    expect(await say(agent, "read docs/a.md")).toBe("docs/a.md:\n```\nThe invoice is due.\nNothing.\n```");
    expect(await say(agent, "read docs/b.md")).toBe("There is no file docs/b.md in the workspace.");
  });
});

it("fetches a page and takes an extract of it", async () => {
  const story =
    "The lighthouse guides ships along the coast. A keeper lights the lamp of the lighthouse at dusk. Gulls sleep. Ships on the coast see the lamp. Bread is nice. The keeper of the lighthouse counts ships. Rain falls.";
  server = createServer((_request, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end(`<title>T</title><p>${story}</p>`),
  );
  await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
  const address = server.address();
  const url = `http://site.example:${typeof address === "object" && address ? address.port : 0}/`;
  const agent = createAgent();
  const page = await say(agent, `fetch ${url}`);
  expect(page).toContain("Gulls sleep.");
  expect(page).not.toContain("UNTRUSTED");
  expect(await say(agent, `fetch ${url} and summarise it`)).toMatch(
    /Extract of the text above \(sentences taken from it, nothing rewritten\):\n- .*lighthouse guides ships/,
  );
  expect(await say(agent, "fetch http://127.0.0.1:1/")).toContain(
    "The web_fetch tool reported: 127.0.0.1 is not on the public internet",
  );
});

describe("commands go through the exec tool and its policy", () => {
  it("run, with their output", async () => {
    expect(await say(createAgent(), "run `echo hello; echo there`")).toBe(
      "`echo hello; echo there`:\n```\nhello\nthere\n```",
    );
    expect(await say(createAgent(), "/run exit 3")).toContain("did not succeed:\n```\n");
  });

  it("do not run when policy says no", async () => {
    const agent = createAgent({
      beforeToolCall: async () => ({ block: true, reason: "exec was denied by the owner" }),
    });
    expect(await say(agent, "/run touch marker")).toContain("exec was denied by the owner");
    expect(existsSync(join(workspace, "marker"))).toBe(false);
  });
});

describe("as a provider", () => {
  it("says once in a session what it is", async () => {
    const agent = createAgent();
    await agent.prompt("what is 2+2");
    await agent.prompt("what is 3+3");
    const [first, second] = assistants(agent).map(textOf);
    expect(first).toMatch(
      /^2\+2 = 4\n\n\*\*Offline mode \(no AI model\)\.\*\* No language model is connected: I follow fixed rules/,
    );
    expect(first?.match(/^- /gm)).toHaveLength(4);
    expect(first).toContain("say “connect a model” for the steps");
    expect(second).toBe("3+3 = 6");
    const greeted = createAgent();
    await greeted.prompt("hello");
    expect(textOf(assistants(greeted)[0]!).match(/Offline mode/g)).toHaveLength(1);
  });

  it("streams like any other, at no cost", async () => {
    const messages: Message[] = [{ role: "user", content: "help", timestamp: 0 }];
    const stream = await provider.stream(provider.model, normalizeContext({ messages, tools: [] }), {});
    const events: AssistantMessageEvent[] = [];
    for await (const event of stream) events.push(event);
    const kinds = events.map((event) => event.type);
    expect([kinds[0], kinds[1], kinds.at(-2), kinds.at(-1)]).toEqual(["start", "text_start", "text_end", "done"]);
    const deltas = events.flatMap((event) => (event.type === "text_delta" ? [event.delta] : []));
    const message = await stream.result();
    expect(deltas.length).toBeGreaterThan(5);
    expect(deltas.join("")).toBe(textOf(message));
    expect(message).toMatchObject({
      provider: "offline",
      model: "rules",
      stopReason: "stop",
      usage: { totalTokens: 0, cost: { total: 0 } },
    });
  });

  it("gives the same calls, ids and words for the same transcript", async () => {
    const once = async () => {
      const agent = createAgent();
      await say(agent, "list files and what time is it");
      return agent.state.messages.map((message) => (message.role === "assistant" ? message.content : message.role));
    };
    const first = await once();
    expect(await once()).toEqual(first);
    expect(JSON.stringify(first)).toContain('"id":"rules_');
  });

  it("stops when it is aborted, before or in the middle", async () => {
    const messages: Message[] = [{ role: "user", content: "help", timestamp: 0 }];
    const early = await provider.stream(provider.model, normalizeContext({ messages }), {
      signal: AbortSignal.abort(),
    });
    expect(await early.result()).toMatchObject({ stopReason: "aborted", content: [] });
    const stop = new AbortController();
    const stream = await provider.stream(provider.model, normalizeContext({ messages }), { signal: stop.signal });
    let last: AssistantMessageEvent | undefined;
    for await (const event of stream) {
      if (event.type === "text_delta") stop.abort();
      last = event;
    }
    expect(last).toMatchObject({ type: "error", reason: "aborted" });
    const text = textOf(await stream.result());
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThan(100);
  });

  it("answers a message that arrives while it works, and never one that was stopped", async () => {
    const agent = createAgent();
    let steered = false;
    agent.subscribe((event) => {
      if (event.type !== "tool_execution_start" || steered) return;
      steered = true;
      agent.steer({ role: "user", content: "and what is 2+3?", timestamp: 0 });
    });
    expect(await say(agent, "list files")).toBe("The workspace is empty.\n\n2+3 = 5");

    const messages: Message[] = [
      { role: "user", content: "/run touch stopped", timestamp: 0 },
      { role: "user", content: "what is 1+1", timestamp: 0 },
    ];
    const stream = await provider.stream(provider.model, normalizeContext({ messages }), {});
    expect(textOf(await stream.result())).toMatch(/^1\+1 = 2/);
  });

  it("keeps the day of a turn that crosses midnight", async () => {
    const agent = createAgent();
    agent.subscribe((event) => {
      if (event.type === "tool_execution_start") clock.jump(12 * 3_600_000);
    });
    await say(agent, "remember that the train leaves at nine");
    expect(file("memory/2026-11-20.md")).toContain("the train leaves at nine");
  });
});

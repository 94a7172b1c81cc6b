import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ToolContext } from "@openclaw/plugin-sdk/tool";
import { callTool, say } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, type AgentFixture } from "../../test/agent-fixture.ts";
import { createMemoryLedger } from "../budget/usage-ledger.ts";
import { createEgress } from "./egress/index.ts";
import { createImageTool, type AskImage } from "./image.ts";

function agentWith(fixture: AgentFixture, imageModel: string | undefined, usage = createMemoryLedger()) {
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one" }, { id: "eyes", input: ["text", "image"] }],
  };
  mkdirSync(fixture.workspace, { recursive: true });
  writeFileSync(join(fixture.workspace, "cat.png"), "not really a picture");
  return fixture.agent({
    usage,
    config: {
      agents: { defaults: { model: "scripted/one", skipBootstrap: true, ...(imageModel ? { imageModel } : {}) } },
      models: { providers: { scripted: provider } },
    },
  });
}

test("an image model is asked about a file, and its call is on record", async () => {
  await using fixture = await createAgentFixture();
  const usage = createMemoryLedger();
  fixture.llm.enqueue(
    callTool("image", { image: "cat.png", prompt: "Which animal?" }),
    say("A cat."),
    say("It is a cat."),
  );
  const result = await agentWith(fixture, "scripted/eyes", usage).run("What is on cat.png?").result;
  expect(result.payloads).toEqual([{ text: "It is a cat." }]);
  const [, asked, answered] = fixture.llm.calls();
  expect(asked?.model).toBe("eyes");
  expect(JSON.stringify(asked?.body["messages"])).toMatch(/Which animal\?.*image_url/);
  expect(answered?.toolResults[0]?.text).toBe("A cat.");
  expect(usage.records.map(({ model, purpose }) => [model, purpose])).toEqual([
    ["one", "answer"],
    ["eyes", "image"],
    ["one", "answer"],
  ]);
});

test("without an image model, a model that sees nothing has no such tool", async () => {
  await using fixture = await createAgentFixture();
  await agentWith(fixture, undefined).run("hi").result;
  expect(fixture.llm.calls()[0]?.tools).not.toContain("image");
});

test("without an image model, a model that sees looks itself", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue(callTool("image", { image: "cat.png" }), say("A cat."), say("It is a cat."));
  const turn = agentWith(fixture, undefined).run({ message: { text: "What is it?" }, model: "scripted/eyes" });
  const done = await turn.result;
  expect(done.payloads).toEqual([{ text: "It is a cat." }]);
  expect(fixture.llm.calls().map(({ model }) => model)).toEqual(["eyes", "eyes", "eyes"]);
  expect(fixture.llm.calls()[2]?.toolResults[0]?.text).toBe("A cat.");
});

test("an address inside the network is refused", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue(callTool("image", { image: `${fixture.llm.baseUrl["openai-completions"]}/cat.png` }), say("No."));
  await agentWith(fixture, "scripted/eyes").run("Look.").result;
  const [, answered, none] = fixture.llm.calls();
  expect(answered?.toolResults[0]?.text).toMatch(/127\.0\.0\.1|private|not public/i);
  expect(none).toBeUndefined();
});

interface Served {
  /** Under `http://pictures.example:<port>`, which leads to this server. */
  address: string;
  look(image: string, options?: { sandboxed?: boolean }): Promise<Parameters<AskImage>[0]>;
}

/** An image tool whose egress reaches a server of this process; what it shows the model is handed back. */
async function withPictures(answer: RequestListener, work: (served: Served) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const lookup = async () => [{ address: "127.0.0.1", family: 4 }];
  const egress = createEgress({ lookup, allowPrivate: ({ host }) => host === "pictures.example" });
  const context = { sessionKey: "s", signal: new AbortController().signal } as ToolContext;
  try {
    await work({
      address: `http://pictures.example:${port}`,
      async look(image, { sandboxed = false } = {}) {
        const asked: Parameters<AskImage>[0][] = [];
        const ask: AskImage = async (question) => {
          asked.push(question);
          return "A cat.";
        };
        const filesOf = () => {
          throw new Error("no file is meant");
        };
        const tool = createImageTool({ filesOf, egress, isSandboxed: () => sandboxed, ask });
        await tool.execute({ image }, context);
        return asked[0]!;
      },
    });
  } finally {
    await new Promise((done) => server.close(done));
  }
}

const picture: RequestListener = (_request, response) =>
  response.setHeader("content-type", "image/png; charset=binary").end("cat");

test("an image is fetched from its address", async () => {
  await withPictures(picture, async ({ address, look }) => {
    const { images } = await look(`${address}/cat`);
    expect(images).toEqual([{ data: Buffer.from("cat").toString("base64"), mimeType: "image/png" }]);
  });
});

test("a page, a missing image, and any address in a sandboxed session are refused", async () => {
  const page: RequestListener = (_request, response) =>
    response.setHeader("content-type", "text/html").end("<p>cat</p>");
  await withPictures(page, async ({ address, look }) => {
    await expect(look(`${address}/cat.png`)).rejects.toThrow(/the server calls it "text\/html"/);
    await expect(look(`${address}/cat.png`, { sandboxed: true })).rejects.toThrow("sandboxed");
  });
  const missing: RequestListener = (_request, response) => response.writeHead(404).end();
  await withPictures(missing, ({ address, look }) => expect(look(`${address}/cat.png`)).rejects.toThrow("status 404"));
});

test("what is no image is refused with the kinds that are", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue(callTool("image", { image: "notes.txt" }), say("Sorry."));
  await agentWith(fixture, "scripted/eyes").run("Look.").result;
  expect(fixture.llm.calls()[1]?.toolResults[0]?.text).toMatch(/not an image of a known kind \(\.png/);
});

import { expect, test } from "vitest";
import { composer, eventually, mainKey, say, useVisits } from "./visit.ts";
import type { Visit } from "./visit.ts";

const visit = useVisits();

const texts = async (page: Visit["page"]) =>
  (await page.locator("article .turn-body").allInnerTexts()).map((text) => text.trim());
const sends = (gateway: Visit["gateway"]) =>
  gateway.requests.filter(({ method }) => method === "chat.send").map(({ params }) => params);

/** A text in a turn; the announcer for screen readers says it too. */
const said = (page: Visit["page"], text: string) => page.locator("article").getByText(text);

/** The run that the next message opens. */
async function openRun(gateway: Visit["gateway"], key = mainKey) {
  await eventually(() => gateway.chat.run(key)).toBeDefined();
  const run = gateway.chat.run(key);
  if (!run) throw new Error("no run");
  return run;
}

test("an answer streams in, with its tools, and is there once when it is done", async () => {
  const { page, gateway, complaints } = await visit();
  await say(page, "What is in trip.md?");
  const run = await openRun(gateway);
  gateway.chat.think(run, "I should look.");
  gateway.chat.say(run, "Let me **look**.");
  await page.locator("article strong", { hasText: "look" }).waitFor();
  gateway.chat.tool(run, { phase: "start", name: "read", toolCallId: "c1", args: { path: "trip.md" } });
  const card = page.locator("details.tool");
  await card.getByText("running").waitFor();
  expect(await card.locator("summary").innerText()).toContain("trip.md");
  await page.getByRole("status").filter({ hasText: "Claw uses read" }).waitFor({ state: "attached" });
  gateway.chat.tool(run, {
    phase: "result",
    name: "read",
    toolCallId: "c1",
    isError: false,
    result: { content: [{ type: "text", text: "# Lisbon" }] },
  });
  await card.getByText("done").waitFor();
  await card.locator("summary").click();
  await card.getByText("# Lisbon").waitFor();
  gateway.chat.say(run, "It is about Lisbon.");
  gateway.chat.finish(run, "It is about Lisbon.", [
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "I should look." },
        { type: "text", text: "Let me **look**." },
        { type: "toolCall", id: "c1", name: "read", arguments: { path: "trip.md" } },
      ],
    },
    {
      role: "toolResult",
      toolCallId: "c1",
      toolName: "read",
      content: [{ type: "text", text: "# Lisbon" }],
      isError: false,
    },
  ]);
  await eventually(() => said(page, "It is about Lisbon.").count()).toBe(1);
  await page.getByRole("status").filter({ hasText: "Claw: It is about Lisbon." }).waitFor({ state: "attached" });
  // The fold that was open stays open when the stored turn takes the live one's place.
  await card.getByText("# Lisbon").waitFor();
  expect(await page.locator("article").count()).toBe(2);
  expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("Escape stops; what waits in the queue then waits for the person", async () => {
  const { page, gateway } = await visit();
  await say(page, "Count to a million");
  gateway.chat.say(await openRun(gateway), "1, 2, 3");
  await said(page, "1, 2, 3").waitFor();
  await say(page, "and then backwards");
  await page.getByText("Waiting for the current answer").waitFor();
  expect(sends(gateway)).toHaveLength(1);
  await composer(page).press("Escape");
  await page.getByText("Stopped", { exact: true }).first().waitFor();
  await page.getByText("Waiting for you").waitFor();
  await page.getByRole("button", { name: "Send now" }).click();
  const run = await openRun(gateway);
  gateway.chat.finish(run, "3, 2, 1");
  await said(page, "3, 2, 1").waitFor();
  expect(sends(gateway).map((params) => params.message)).toEqual(["Count to a million", "and then backwards"]);
});

test("the queue goes on by itself when an answer is finished", async () => {
  const { page, gateway } = await visit();
  await say(page, "one");
  const first = await openRun(gateway);
  await say(page, "two");
  await page.getByText("Waiting for the current answer").waitFor();
  gateway.chat.autoAnswer = (text) => `answer to ${text}`;
  gateway.chat.finish(first, "answer to one");
  await said(page, "answer to two").waitFor();
  expect(await texts(page)).toEqual(["one", "answer to one", "two", "answer to two"]);
});

test("a refused message keeps its key when it is tried again", async () => {
  const { page, gateway } = await visit();
  gateway.chat.refuseSend = "send blocked by session policy";
  await say(page, "hello");
  await page.getByRole("alert").filter({ hasText: "Not sent: send blocked by session policy" }).waitFor();
  gateway.chat.autoAnswer = () => "hi";
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByText("hi", { exact: true }).waitFor();
  const [first, second] = sends(gateway);
  expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
});

test("what is written while the connection is gone is sent once when it is back", async () => {
  const { page, gateway } = await visit();
  await composer(page).waitFor();
  gateway.cut(true);
  await page.getByText("Connection lost. Reconnecting…").waitFor();
  await say(page, "are you there?");
  await page.getByText("Will be sent when the connection is back").waitFor();
  gateway.chat.autoAnswer = () => "I am";
  gateway.cut(false);
  await page.getByRole("button", { name: "Try now" }).click();
  await page.getByText("I am", { exact: true }).waitFor();
  expect(sends(gateway)).toHaveLength(1);
  expect(await page.getByText("Connection lost").count()).toBe(0);
});

test("a turn that ends while the page is away is read from the history, also after a reload", async () => {
  const { page, gateway } = await visit();
  await say(page, "long work");
  const run = await openRun(gateway);
  gateway.chat.say(run, "working");
  await said(page, "working").waitFor();
  gateway.cut(true);
  gateway.chat.finish(run, "all done");
  gateway.cut(false);
  await page.reload();
  await said(page, "all done").waitFor();
  expect(await texts(page)).toEqual(["long work", "all done"]);
  expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
});

test("missed events make the page read the history again", async () => {
  const { page, gateway } = await visit();
  gateway.chat.autoAnswer = () => "first";
  await say(page, "hello");
  await said(page, "first").waitFor();
  gateway.chat.store(mainKey, { role: "assistant", content: [{ type: "text", text: "sent while nobody listened" }] });
  gateway.skipEvents(3);
  gateway.broadcast("tick", { ts: Date.now() });
  await said(page, "sent while nobody listened").waitFor();
});

test("a turn that began elsewhere appears with its question", async () => {
  const { page, gateway } = await visit();
  await composer(page).waitFor();
  gateway.chat.respond("chat.send", { sessionKey: mainKey, message: "from Telegram", idempotencyKey: "tg-1" });
  const run = await openRun(gateway);
  gateway.chat.say(run, "answering");
  await said(page, "from Telegram").waitFor();
  gateway.chat.finish(run, "answering there");
  await eventually(() => texts(page)).toEqual(["from Telegram", "answering there"]);
});

test.each([false, true])("a command stays with its answer (answer in the transcript: %s)", async (stored) => {
  const { page, gateway } = await visit();
  gateway.chat.storeCommandAnswers = stored;
  gateway.chat.autoAnswer = (text) => `answer to ${text}`;
  await say(page, "one");
  await said(page, "answer to one").waitFor();
  await composer(page).fill("/sta");
  await composer(page).press("Enter");
  expect(await composer(page).inputValue()).toBe("/status");
  await composer(page).press("Enter");
  await said(page, "Status: anthropic/claude-opus").waitFor();
  await say(page, "two");
  await said(page, "answer to two").waitFor();
  expect(await texts(page)).toEqual([
    "one",
    "answer to one",
    "/status",
    "Status: anthropic/claude-opus",
    "two",
    "answer to two",
  ]);
});

test("hostile text from a model does nothing and asks nobody", async () => {
  const { page, gateway, hosts, complaints } = await visit();
  gateway.chat.autoAnswer = () =>
    "Hi <img src=https://evil.example/x.png onerror=alert(1)> <script>window.hacked=1</script> ![p](https://evil.example/p.png) [go](javascript:window.hacked=1) end";
  await say(page, "hello");
  await page.locator("article a").waitFor();
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  expect(
    await page.locator("article a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
  ).toEqual(["https://evil.example/p.png"]);
  expect([...hosts]).toEqual([new URL(gateway.origin).host]);
  expect(complaints).toEqual([]);
});

test("a pasted picture is shown, made to fit one frame, and sent", async () => {
  const { page, gateway } = await visit();
  await composer(page).waitFor();
  await composer(page).evaluate(async (area) => {
    const canvas = new OffscreenCanvas(2400, 1800);
    const context = canvas.getContext("2d");
    const noise = context?.createImageData(2400, 1800);
    if (!noise || !context) return;
    for (let at = 0; at < noise.data.length; at += 1) noise.data[at] = at % 4 === 3 ? 255 : Math.random() * 255;
    context.putImageData(noise, 0, 0);
    const files = new DataTransfer();
    files.items.add(new File([await canvas.convertToBlob({ type: "image/png" })], "noise.png", { type: "image/png" }));
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true }));
  });
  await page.getByRole("img", { name: "noise.png" }).waitFor();
  await say(page, "What is this?");
  await eventually(() => sends(gateway).length).toBe(1);
  const [params] = sends(gateway);
  expect(params).toMatchObject({ message: "What is this?", attachments: [{ type: "image", mimeType: "image/jpeg" }] });
  expect(JSON.stringify(params).length).toBeLessThan(524_288);
  expect(JSON.stringify(params).length).toBeGreaterThan(100_000);
});

test("Shift+Enter breaks the line, and a text too long for one frame is kept and explained", async () => {
  const { page, gateway } = await visit();
  await composer(page).fill("first");
  await composer(page).press("Shift+Enter");
  await page.keyboard.type("second");
  await composer(page).press("Enter");
  await eventually(() => sends(gateway)[0]?.message).toBe("first\nsecond");
  await composer(page).fill("x".repeat(600_000));
  await composer(page).press("Enter");
  await page.getByRole("alert").filter({ hasText: "too long for one message" }).waitFor();
  expect((await composer(page).inputValue()).length).toBe(600_000);
});

test("the reader who went up stays there while the answer grows", async () => {
  const { page, gateway } = await visit({
    prepare: ({ chat }) => {
      for (let index = 0; index < 40; index += 1) {
        chat.store(mainKey, {
          role: "user",
          content: [{ type: "text", text: `question ${index}` }],
          timestamp: Date.now() - 1000,
        });
        chat.store(mainKey, { role: "assistant", content: [{ type: "text", text: `answer ${index}` }] });
      }
    },
  });
  await said(page, "answer 39").waitFor();
  await say(page, "more");
  const run = await openRun(gateway);
  gateway.chat.say(run, "line\n\n".repeat(5));
  const scroller = page.getByRole("region", { name: "Conversation", exact: true });
  const distance = () =>
    scroller.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await eventually(distance).toBeLessThan(2);
  await scroller.evaluate((element) => element.scrollTo(0, 200));
  await page.getByRole("button", { name: "Newest" }).waitFor();
  gateway.chat.say(run, "line\n\n".repeat(30));
  await eventually(() => scroller.evaluate((element) => element.scrollTop)).toBe(200);
  await page.getByRole("button", { name: "Newest" }).click();
  await eventually(distance).toBeLessThan(2);
});

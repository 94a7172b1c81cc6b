import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startGatewayProcess } from "@openclaw/testkit/gateway-process";
import type { GatewayProcess } from "@openclaw/testkit/gateway-process";
import { callTool, createGate, fail, say as answer, startScriptedLlm } from "@openclaw/testkit/llm";
import type { ScriptedLlm } from "@openclaw/testkit/llm";
import { startTelegramEmulator } from "@openclaw/testkit/telegram";
import type { TelegramEmulator } from "@openclaw/testkit/telegram";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { isRecord } from "../src/wire/narrow.ts";
import { buildPage, launchChromium } from "./browser.ts";
import { composer, eventually, say } from "./visit.ts";

const cli = fileURLToPath(new URL("../../cli/src/bin.ts", import.meta.url));
const command = [process.execPath, "--conditions=@openclaw/source", "--disable-warning=ExperimentalWarning", cli];

let built: Awaited<ReturnType<typeof buildPage>>;
let browser: Browser;
let llm: ScriptedLlm;
let telegram: TelegramEmulator;
let gateway: GatewayProcess;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [built, browser, llm, telegram] = await Promise.all([
    buildPage(),
    launchChromium(),
    startScriptedLlm(),
    startTelegramEmulator(),
  ]);
  gateway = await startGatewayProcess({
    command,
    config: {
      agents: { defaults: { model: { primary: "scripted/scripted" }, skipBootstrap: true } },
      models: {
        providers: {
          scripted: {
            baseUrl: llm.baseUrl["openai-completions"],
            apiKey: "none",
            api: "openai-completions",
            models: [{ id: "scripted", name: "Scripted" }],
          },
        },
      },
      channels: { telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot } },
    },
  });
  await serveBuiltPage();

  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  await page.goto(`http://127.0.0.1:${gateway.port}/#token=${gateway.token}`);
  await composer(page).waitFor();
});

afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await gateway?.dispose();
  await telegram?.close();
  await llm?.close();
  await built?.remove();
});

/** The page as built now, not whatever an earlier build left. */
async function serveBuiltPage(): Promise<void> {
  const file = join(gateway.stateDir, "openclaw.json");
  const config: unknown = JSON.parse(await readFile(file, "utf8"));
  if (!isRecord(config) || !isRecord(config.gateway)) throw new Error("unexpected configuration");
  config.gateway.controlUi = { root: built.dist };
  await gateway.stop();
  await writeFile(file, JSON.stringify(config));
  await gateway.start();
}

const said = (text: string) => page.locator("article").getByText(text);
const turns = async () => (await page.locator("article .turn-body").allInnerTexts()).map((text) => text.trim());

test("an answer of the real agent streams in with its tool calls", async () => {
  const gate = createGate();
  llm.enqueue(callTool("write", { path: "trip.md", content: "Lisbon" }), answer("It is ", gate, "written."));
  await say(page, "Write Lisbon into trip.md");
  const card = page.locator("details.tool", { hasText: "write" });
  await card.getByText("done").waitFor();
  await said("It is").waitFor();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  gate.open();
  await said("It is written.").waitFor();
  await eventually(() => page.getByRole("button", { name: "Stop" }).count()).toBe(0);
  await card.locator("summary").click();
  await card.getByText('"content": "Lisbon"').waitFor();

  await page.reload();
  await said("It is written.").waitFor();
  expect(await page.locator("article").count()).toBe(2);
  expect(page.url()).not.toContain(gateway.token);
});

test("Escape ends a turn, and the next message is answered", async () => {
  const gate = createGate();
  llm.enqueue(answer("This will take ", gate, "for ever."));
  await say(page, "Count to infinity");
  await said("This will take").waitFor();
  await composer(page).press("Escape");
  await said("Stopped").waitFor();
  gate.open();
  llm.enqueue(answer("Yes, still here."));
  await say(page, "Still there?");
  await said("Yes, still here.").waitFor();
  await eventually(turns).toEqual(expect.arrayContaining(["Still there?", "Yes, still here."]));
});

test("a model that refuses is explained in the conversation", async () => {
  llm.enqueue(fail(401, "bad key"));
  await say(page, "hello?");
  await page.locator("article").last().getByText("scripted refused the API key").waitFor();
  expect((await turns()).slice(-2)).toEqual(["hello?", expect.stringContaining("send the message again")]);
});

test("a conversation with a new name keeps it, and health knows the channel", async () => {
  await page.getByRole("button", { name: "New conversation" }).click();
  llm.enqueue(answer("Gladly."));
  await say(page, "Plan the garden");
  await said("Gladly.").waitFor();
  await page.getByRole("button", { name: "Conversation options" }).click();
  await page.getByLabel("Name").fill("Garden");
  await page.getByLabel("Name").press("Enter");
  await page.getByRole("heading", { level: 1, name: "Garden" }).waitFor();

  await page.getByRole("link", { name: "Health" }).click();
  await page.getByRole("heading", { name: "All is well" }).waitFor();
  await page
    .getByText(/^Telegram/)
    .first()
    .waitFor();
  await page.getByText("Receiving: working").waitFor();
  await page.getByText("scripted/scripted").waitFor();
});

test("after the gateway was killed and started again the page goes on by itself", async () => {
  await page.getByRole("link", { name: "Garden" }).click();
  await said("Gladly.").waitFor();
  await gateway.kill();
  await page.getByText("Connection lost. Reconnecting…").waitFor();
  await say(page, "Are you back?");
  await page.getByText("Will be sent when the connection is back").waitFor();
  llm.enqueue(answer("I am back."));
  await gateway.start();
  await said("I am back.").waitFor({ timeout: 30_000 });
  expect(await turns()).toEqual(["Plan the garden", "Gladly.", "Are you back?", "I am back."]);
});

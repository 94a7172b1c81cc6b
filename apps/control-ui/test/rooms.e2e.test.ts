import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { composer, eventually, mainKey, say, useVisits } from "./visit.ts";
import type { FakeGateway } from "./fake-gateway.ts";

const visit = useVisits();
const family = "agent:main:telegram:group:-1";

function fill({ chat }: FakeGateway): void {
  const at = Date.now() - 3_600_000;
  chat.store(family, { role: "user", content: [{ type: "text", text: "Dinner at eight?" }], timestamp: at });
  chat.store(mainKey, { role: "user", content: [{ type: "text", text: "Hello" }], timestamp: at });
  for (const session of chat.sessions.values()) session.updatedAt = at;
  Object.assign(chat.sessions.get(family) ?? {}, { label: "Family", channel: "telegram" });
}

const list = (page: Page) => page.getByRole("complementary").getByRole("region", { name: "Conversations" });

test("conversations are searched, opened, named, and deleted only after a question", async () => {
  const { page, gateway } = await visit({ prepare: fill });
  await list(page).getByRole("link", { name: "Family" }).waitFor();
  await list(page).getByRole("searchbox").fill("dinner");
  expect(await list(page).getByRole("listitem").count()).toBe(1);
  await list(page).getByRole("link", { name: "Family" }).click();
  await page.getByText("Dinner at eight?").waitFor();
  expect(new URL(page.url()).searchParams.get("session")).toBe(family);
  await list(page).getByRole("searchbox").fill("");

  await page.getByRole("button", { name: "Options for Main chat" }).click();
  await page.getByLabel("Name").fill("Family");
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByRole("alert").getByText("label already in use: Family").waitFor();
  await page.getByLabel("Name").fill("Home");
  await page.getByLabel("Name").press("Enter");
  await list(page).getByRole("link", { name: "Home" }).waitFor();

  await page.getByRole("button", { name: "Options for Family" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await eventually(() => list(page).getByRole("link", { name: "Family" }).count()).toBe(0);
  expect(gateway.chat.sessions.has(family)).toBe(false);
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
});

test("a new conversation begins empty and starting over empties one", async () => {
  const { page, gateway } = await visit({ prepare: fill });
  gateway.chat.autoAnswer = () => "hi";
  await list(page).getByRole("button", { name: "New conversation" }).click();
  await page.getByRole("button", { name: "What is 15% of 240?" }).click();
  await page.getByText("hi", { exact: true }).waitFor();
  const [key] = [...gateway.chat.sessions.keys()].slice(-1);
  expect(key).toMatch(/^agent:main:chat-[0-9a-f]{8}$/);
  await page.getByRole("button", { name: "Conversation options" }).click();
  await page.getByRole("button", { name: "Start over…" }).click();
  await page.getByRole("button", { name: "Start over", exact: true }).click();
  await page.getByText("Write below, or try one of these:").waitFor();
});

test("a conversation is marked while something in it is unread", async () => {
  const { page, gateway } = await visit({ prepare: fill });
  const row = list(page).getByRole("listitem").filter({ hasText: "Family" });
  await row.waitFor();
  expect(await row.getByText("new messages").count()).toBe(0);
  gateway.chat.respond("chat.send", { sessionKey: family, message: "Nine is better", idempotencyKey: "x1" });
  await eventually(() => gateway.chat.run(family)).toBeDefined();
  const run = gateway.chat.run(family);
  if (run) gateway.chat.finish(run, "Nine it is");
  await row.getByText("new messages").waitFor({ state: "attached" });
  await row.getByRole("link").click();
  await page.getByText("Nine it is").waitFor();
  await eventually(() => row.getByText("new messages").count()).toBe(0);
});

test("health tells in words that a channel is deaf, and that no model is connected", async () => {
  const { page } = await visit({
    path: null,
    prepare: (gateway) => {
      fill(gateway);
      Object.assign(gateway.chat, { provider: "offline", model: "rules" });
      gateway.channels = {
        channelOrder: ["telegram"],
        channelLabels: { telegram: "Telegram" },
        channelAccounts: {
          telegram: [
            {
              accountId: "default",
              enabled: true,
              configured: true,
              running: true,
              health: { inbound: { state: "down", lastError: "no update for 2 minutes" }, outbound: { state: "up" } },
            },
          ],
        },
      };
    },
  });
  await page.getByText("Offline mode (no AI model)").waitFor();
  await page.getByRole("link", { name: "Health" }).click();
  await page.getByRole("heading", { name: "2 things to look at" }).waitFor();
  expect(await page.title()).toBe("Health · OpenClaw");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
  await page.getByText("Telegram: cannot receive messages.").waitFor();
  await page.getByText("Receiving: no update for 2 minutes").waitFor();
  await page.getByText("Sending: working").waitFor();
  await page.getByText("None (offline rules)").waitFor();
  await page.getByText("2 h 5 min").waitFor();
});

test("on a phone nothing is wider than the screen, and the menu is a dialog that gives focus back", async () => {
  const { page, gateway } = await visit({
    prepare: fill,
    browser: { viewport: { width: 360, height: 740 }, hasTouch: true },
  });
  gateway.chat.autoAnswer = () =>
    `${"unbreakable".repeat(20)}\n\n\`\`\`\n${"code ".repeat(60)}\n\`\`\`\n\n| a | b | c | d | e |\n|-|-|-|-|-|\n| ${"long cell ".repeat(5)} | x | y | ${"wide".repeat(12)} | z |`;
  await say(page, "Wide things, please");
  await page.getByRole("table").waitFor();
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  for (const room of ["Conversations", "Health", "Settings"]) {
    expect(await overflow()).toBe(0);
    await page.getByRole("button", { name: "Open menu" }).click();
    await page.getByRole("dialog").getByRole("link", { name: room, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: room }).waitFor();
  }
  expect(await overflow()).toBe(0);
  await page.getByRole("button", { name: "Open menu" }).click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await eventually(() => page.getByRole("dialog").count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Open menu");
});

test("the keyboard reaches everything in order, beginning with the way to the content", async () => {
  const { page } = await visit({ prepare: fill });
  await page.getByText("Hello").waitFor();
  const stops: string[] = [];
  for (let index = 0; index < 40 && stops.filter((stop) => stop === "Skip to content").length < 2; index += 1) {
    await page.keyboard.press("Tab");
    stops.push(
      await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
      }),
    );
  }
  const order = stops.slice(stops.indexOf("Skip to content"));
  const places = ["New conversation", "Health", "Conversation options", "Conversation", "Add pictures", "Message"];
  expect(order.filter((stop) => places.includes(stop))).toEqual(places);

  await page.getByRole("button", { name: "Skip to content" }).press("Enter");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
});

test.each(["light", "dark"] as const)("colours have enough contrast in the %s theme", async (colorScheme) => {
  const { page } = await visit({ prepare: fill, browser: { colorScheme } });
  await composer(page).waitFor();
  const ratios = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("i"));
    const light = (name: string) => {
      probe.style.color = name.startsWith("#") ? name : `var(${name})`;
      const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map((part) => {
        const value = Number(part) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ratio = (one: string, other: string) => {
      const [a, b] = [light(one), light(other)];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    const pairs: [string, string, number][] = [];
    for (const text of ["--text", "--muted", "--accent", "--bad", "--warning"]) {
      for (const back of ["--bg", "--surface", "--sunken"]) pairs.push([text, back, ratio(text, back)]);
    }
    pairs.push(["#ffffff", "--accent-fill", ratio("#ffffff", "--accent-fill")]);
    pairs.push(["--accent", "--accent-soft", ratio("--accent", "--accent-soft")]);
    pairs.push(["--text", "--accent-soft", ratio("--text", "--accent-soft")]);
    return pairs;
  });
  expect(ratios.filter(([, , ratio]) => ratio < 4.5)).toEqual([]);
});

test("the chosen theme is kept, and every control has a name", async () => {
  const { page } = await visit({ prepare: fill });
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.reload();
  await page.getByRole("heading", { name: "Appearance" }).waitFor();
  expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark");
  for (const room of ["/chat", "/sessions", "/health", "/settings"]) {
    await page.goto(new URL(room, page.url()).href);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const tree = await page.locator("body").ariaSnapshot();
    expect(tree.split("\n").filter((line) => /- (?:button|link|textbox|combobox|radio)(?::|$| \[)/.test(line))).toEqual(
      [],
    );
  }
});

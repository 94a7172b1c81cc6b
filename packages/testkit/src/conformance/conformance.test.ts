import { describe, expect, it } from "vitest";
import { CASES, describeChannel, isAsked } from "./describe-channel.ts";
import { createFakeChannel, type Defect, type FakeConfig } from "./fake-channel.ts";
import { createFakePlatform } from "./fake-platform.ts";
import type { ChannelHarness } from "./harness.ts";

const TOKEN = "fake-secret";

const account = (token: string) => ({ id: "default", enabled: true, configured: true, config: { token } });

function createHarness(defect?: Defect): ChannelHarness<FakeConfig, string> {
  const platform = createFakePlatform(TOKEN);
  return {
    definition: createFakeChannel(platform, defect),
    account: account(TOKEN),
    refusedAccount: account("wrong"),
    secrets: [TOKEN],
    module: { url: new URL("./fake-channel.ts", import.meta.url).href, lazy: ["vitest"] },
    platform,
    close: () => Promise.resolve(),
  };
}

describeChannel({ name: "the fake channel", create: () => Promise.resolve(createHarness()) });

/** The case each defect must fail, and the only one. */
const CAUGHT_BY: Record<Defect, string> = {
  "method-missing": "capabilities-match-methods",
  "account-without-section": "no-section-no-account",
  "any-target": "bad-targets-refused",
  "direct-as-group": "receives-direct",
  "group-as-direct": "receives-group",
  "mention-lost": "receives-mention",
  "thread-lost": "receives-thread",
  "quote-lost": "receives-quote",
  "media-unlimited": "receives-media",
  "acknowledges-early": "acknowledges-after-storing",
  "forgets-failed": "repeats-after-failed-storing",
  "random-keys": "stable-keys",
  "lossy-target": "targets-round-trip",
  "sends-twice": "sends-text",
  "drops-code": "sends-markdown",
  "cuts-long-text": "sends-long-text",
  "chokes-on-markup": "survives-hostile-text",
  "reply-lost": "sends-reply",
  "voice-as-text": "sends-media",
  "edit-adds": "edits",
  "remove-ignored": "removes",
  "reaction-stays": "reacts",
  "typing-says-so": "types",
  "token-unchecked": "refuses-bad-credentials",
  "retries-rate-limit": "surfaces-rate-limit",
  "refusal-as-unknown": "refused-connection-is-not-sent",
  "lost-as-sent": "lost-request-is-no-success",
  "unknown-as-not-sent": "lost-answer-is-unknown",
  "forbidden-as-trouble": "forbidden-chat",
  "ignores-early-abort": "aborted-early-is-not-sent",
  "secret-in-errors": "keeps-secrets",
  anonymous: "healthy-after-open",
  "deaf-but-green": "notices-deafness",
  "never-reconnects": "recovers-from-drops",
  "leaves-connection": "close-frees-connections",
  "sends-after-close": "close-twice",
  "ignores-abort": "abort-closes",
};

/** Cases whose defect is not one of this fake: proved below. */
const ELSEWHERE = new Set(["import-is-quiet", "lost-answer-settles"]);

async function failing(create: () => ChannelHarness<FakeConfig, string>): Promise<string[]> {
  const found: string[] = [];
  for (const known of CASES) {
    // Importing the module costs a process and does not depend on the defect.
    if (known.id === "import-is-quiet") continue;
    const harness = create();
    if (!isAsked(known, harness)) continue;
    try {
      await known.run(harness);
    } catch {
      found.push(known.id);
    }
  }
  return found;
}

describe.concurrent("each defect fails exactly the case that is about it", () => {
  it.for(Object.entries(CAUGHT_BY))("%s: %s", { timeout: 60_000 }, async ([name, id]) => {
    const defect = Object.keys(CAUGHT_BY).find((one): one is Defect => one === name);
    expect(await failing(() => createHarness(defect))).toEqual([id]);
  });

  it("covers every case", () => {
    const covered = new Set([...Object.values(CAUGHT_BY), ...ELSEWHERE]);
    expect(CASES.map((known) => known.id).filter((id) => !covered.has(id))).toEqual([]);
  });

  it.each([
    ["reads the environment", "process.env.HOME", /HOME/],
    ["starts a timer", "setInterval(() => {}, 1e6)", /Timeout/],
    ["opens a socket", "await new Promise((resolve) => (await0).listen(0, '127.0.0.1', resolve))", /TCP/],
  ])("import-is-quiet: a module that %s", async (_, code, shown) => {
    const source = `import { createServer } from "node:net"; const await0 = createServer(); ${code};`;
    const known = CASES.find(({ id }) => id === "import-is-quiet");
    const harness = {
      ...createHarness(),
      module: { url: `data:text/javascript,${encodeURIComponent(source)}`, lazy: [] },
    };
    await expect(known?.run(harness)).rejects.toThrow(shown);
  });

  it("lost-answer-settles: a channel that claims keys but doubles", async () => {
    const known = CASES.find(({ id }) => id === "lost-answer-settles");
    const harness = createHarness();
    harness.definition.capabilities.idempotentSend = true;
    expect(known?.needs?.(harness.definition.capabilities, harness)).toBe(true);
    await expect(known?.run(harness)).rejects.toThrow(/2 !== 1/);
  });
});

const create = () => Promise.resolve(createHarness());

it("takes no waiver for an unknown case or without a reason", () => {
  expect(() => describeChannel({ name: "x", create, waivers: { nonsense: "because of a good reason" } })).toThrow(
    /unknown/,
  );
  expect(() => describeChannel({ name: "x", create, waivers: { types: "" } })).toThrow(/needs a reason/);
});

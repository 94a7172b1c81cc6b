import { beforeAll, describe, expect, test } from "vitest";
import { manifests } from "../corpus/report-of.ts";
import {
  createSecretMatcher,
  type IsSecret,
  REDACTED,
  redactConfig,
  redactRaw,
  restoreSecrets,
  restoreSecretsRaw,
} from "./secrets.ts";
import { toValue } from "../source/node.ts";
import { parseSource } from "../source/parse.ts";

let isSecret: IsSecret;
beforeAll(async () => {
  isSecret = await createSecretMatcher(manifests);
});

const file = `{
  // a is also a letter of other words
  gateway: { auth: { mode: "token", token: "a" }, remote: { password: 'p"w' } },
  channels: { chat: { token: "\${CHAT_TOKEN}", accounts: { x: { token: "acc" } } } },
  models: { providers: { p: { apiKey: "sk-1", headers: { Authorization: "Bearer z", "User-Agent": "ua" },
    models: [{ id: "m", maxTokens: 8192, contextWindow: 200000 }] } } },
  env: { MY_KEY: "v", vars: { N: "w" }, shellEnv: { timeoutMs: 5 } },
  skills: { entries: { s: { apiKey: "k", env: { A: "b" } } } },
  plugins: { entries: { other: { config: { apiToken: "q", region: "eu" } } } },
  hooks: { token: "hk", mappings: [{ id: "one", sessionKey: "hook:x" }] },
  agents: { defaults: { memorySearch: { remote: { apiKey: "mk" } }, compaction: { reserveTokensFloor: 5 } } },
}
`;
const secrets = ['"a"', `'p"w'`, '"acc"', '"sk-1"', '"Bearer z"', '"v"', '"w"', '"k"', '"b"', '"q"', '"hk"', '"mk"'];

test("secrets are hidden, and nothing else of the text changes", () => {
  const redacted = redactRaw(file, isSecret);
  let expected = file;
  for (const secret of secrets)
    expected = expected.replace(
      secret === '"b"' ? 'A: "b"' : secret,
      secret === '"b"' ? `A: "${REDACTED}"` : `"${REDACTED}"`,
    );
  expect(redacted).toBe(expected);
});

test("numbers, session keys and references to variables are no secrets", () => {
  const data = redactConfig(toValue(parseSource(file).root), isSecret) as Record<string, never>;
  expect(JSON.stringify(data)).toContain('"maxTokens":8192');
  expect(JSON.stringify(data)).toContain("${CHAT_TOKEN}");
  expect(JSON.stringify(data)).toContain("hook:x");
  expect(JSON.stringify(data)).toContain('"User-Agent":"ua"');
});

describe("what was hidden comes back", () => {
  test("in texts, as it was written", () => expect(restoreSecretsRaw(redactRaw(file, isSecret), file)).toBe(file));

  test("in data", () => {
    const data = toValue(parseSource(file).root);
    expect(restoreSecrets(redactConfig(data, isSecret), data)).toEqual(data);
  });

  test("list entries are told by their id, wherever they stand now", () => {
    const current = {
      list: [
        { id: "a", token: "1" },
        { id: "b", token: "2" },
      ],
    };
    expect(
      restoreSecrets(
        {
          list: [
            { id: "b", token: REDACTED },
            { id: "a", token: REDACTED },
          ],
        },
        current,
      ),
    ).toEqual({
      list: [
        { id: "b", token: "2" },
        { id: "a", token: "1" },
      ],
    });
    expect(restoreSecretsRaw(`{ list: [{ id: "b", token: "${REDACTED}" }] }`, JSON.stringify(current))).toBe(
      '{ list: [{ id: "b", token: "2" }] }',
    );
  });

  test("but not where none was, so that the mark is never stored", () => {
    expect(() => restoreSecrets({ gateway: { auth: { token: REDACTED } } }, {})).toThrow(
      expect.objectContaining({
        code: "CONFIG_SECRET_UNKNOWN",
        message: expect.stringContaining("gateway.auth.token") as string,
      }),
    );
    expect(() => restoreSecretsRaw(`{ hooks: { token: "${REDACTED}" } }`, "{}")).toThrow(
      expect.objectContaining({ code: "CONFIG_SECRET_UNKNOWN" }),
    );
  });
});

test("a text that is not JSON5 is not shown at all", () => expect(redactRaw('{ token: "x"', isSecret)).toBe(""));

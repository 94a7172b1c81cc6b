import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ConfigManifest, explain, loadConfig, manifestFromData, publishSchema } from "@openclaw/core/config";
import { describe, expect, test } from "vitest";
import { channelManifests } from "./index.ts";

const root = join(import.meta.dirname, "../..");
const fileOf = (id: string) =>
  join(root, id === "telegram" ? "../channel-telegram/openclaw.plugin.json" : `manifests/${id}.json`);

test("all ten channels of the reference have a manifest", () => {
  expect(channelManifests.map(({ id }) => id)).toEqual([
    "whatsapp",
    "telegram",
    "discord",
    "googlechat",
    "slack",
    "mattermost",
    "signal",
    "imessage",
    "bluebubbles",
    "msteams",
  ]);
});

describe.each(channelManifests.map((manifest): [string, ConfigManifest] => [manifest.id, manifest]))(
  "%s",
  (id, manifest) => {
    test("the committed file is what the sources say", async () => {
      expect(JSON.parse(readFileSync(fileOf(id), "utf8"))).toEqual(JSON.parse(JSON.stringify(await manifest.data())));
    });

    test("every key is described, and every secret is marked", async () => {
      const { configSchema, uiHints = {} } = await manifest.data();
      const bare: string[] = [];
      const visit = (schema: typeof configSchema, path: string) => {
        if (path !== "" && !schema.description) bare.push(path);
        for (const [key, child] of Object.entries(schema.properties ?? {})) visit(child, `${path}.${key}`);
        if (typeof schema.additionalProperties === "object") visit(schema.additionalProperties, `${path}.*`);
      };
      visit(configSchema, "");
      expect(bare.filter((path) => !path.endsWith(".*"))).toEqual([]);
      const secrets = Object.keys(configSchema.properties ?? {}).filter((key) => /token$|password$|secret$/i.test(key));
      for (const key of secrets) expect(uiHints[key], key).toMatchObject({ sensitive: true });
    });

    test("the compiled validator agrees with the explanation and with a validator made at run time", async () => {
      const { configSchema } = await manifest.data();
      const compiled = await manifest.validator();
      const late = manifestFromData(await manifest.data());
      for (const section of [
        {},
        { enabled: "yes" },
        { nonsense: 1 },
        { accounts: { a: { enabled: false } } },
        { accounts: { a: { nonsense: 1 } } },
        { historyLimit: -1 },
        { allowFrom: [1, "2", "*"] },
        { dm: { policy: "open" } },
        [],
        null,
      ]) {
        const { issues } = await loadConfig({
          env: {},
          cwd: root,
          stateDir: root,
          configPath: "/config",
          readFile: (path) => readOnly(path, { channels: { [id]: section } }),
          manifests: [late],
        });
        const refused = issues.some((issue) => issue.code !== "combination");
        expect(compiled(section), JSON.stringify(section)).toBe(!refused);
        expect(explain(configSchema, section).length === 0, JSON.stringify(section)).toBe(!refused);
      }
    });
  },
);

function readOnly(path: string, config: unknown): string {
  if (path === "/config") return JSON.stringify(config);
  throw Object.assign(new Error("nothing else is there"), { code: "ENOENT" });
}

test("the published schema knows every channel, with labels and marks for forms", async () => {
  const { schema, uiHints } = await publishSchema(channelManifests, { version: "1.0.0" });
  expect(Object.keys(schema.properties?.channels?.properties ?? {})).toEqual([
    "defaults",
    ...channelManifests.map(({ id }) => id),
    "$include",
  ]);
  expect(uiHints["channels.telegram.botToken"]).toMatchObject({
    label: "Bot token",
    sensitive: true,
    group: "Channels",
  });
  expect(uiHints["gateway.port"]).toMatchObject({
    label: "Port",
    group: "Gateway",
    help: expect.stringContaining("WebSocket") as string,
  });
  expect(uiHints["channels.telegram.dmPolicy"]?.label).toBe("DM policy");
  expect(uiHints["gateway.auth.token"]?.sensitive).toBe(true);
  expect(uiHints["models.providers.*.models.*.maxTokens"]?.sensitive).toBeUndefined();
});

test("the schema file for editors accepts what the loader accepts", async () => {
  const { Ajv } = await import("ajv");
  const published = JSON.parse(
    readFileSync(join(import.meta.dirname, "generated/openclaw.schema.json"), "utf8"),
  ) as Record<string, unknown>;
  const { $schema: _dialect, ...schema } = published;
  const validate = new Ajv({ strict: false }).compile(schema);
  expect(
    validate({
      agents: { $include: "./agents.json5" },
      channels: { telegram: { botToken: "x", groups: { "*": { requireMention: true } } } },
    }),
  ).toBe(true);
  expect(validate({ channels: { telegram: { botTokn: "x" } } })).toBe(false);
});

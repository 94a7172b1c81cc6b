import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

const at = (text: string) => `openclaw.json:1:${text}`;

test.each<[string, string, string[]]>([
  ["a section misspelt", "{ gatway: {} }", [at('3 [unknown-key] gatway | There is no section "gatway". | gateway')]],
  [
    "a key misspelt",
    "{ gateway: { prot: 1 } }",
    [at('14 [unknown-key] gateway.prot | There is no key "prot" in gateway. | port')],
  ],
  [
    "a key in other case",
    "{ gateway: { customBindhost: 'x' } }",
    [at('14 [unknown-key] gateway.customBindhost | There is no key "customBindhost" in gateway. | customBindHost')],
  ],
  ["a key that resembles nothing", "{ zzz: 1 }", [at('3 [unknown-key] zzz | There is no section "zzz".')]],
  [
    "a channel misspelt",
    "{ channels: { chatt: {} } }",
    [
      at(
        '15 [unknown-key] channels.chatt | There is no channel "chatt". Install its plugin first if it has one. | chat',
      ),
    ],
  ],
  [
    "a channel's key misspelt",
    "{ channels: { chat: { tokn: 'x' } } }",
    [at('23 [unknown-key] channels.chat.tokn | There is no key "tokn" in channels.chat. | token')],
  ],
  [
    "an account's key misspelt",
    "{ channels: { chat: { accounts: { a: { tokens: 'x' } } } } }",
    [
      at(
        '40 [unknown-key] channels.chat.accounts.a.tokens | There is no key "tokens" in channels.chat.accounts.a. | token',
      ),
    ],
  ],
  [
    "defaults misspelt is not an agent",
    "{ agents: { defualts: { workspace: '~' } } }",
    [at('13 [unknown-key] agents.defualts | There is no key "defualts" in agents. | defaults')],
  ],
  [
    "an agent's key misspelt",
    "{ agents: { list: [{ id: 'a', modle: 'x' }] } }",
    [at('31 [unknown-key] agents.list[0].modle | There is no key "modle" in agents.list[0]. | model')],
  ],
  [
    "an agent without id",
    "{ agents: { list: [{ name: 'a' }] } }",
    [at('20 [missing-key] agents.list[0] | The key "id" is missing.')],
  ],
  [
    "a binding without channel",
    "{ bindings: [{ agentId: 'main', match: {} }] }",
    [at('40 [missing-key] bindings[0].match | The key "channel" is missing.')],
  ],
  [
    "a binding without anything",
    "{ bindings: [{}] }",
    [
      at('14 [missing-key] bindings[0] | The key "agentId" is missing.'),
      at('14 [missing-key] bindings[0] | The key "match" is missing.'),
    ],
  ],
  [
    "a binding whose peer has no id",
    "{ bindings: [{ agentId: 'main', match: { channel: 'chat', peer: { kind: 'dm' } } }] }",
    [at('65 [missing-key] bindings[0].match.peer | The key "id" is missing.')],
  ],
  [
    "a key in an older spelling misspelt",
    "{ agent: { workspce: '~' } }",
    [at('12 [unknown-key] agents.defaults.workspce | There is no key "workspce" in agents.defaults. | workspace')],
  ],
  [
    "a provider's key misspelt",
    "{ models: { providers: { x: { baseURL: 'http://x' } } } }",
    [at('31 [unknown-key] models.providers.x.baseURL | There is no key "baseURL" in models.providers.x. | baseUrl')],
  ],
  [
    "a plugin's setting outside its schema",
    "{ plugins: { entries: { caller: { config: { provder: 'a' } } } } }",
    [
      at(
        '45 [unknown-key] plugins.entries.caller.config.provder | There is no key "provder" in plugins.entries.caller.config. | provider',
      ),
    ],
  ],
  [
    "a plugin's schema says more than we can explain",
    "{ plugins: { entries: { caller: { config: {} } } } }",
    [at("43 [value] plugins.entries.caller.config | The section does not match its schema.")],
  ],
  [
    "several problems at once",
    "{ gatway: {}, ui: { seamColor: 5 }, logging: { level: 'loud' } }",
    [
      at('3 [unknown-key] gatway | There is no section "gatway". | gateway'),
      at('32 [value] ui.seamColor | Expected text, found 5. | "5"'),
      at(
        '55 [value] logging.level | Expected one of "silent", "fatal", "error", "warn", "info", "debug", "trace", found "loud".',
      ),
    ],
  ],
])("%s", async (_name, text, report) => {
  expect(await reportOf(text)).toEqual(report);
});

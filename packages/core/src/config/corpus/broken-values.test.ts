import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

const at = (text: string) => `openclaw.json:1:${text}`;

test.each<[string, string, string[]]>([
  [
    "a number as text",
    "{ gateway: { port: '18789' } }",
    [at('20 [value] gateway.port | Expected a whole number, found "18789". | 18789')],
  ],
  ["a fraction", "{ gateway: { port: 1.5 } }", [at("20 [value] gateway.port | Expected a whole number, found 1.5.")]],
  [
    "a number too large",
    "{ gateway: { port: 70000 } }",
    [at("20 [value] gateway.port | Must be at most 65535, found 70000.")],
  ],
  ["a number too small", "{ gateway: { port: 0 } }", [at("20 [value] gateway.port | Must be at least 1, found 0.")]],
  [
    "a negative number with a unit",
    "{ gateway: { reload: { debounceMs: -1 } } }",
    [at("36 [value] gateway.reload.debounceMs | Must be at least 0 ms, found -1.")],
  ],
  [
    "infinity",
    "{ cron: { maxConcurrentRuns: Infinity } }",
    [at("30 [value] cron.maxConcurrentRuns | Expected a whole number, found Infinity.")],
  ],
  [
    "not a number",
    "{ agents: { defaults: { mediaMaxMb: NaN } } }",
    [at("37 [value] agents.defaults.mediaMaxMb | Expected a number, found NaN.")],
  ],
  [
    "zero where more is needed",
    "{ agents: { defaults: { mediaMaxMb: 0 } } }",
    [at("37 [value] agents.defaults.mediaMaxMb | Must be more than 0 MB, found 0.")],
  ],
  [
    "a word for true",
    "{ commands: { bash: 'yes' } }",
    [at('21 [value] commands.bash | Expected true or false, found "yes". | true')],
  ],
  [
    "a number for true",
    "{ commands: { bash: 1 } }",
    [at("21 [value] commands.bash | Expected true or false, found 1.")],
  ],
  [
    "a word misspelt",
    "{ gateway: { bind: 'loopbak' } }",
    [
      at(
        '20 [value] gateway.bind | Expected one of "loopback", "lan", "tailnet", "auto", "custom", found "loopbak". | "loopback"',
      ),
    ],
  ],
  [
    "a flag or word that is neither",
    "{ commands: { native: 'maybe' } }",
    [at('23 [value] commands.native | Expected one of true, false, "auto", found "maybe".')],
  ],
  [
    "a text for a list",
    "{ session: { resetTriggers: '/new' } }",
    [at('29 [value] session.resetTriggers | Expected a list, found "/new". | ["/new"]')],
  ],
  [
    "a wrong entry in a list",
    "{ session: { resetTriggers: ['/new', 5] } }",
    [at('38 [value] session.resetTriggers[1] | Expected text, found 5. | "5"')],
  ],
  ["a list for a section", "{ gateway: [] }", [at("12 [value] gateway | Expected a section { ... }, found a list.")]],
  ["null", "{ gateway: null }", [at("12 [value] gateway | Expected a section { ... }, found null.")]],
  [
    "neither model nor section",
    "{ agents: { defaults: { model: 5 } } }",
    [at("32 [value] agents.defaults.model | Expected text or a section { ... }, found 5.")],
  ],
  [
    "a wrong key in a model section",
    "{ agents: { defaults: { model: { primry: 'x' } } } }",
    [
      at(
        '34 [unknown-key] agents.defaults.model.primry | There is no key "primry" in agents.defaults.model. | primary',
      ),
    ],
  ],
  [
    "a duration without sense",
    "{ agents: { defaults: { heartbeat: { every: 'soon' } } } }",
    [at('45 [value] agents.defaults.heartbeat.every | Expected a duration such as 30m, 1h or 500ms, found "soon".')],
  ],
  [
    "an hour that does not exist",
    "{ session: { reset: { atHour: 24 } } }",
    [at("31 [value] session.reset.atHour | Must be at most 23 h, found 24.")],
  ],
  [
    "a time that does not exist",
    "{ agents: { defaults: { heartbeat: { activeHours: { start: '25:00' } } } } }",
    [at('60 [value] agents.defaults.heartbeat.activeHours.start | Expected a time such as 08:30, found "25:00".')],
  ],
  [
    "a colour that is none",
    "{ ui: { seamColor: 'red' } }",
    [at('20 [value] ui.seamColor | Expected a colour such as #FF4500, found "red".')],
  ],
  ["an empty id", "{ agents: { list: [{ id: '' }] } }", [at("26 [value] agents.list[0].id | Must not be empty.")]],
  [
    "an id too long",
    `{ agents: { list: [{ id: '${"x".repeat(65)}' }] } }`,
    [at("26 [value] agents.list[0].id | Must have at most 64 characters.")],
  ],
  [
    "a secret of the wrong type is not shown",
    "{ gateway: { auth: { token: ['s3cret'] } } }",
    [at("29 [value] gateway.auth.token | Expected text, found a list.")],
  ],
  [
    "a hook path of /",
    "{ hooks: { path: '/' } }",
    [at('18 [value] hooks.path | Expected a path other than /, found "/".')],
  ],
  [
    "a binding of an unknown kind",
    "{ bindings: [{ agentId: 'main', match: { channel: 'chat', peer: { kind: 'room', id: '1' } } }] }",
    [at('73 [value] bindings[0].match.peer.kind | Expected one of "dm", "group", "channel", found "room".')],
  ],
  ["a variable that is no text", "{ env: { PORT: 5 } }", [at("16 [value] env.PORT | Expected text, found 5.")]],
  [
    "a channel that is no section",
    "{ channels: { chat: true } }",
    [at("21 [value] channels.chat | Expected a section { ... }, found true.")],
  ],
  [
    "a channel's number too small",
    "{ channels: { chat: { retry: { attempts: 0 } } } }",
    [at("42 [value] channels.chat.retry.attempts | Must be at least 1, found 0.")],
  ],
])("%s", async (_name, text, report) => {
  expect(await reportOf(text)).toEqual(report);
});

test.each<[string, string, string[]]>([
  [
    "open without *",
    "{ channels: { chat: { dmPolicy: 'open', allowFrom: ['1'] } } }",
    [
      at(
        '33 [combination] channels.chat.dmPolicy | The policy "open" lets everybody write, so allowFrom must contain "*".',
      ),
    ],
  ],
  [
    "an open account",
    "{ channels: { chat: { accounts: { a: { dmPolicy: 'open' } } } } }",
    [
      at(
        '50 [combination] channels.chat.accounts.a.dmPolicy | The policy "open" lets everybody write, so allowFrom must contain "*".',
      ),
    ],
  ],
  [
    "two agents of one id",
    "{ agents: { list: [{ id: 'a' }, { id: 'A' }] } }",
    [at('39 [combination] agents.list[1].id | The agent id "a" is used twice; it is also agents.list[0].')],
  ],
  [
    "a custom bind without address",
    "{ gateway: { bind: 'custom' } }",
    [at("20 [combination] gateway.bind | bind custom needs gateway.customBindHost.")],
  ],
  [
    "Tailscale beside another bind",
    "{ gateway: { bind: 'lan', tailscale: { mode: 'serve' } } }",
    [at('20 [combination] gateway.bind | tailscale.mode serve needs bind loopback. | "loopback"')],
  ],
  [
    "a remote address that is no WebSocket",
    "{ gateway: { remote: { url: 'http://x' } } }",
    [at("29 [combination] gateway.remote.url | The address must begin with ws:// or wss://.")],
  ],
  [
    "webhooks without token",
    "{ hooks: { enabled: true } }",
    [at("21 [combination] hooks.enabled | Webhooks need hooks.token.")],
  ],
])("keys that do not go together: %s", async (_name, text, report) => {
  expect(await reportOf(text)).toEqual(report);
});

// Who may import whom: docs/architecture.md as data. There is no list of exceptions, and there will be none.

/** Workspace packages that a room may name, apart from itself. `testkit` is handled apart: tests only, anywhere. */
export const allowed = {
  "packages/core": [],
  "packages/protocol": [],
  "packages/plugin-sdk": ["@openclaw/core"],
  "packages/agent": ["@openclaw/core", "@openclaw/plugin-sdk"],
  "packages/gateway": ["@openclaw/core", "@openclaw/plugin-sdk", "@openclaw/protocol", "@openclaw/agent"],
  "packages/testkit": ["@openclaw/core", "@openclaw/plugin-sdk"],
  "packages/channel-": ["@openclaw/plugin-sdk"],
  "extensions/": ["@openclaw/plugin-sdk"],
  "apps/cli": ["@openclaw/core", "@openclaw/protocol", "@openclaw/gateway"],
  "apps/control-ui": ["@openclaw/protocol"],
};

/** Rooms that also run in a browser. */
export const browserRooms = ["packages/protocol", "apps/control-ui"];

/** The one generated file that names channel packages, each behind a lazy loader. */
export const channelCatalog = "packages/gateway/src/channels/generated/catalog.ts";

export const isTest = (file) => /\.test\.tsx?$|\/(test|fixtures)\/|\.config\.ts$/.test(file);

/** One file's imports against the rules. Pure: `imports` are `{ specifier, dynamic }`. */
export function violations({ room, file, imports }) {
  const found = [];
  const test = isTest(file);
  const rule = Object.keys(allowed).find(
    (prefix) => room === prefix || (/[-/]$/.test(prefix) && room.startsWith(prefix)),
  );
  if (!rule)
    return [`${file}: no import rule for room ${room}; add it to scripts/import-rules.mjs and docs/architecture.md`];
  for (const { specifier } of imports) {
    if (specifier.startsWith("node:") && browserRooms.includes(room) && !test && !file.includes("/scripts/")) {
      found.push(`${file}: ${specifier} in a room that also runs in browsers`);
    }
    const name = /^(@openclaw\/[^/]+|openclaw)(\/|$)/.exec(specifier)?.[1];
    if (!name) continue;
    if (/\/(src|dist)(\/|$)/.test(specifier))
      found.push(`${file}: deep import ${specifier}; import the package or its public subpath`);
    if (name === "openclaw" || name === "@openclaw/control-ui") {
      found.push(`${file}: ${specifier} is an app; nothing imports apps`);
    } else if (name === "@openclaw/testkit") {
      if (!test && room !== "packages/testkit") found.push(`${file}: @openclaw/testkit outside a test`);
    } else if (name.startsWith("@openclaw/channel-")) {
      const self = `packages/${name.slice("@openclaw/".length)}` === room;
      if (!self && file !== channelCatalog && !test)
        found.push(`${file}: ${specifier}; channels are reached through the catalog`);
    } else if (!allowed[rule].includes(name) && `packages/${name.slice("@openclaw/".length)}` !== room) {
      found.push(`${file}: ${room} may not import ${name}`);
    }
  }
  return found;
}

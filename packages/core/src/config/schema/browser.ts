import { choice, flag, int, map, path, port, section, strings, text } from "./dsl.ts";

const color = (description: string, value?: string) =>
  text(description, {
    pattern: "^#?[0-9A-Fa-f]{6}$",
    expected: "a colour such as #FF4500",
    ...(value && { default: value }),
  });

export const browser = section("The browser that agents drive.", {
  enabled: flag("Offer it.", { default: true }),
  evaluateEnabled: flag("Allow running JavaScript in pages.", { default: true }),
  cdpUrl: text("DevTools address of a single browser; profiles with only a cdpPort take scheme and host from it.", {
    placeholder: "http://127.0.0.1:18792",
  }),
  controlUrl: text("Address of the control service. Default: derived from gateway.port.", { advanced: true }),
  defaultProfile: text("Profile used when none is named.", { default: "chrome" }),
  profiles: map(
    "Profiles by name.",
    section("One profile.", {
      cdpPort: port("DevTools port on this machine."),
      cdpUrl: text("DevTools address elsewhere; attach only."),
      driver: choice(["openclaw", "extension"], "Own browser, or a tab lent by the extension."),
      color: color("Accent colour."),
    }),
    { key: "profile" },
  ),
  color: color("Accent colour.", "#FF4500"),
  headless: flag("Without a display.", { default: false }),
  noSandbox: flag("Start Chromium without its own sandbox.", { default: false, advanced: true }),
  executablePath: path(
    "Browser to start. Default: the system's if it is Chromium, then Chrome, Brave, Edge, Chromium, Chrome Canary.",
  ),
  attachOnly: flag("Never start a browser, only attach.", { default: false, advanced: true }),
  remoteCdpTimeoutMs: int("Longest wait for a remote browser.", {
    default: 1500,
    minimum: 1,
    unit: "ms",
    advanced: true,
  }),
  remoteCdpHandshakeTimeoutMs: int("Longest wait for its WebSocket.", {
    default: 3000,
    minimum: 1,
    unit: "ms",
    advanced: true,
  }),
  snapshotDefaults: section(
    "Page snapshots.",
    { mode: choice(["efficient"], "Smaller snapshots.") },
    { advanced: true },
  ),
  extraArgs: strings("Further Chromium arguments.", { advanced: true }),
});

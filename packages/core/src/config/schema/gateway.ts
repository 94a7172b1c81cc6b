import { Type } from "typebox";
import { choice, flag, int, list, path, port, section, secret, strings, text } from "./dsl.ts";

const tls = (description: string) =>
  section(description, {
    enabled: flag("Serve TLS.", { default: false }),
    autoGenerate: flag("Make a self-signed certificate when none exists.", { default: true }),
    certPath: path("PEM certificate."),
    keyPath: path("PEM private key."),
    caPath: path("PEM certificate authority."),
  });

export const gateway = section("The gateway server: address, authentication, reload.", {
  mode: choice(
    ["local", "remote"],
    "Whether this machine runs the gateway or talks to one elsewhere. Unset: the gateway does not start by itself.",
  ),
  port: port("The one port for WebSocket and HTTP. --port and OPENCLAW_GATEWAY_PORT come first.", { default: 18789 }),
  bind: choice(
    ["loopback", "lan", "tailnet", "auto", "custom"],
    "Interfaces to listen on. Anything but loopback needs a token or password.",
    { default: "loopback" },
  ),
  customBindHost: text("Address to listen on when bind is custom.", { placeholder: "192.168.1.10" }),
  auth: section("Who may connect.", {
    mode: choice(["token", "password"], "The one accepted credential. Unset: token."),
    token: secret("Shared token."),
    password: secret("Shared password; better kept in OPENCLAW_GATEWAY_PASSWORD."),
    allowTailscale: flag(
      "Accept Tailscale Serve identity headers. Default: true with tailscale.mode serve unless mode is password.",
    ),
  }),
  controlUi: section("The web interface.", {
    enabled: flag("Serve the Control UI.", { default: true }),
    basePath: text("URL prefix it is served under.", { placeholder: "/openclaw" }),
    root: path("Directory with a built Control UI to serve instead of the packaged one.", { advanced: true }),
    allowedOrigins: strings("Further browser origins that may connect."),
    allowInsecureAuth: flag(
      "Accept the token alone when the browser cannot prove a device identity, as over plain HTTP.",
      { default: false },
    ),
    dangerouslyDisableDeviceAuth: flag("Never ask browsers for a device identity. Last resort.", {
      default: false,
      advanced: true,
    }),
  }),
  tailscale: section("Publish the gateway with Tailscale.", {
    mode: choice(["off", "serve", "funnel"], "Inside the tailnet (serve) or public (funnel).", { default: "off" }),
    resetOnExit: flag("Undo the Serve or Funnel configuration on exit.", { default: false }),
  }),
  remote: section("The gateway that this machine's commands talk to when mode is remote.", {
    url: text("WebSocket address; ws://host means port 18789.", { placeholder: "wss://gateway.example.ts.net" }),
    transport: choice(["ssh", "direct"], "How the macOS app reaches it; direct needs a ws:// or wss:// url.", {
      default: "ssh",
    }),
    token: secret("Token for remote calls. Does not authenticate anybody at the local gateway."),
    password: secret("Password for remote calls."),
    sshTarget: text("user@host for the tunnel."),
    sshIdentity: path("Private key for the tunnel."),
    tlsFingerprint: text("SHA-256 of the certificate to trust."),
  }),
  reload: section("What happens when the configuration file changes.", {
    mode: choice(
      ["hybrid", "hot", "restart", "off"],
      "hybrid applies what it can and restarts for the rest; hot never restarts; restart always does; off ignores changes.",
      { default: "hybrid" },
    ),
    debounceMs: int("Quiet time after a change before it is read.", { default: 300, minimum: 0, unit: "ms" }),
  }),
  trustedProxies: list("Addresses of reverse proxies whose x-forwarded-for is believed.", Type.String()),
  http: section("HTTP endpoints beside the Control UI.", {
    endpoints: section("Switches.", {
      chatCompletions: section("POST /v1/chat/completions.", { enabled: flag("Serve it.", { default: false }) }),
      responses: section("POST /v1/responses.", { enabled: flag("Serve it.", { default: false }) }),
    }),
  }),
  tls: tls("TLS on the gateway's own port."),
  nodes: section(
    "Devices that offer commands.",
    {
      allowCommands: strings("Node commands allowed beyond the defaults."),
      denyCommands: strings("Node commands refused."),
      browser: section("Use a node's browser.", {
        mode: choice(["auto", "manual", "off"], "Pick a node by itself, the named one, or none.", { default: "auto" }),
        node: text("Node id or name."),
      }),
    },
    { advanced: true },
  ),
});

export { tls as tlsSection };

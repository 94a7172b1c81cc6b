import { choice, flag, port, section } from "./dsl.ts";
import { tlsSection } from "./gateway.ts";

export const bridge = section(
  "Former TCP bridge. Read and ignored: nodes use the gateway's port.",
  {
    enabled: flag("Ignored."),
    port: port("Ignored."),
    bind: choice(["auto", "lan", "tailnet", "loopback"], "Ignored."),
    tls: tlsSection("Ignored."),
  },
  { advanced: true },
);

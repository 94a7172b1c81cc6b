import { choice, flag, section, text } from "./dsl.ts";

export const discovery = section("How other devices find the gateway.", {
  mdns: section("Bonjour on the local network.", {
    mode: choice(["minimal", "full", "off"], "full adds the paths and ports that only trusted networks should see.", {
      default: "minimal",
    }),
  }),
  wideArea: section("Unicast DNS-SD.", {
    enabled: flag("Write a zone under dns in the state directory.", { default: false }),
    domain: text("Domain of the zone.", { placeholder: "openclaw.internal." }),
  }),
});

import { Type } from "typebox";
import { choice, list, map, needed, num, section, text } from "./dsl.ts";

export const auth = section("Which credentials serve which provider, in which order. Holds no secrets.", {
  profiles: map(
    "Metadata of credential profiles kept in auth-profiles.json.",
    section("One profile.", {
      provider: needed(text("Provider id, e.g. anthropic.")),
      mode: needed(choice(["api_key", "oauth", "token"], "Kind of credential.")),
      email: text("Account the credential belongs to, for display."),
    }),
    { key: "provider:name" },
  ),
  order: map(
    "Order in which a provider's profiles are tried.",
    list("Profile ids, first tried first.", Type.String()),
    { key: "provider" },
  ),
  cooldowns: section(
    "How long a failing profile rests.",
    {
      billingBackoffHours: num("First rest after a billing failure.", { default: 5, minimum: 0, unit: "h" }),
      billingBackoffHoursByProvider: map("The same for single providers.", num("Hours.", { minimum: 0, unit: "h" }), {
        key: "provider",
      }),
      billingMaxHours: num("Longest rest after repeated billing failures.", { default: 24, minimum: 0, unit: "h" }),
      failureWindowHours: num("Failures older than this are forgotten.", { default: 24, minimum: 0, unit: "h" }),
    },
    { advanced: true },
  ),
});

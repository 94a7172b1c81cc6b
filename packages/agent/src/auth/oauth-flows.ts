import type { AuthInteraction, OAuthAuth } from "@earendil-works/pi-ai";
import { OpenClawError } from "@openclaw/core";
import { normalizeProvider } from "../models/reference.ts";

/** How a provider signs people in and renews what that gave: pi's own flows. */
export type OAuthFlow = Pick<OAuthAuth, "login" | "refresh" | "toAuth">;

/** What a sign-in asks of, and tells, the person: see pi's `AuthInteraction`. */
export type LoginInteraction = AuthInteraction;

export type OAuthFlows = Readonly<Record<string, () => Promise<OAuthFlow | undefined>>>;

/** Loaded when somebody signs in, or when a sign-in is used. */
export const OAUTH_FLOWS: OAuthFlows = {
  anthropic: async () => (await import("@earendil-works/pi-ai/providers/anthropic")).anthropicProvider().auth.oauth,
  "openai-codex": async () =>
    (await import("@earendil-works/pi-ai/providers/openai-codex")).openaiCodexProvider().auth.oauth,
  "github-copilot": async () =>
    (await import("@earendil-works/pi-ai/providers/github-copilot")).githubCopilotProvider().auth.oauth,
  openrouter: async () => (await import("@earendil-works/pi-ai/providers/openrouter")).openrouterProvider().auth.oauth,
  xai: async () => (await import("@earendil-works/pi-ai/providers/xai")).xaiProvider().auth.oauth,
};

/** Throws `AUTH_LOGIN_UNSUPPORTED` for a provider that has no sign-in. */
export async function loadFlow(provider: string, flows: OAuthFlows): Promise<OAuthFlow> {
  const flow = await flows[normalizeProvider(provider)]?.();
  if (flow) return flow;
  throw new OpenClawError({
    code: "AUTH_LOGIN_UNSUPPORTED",
    message: `There is no sign-in for ${provider}.`,
    hint: `Sign-in works for ${Object.keys(flows).join(", ")}. Others take a key: openclaw models auth add --provider ${provider}.`,
  });
}

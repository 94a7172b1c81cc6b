import type { Api, Model, SimpleStreamOptions } from "@earendil-works/pi-ai";
import type { RequestCredential } from "../auth/credentials.ts";

export interface RequestOptionsInput {
  model: Model<Api>;
  credential: RequestCredential;
  /** `models.providers.<id>.authHeader`. */
  authHeader?: boolean;
  /** `agents.defaults.models[<ref>].params`. */
  params: Readonly<Record<string, unknown>>;
  env: Readonly<Record<string, string | undefined>>;
}

/** What a request to this model always carries: how it is signed, and the parameters set for the model. */
export function requestOptions(input: RequestOptionsInput): SimpleStreamOptions {
  const { model, credential, authHeader, params } = input;
  const auth = signature(model.api, credential, authHeader);
  const headers = { ...auth.headers, ...credential.headers };
  return {
    ...auth,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...parameters(model.api, params),
    // The provider's web socket cannot be observed, refused or bounded as a request can.
    ...(model.api === "openai-codex-responses" ? { transport: "sse" as const } : {}),
    ...(model.api === "bedrock-converse-stream" ? { env: awsVariables(input.env) } : {}),
  };
}

function signature(api: string, { key }: RequestCredential, authHeader: boolean | undefined): SimpleStreamOptions {
  if (key) return { apiKey: key, ...(authHeader ? { headers: { Authorization: `Bearer ${key}` } } : {}) };
  // The AWS SDK signs by itself.
  if (api === "bedrock-converse-stream") return {};
  // A keyless server gets no Authorization header at all; pi's adapters insist on some key.
  return { apiKey: "none", headers: { Authorization: null, "x-api-key": null } };
}

/** `temperature` and `maxTokens` have their own places; anything else goes into the request as it is. */
function parameters(api: string, params: Readonly<Record<string, unknown>>): SimpleStreamOptions {
  const { temperature, maxTokens, ...rest } = params;
  return {
    ...(typeof temperature === "number" ? { temperature } : {}),
    ...(typeof maxTokens === "number" ? { maxTokens } : {}),
    ...(Object.keys(rest).length > 0 ? { onPayload: (payload: unknown) => withParameters(api, payload, rest) } : {}),
  };
}

/** Where a wire keeps its parameters. */
const PLACES: Readonly<Record<string, string>> = {
  "google-generative-ai": "config",
  "bedrock-converse-stream": "additionalModelRequestFields",
};

function withParameters(api: string, payload: unknown, params: Readonly<Record<string, unknown>>): unknown {
  if (typeof payload !== "object" || payload === null) return payload;
  const body = payload as Record<string, unknown>;
  const place = PLACES[api];
  return place ? { ...body, [place]: { ...(body[place] as object | undefined), ...params } } : { ...body, ...params };
}

function awsVariables(env: RequestOptionsInput["env"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (name.startsWith("AWS_") && value ? [[name, value]] : [])),
  );
}

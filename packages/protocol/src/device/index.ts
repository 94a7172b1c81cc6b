export * from "./base64url.ts";
export * from "./device-key.ts";
export * from "./signature-payload.ts";

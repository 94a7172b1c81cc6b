/** Placeholder until the schema's static type stands here. */
export type OpenClawConfig = Record<string, unknown>;

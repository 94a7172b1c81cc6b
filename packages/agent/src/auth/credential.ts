import { createHash } from "node:crypto";

/** A key that is sent as it is. */
export interface ApiKeyCredential {
  type: "api_key";
  provider: string;
  key?: string;
  email?: string;
  metadata?: Record<string, unknown>;
}

/** A long-lived token, e.g. of `claude setup-token`. Nobody renews it. */
export interface TokenCredential {
  type: "token";
  provider: string;
  token?: string;
  /** Epoch ms. Absent or 0: it does not expire. */
  expires?: number;
  email?: string;
}

/** What a sign-in in the browser gave. Renewed with `refresh` before `access` expires. */
export interface OAuthCredential {
  type: "oauth";
  provider: string;
  access?: string;
  refresh?: string;
  /** Epoch ms. */
  expires?: number;
  email?: string;
  accountId?: string;
  projectId?: string;
  enterpriseUrl?: string;
  [other: string]: unknown;
}

/** One entry of `auth-profiles.json`. */
export type Credential = ApiKeyCredential | TokenCredential | OAuthCredential;

/** Best first, when nothing else orders profiles: a subscription before tokens before metered keys. */
export const CREDENTIAL_TYPES = ["oauth", "token", "api_key"] as const;

export function isCredential(value: unknown): value is Credential {
  if (typeof value !== "object" || value === null) return false;
  const { type, provider } = value as Record<string, unknown>;
  return typeof provider === "string" && provider !== "" && CREDENTIAL_TYPES.some((known) => known === type);
}

/** What a request is signed with. Undefined: the credential is empty, or has expired and cannot be renewed. */
export function secretOf(credential: Credential, now: number): string | undefined {
  if (credential.type === "api_key") return credential.key?.trim() || undefined;
  const expired = Boolean(credential.expires && credential.expires <= now);
  if (credential.type === "token") return expired ? undefined : credential.token?.trim() || undefined;
  if (credential.refresh) return credential.access || credential.refresh;
  return expired ? undefined : credential.access || undefined;
}

/** Tells a replaced secret from the one that failed, without giving either away. An OAuth login is itself, however renewed. */
export function secretTag(credential: Credential): string {
  const secret =
    credential.type === "api_key"
      ? credential.key
      : credential.type === "token"
        ? credential.token
        : (credential.accountId ?? credential.email ?? "oauth");
  return createHash("sha256")
    .update(secret ?? "")
    .digest("hex")
    .slice(0, 8);
}

/** A profile id for people: an address in it keeps its first letter and its domain. */
export function shownProfile(id: string): string {
  return id.replace(/([^:@])[^:@]*@/, "$1…@");
}

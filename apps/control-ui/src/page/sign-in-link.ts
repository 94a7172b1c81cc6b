/** Query and fragment names that could carry a secret or an endpoint; none may stay in the address bar. */
const sensitive = ["token", "password", "gatewayUrl", "gatewayurl", "gateway", "url"];

export interface SignInLink {
  /** Token of a dashboard link, `#token=…`. A query parameter of that name is ignored: servers log queries. */
  token?: string;
  /** The address without secrets, path first. Absent when nothing has to be removed. */
  cleaned?: string;
}

/** Takes the token out of a dashboard link and says what the address bar should show instead. */
export function readSignInLink(location: { pathname: string; search: string; hash: string }): SignInLink {
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.replace(/^#/, ""));
  const token = fragment.get("token")?.trim() || undefined;

  let changed = false;
  for (const parameters of [query, fragment]) {
    for (const name of sensitive) {
      if (!parameters.has(name)) continue;
      parameters.delete(name);
      changed = true;
    }
  }
  if (!changed) return { token };
  const search = query.size > 0 ? `?${query}` : "";
  const hash = fragment.size > 0 ? `#${fragment}` : "";
  return { token, cleaned: `${location.pathname}${search}${hash}` };
}

/** Why a sign-in failed, in words for the person in front of the page. */
export interface Refusal {
  title: string;
  /** What happened. */
  detail: string;
  /** What to do next. */
  next: string;
  /** Command to type on the gateway's machine. */
  command?: string;
  /** The stored token is of no use any more. */
  /** What the gateway asks for, when it said so. */
  expects?: "token" | "password";
  /** What was stored and is of no use any more. */
  forget?: "token" | "key";
  /** `ask`: nothing went wrong, there is just nothing to sign in with. `approval`: settles itself once approved. */
  kind: "ask" | "approval" | "refused";
}

/** A failed handshake: the error answer when there was one, and the close frame. */
export interface HandshakeFailure {
  code?: string;
  message: string;
  requestId?: string;
}

/** The page came over plain HTTP from another machine: browsers give such pages no keys, and all would travel readable. */
export const insecurePage: Refusal = {
  kind: "refused",
  title: "This address is not secure enough",
  detail:
    "The page came unencrypted from another machine. Browsers give such pages no keys, and others could read along.",
  next: "Open the dashboard over HTTPS (for example Tailscale Serve), or forward the port and open http://localhost:18789.",
  command: "ssh -N -L 18789:127.0.0.1:18789 user@gateway-host",
};

/** Every refusal of the handshake with its next step. The first rule that matches speaks. */
export function explainRefusal(failure: HandshakeFailure): Refusal {
  const text = failure.message.toLowerCase();
  const expects = text.includes("gateway password") ? "password" : text.includes("gateway token") ? "token" : undefined;
  if (text.includes("not configured")) {
    return {
      kind: "refused",
      title: "The gateway has nothing to check against",
      detail: `It is set to ask for a ${expects ?? "secret"}, but has none.`,
      next: "Set it on the gateway's machine and restart the gateway.",
      command: `openclaw config set gateway.auth.${expects ?? "token"} …`,
    };
  }
  if (text.includes("pairing required")) {
    return {
      kind: "approval",
      title: "This browser has to be approved",
      detail: "The gateway does not know this browser yet, and it is not on the gateway's own machine.",
      next: "Approve the request on the gateway's machine. This page goes on by itself within a few seconds.",
      command: failure.requestId ? `openclaw devices approve ${failure.requestId}` : "openclaw devices list",
    };
  }
  if (text.includes("secure context") || text.includes("device identity required")) return insecurePage;
  if (text.includes("origin not allowed")) {
    return {
      kind: "refused",
      title: "The gateway does not accept this address",
      detail: "The page was opened under a host name that the gateway has not been told about.",
      next: "Open it at the address that `openclaw dashboard` prints, or add this origin to gateway.controlUi.allowedOrigins.",
      command: "openclaw dashboard",
    };
  }
  if (text.includes("token missing") || text.includes("password missing")) {
    return {
      kind: "ask",
      title: "Sign in to your gateway",
      detail: `The gateway asks for its ${expects ?? "token or password"}.`,
      next:
        expects === "password"
          ? "It is gateway.auth.password in the gateway's configuration."
          : "Open the link that this command prints, or paste the token below.",
      command: "openclaw dashboard",
      expects,
      forget: "token",
    };
  }
  if (text.includes("mismatch") && text.includes("password")) {
    return {
      kind: "refused",
      title: "Wrong password",
      detail: "The gateway did not accept this password.",
      next: "Check gateway.auth.password in the gateway's configuration.",
      command: "openclaw config get gateway.auth",
      expects,
      forget: "token",
    };
  }
  if (text.includes("unauthorized") || text.includes("token mismatch")) {
    return {
      kind: "refused",
      title: "The token was not accepted",
      detail: "It is mistyped, or the gateway has a new one.",
      next: "Open the link that this command prints; it carries the current token.",
      command: "openclaw dashboard",
      expects,
      forget: "token",
    };
  }
  if (text.includes("protocol mismatch")) {
    return {
      kind: "refused",
      title: "Page and gateway are of different versions",
      detail: "They do not speak the same protocol.",
      next: "Reload this page without the cache (Ctrl+Shift+R). If that does not help, restart the gateway.",
      command: "openclaw gateway status",
    };
  }
  if (text.includes("signature expired")) {
    return {
      kind: "refused",
      title: "The clocks differ",
      detail: "The time of this device and the gateway's are more than ten minutes apart.",
      next: "Set the clock of this device (and of the gateway's machine) and try again.",
    };
  }
  if (text.includes("device")) {
    return {
      kind: "refused",
      title: "This browser's key was not accepted",
      detail: failure.message,
      next: "Sign in again: the page then makes a new key.",
      forget: "key",
    };
  }
  return {
    kind: "refused",
    title: "The gateway refused the connection",
    detail: failure.message || "It gave no reason.",
    next: "Look into the gateway's log for the reason.",
    command: "openclaw logs",
  };
}

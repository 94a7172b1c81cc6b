/** Exit codes of every command; documented in docs/cli.md. */
export const exitCodes = {
  ok: 0,
  /** The command failed; the message says why. */
  failed: 1,
  /** The command line itself was wrong. */
  usage: 2,
  /** No gateway answers at the address. */
  unreachable: 3,
  /** The gateway refused who we are (token, pairing, scope). */
  unauthorized: 4,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

import { useEffect, useState } from "react";
import { useDashboard } from "../app/dashboard.ts";
import type { Refusal } from "../gateway/refusal.ts";
import { CopyButton } from "../ui/copy-button.tsx";

/** Asks for the gateway's token or password, and says what went wrong the last time. */
export function SignIn({ refusal }: { refusal?: Refusal }) {
  const { link } = useDashboard();
  const [kind, setKind] = useState<"token" | "password">(refusal?.expects ?? "token");
  const [secret, setSecret] = useState("");
  useEffect(() => {
    document.title = "Sign in · OpenClaw";
  }, []);
  const command = refusal ? refusal.command : "openclaw dashboard";
  const submit = () => {
    const value = secret.trim();
    if (value !== "") link.signIn(kind === "token" ? { token: value } : { password: value });
  };

  return (
    <main className="centre">
      <p className="brand">OpenClaw</p>
      <section className="card sign-in" aria-labelledby="sign-in-title">
        <h1 id="sign-in-title">{refusal?.title ?? "Sign in to your gateway"}</h1>
        <div role={refusal && refusal.kind !== "ask" ? "alert" : undefined}>
          {refusal && <p>{refusal.detail}</p>}
          <p className="muted">
            {refusal?.next ??
              "Open the link that this command prints on the gateway's machine, or paste the token below."}
          </p>
        </div>
        {command && (
          <div className="command">
            <code>{command}</code>
            <CopyButton text={command} label="Copy command" />
          </div>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <fieldset className="choice">
            <legend className="hidden">Sign in with</legend>
            {(["token", "password"] as const).map((name) => (
              <label key={name}>
                <input type="radio" name="kind" checked={kind === name} onChange={() => setKind(name)} />
                <span>{name === "token" ? "Token" : "Password"}</span>
              </label>
            ))}
          </fieldset>
          <label className="field">
            <span>{kind === "token" ? "Gateway token" : "Gateway password"}</span>
            <input
              type="password"
              name={kind}
              value={secret}
              autoComplete={kind === "token" ? "off" : "current-password"}
              spellCheck={false}
              required
              onChange={(event) => setSecret(event.target.value)}
            />
          </label>
          <button type="submit" className="primary">
            Sign in
          </button>
        </form>
        <p className="muted small-text">
          The {kind} stays in this browser{kind === "password" ? " only until it has a key of its own" : ""} and goes
          only to {location.host}.
        </p>
      </section>
    </main>
  );
}

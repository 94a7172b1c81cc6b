import { Icon } from "../ui/icon.tsx";
import { SignIn } from "../sign-in/sign-in.tsx";
import { useStore } from "../store/use-store.ts";
import { useDashboard } from "./dashboard.ts";
import { Shell } from "./shell.tsx";

/** The whole page: sign-in until the gateway said hello, then the rooms. */
export function App() {
  const { link } = useDashboard();
  const status = useStore(link.status);
  if (status.phase === "signed-out") return <SignIn key={status.refusal?.title} refusal={status.refusal} />;
  if (status.phase === "connecting") return <Connecting trouble={status.trouble} />;
  return <Shell hello={status.hello} offline={status.phase === "offline"} />;
}

function Connecting({ trouble }: { trouble?: string }) {
  const { link, signOut } = useDashboard();
  return (
    <main className="centre" aria-busy="true">
      <h1 className="brand">OpenClaw</h1>
      <p role="status">{trouble ? `${trouble} Trying again…` : "Connecting to the gateway…"}</p>
      {trouble && (
        <>
          <p className="muted">
            Is it running? On its machine: <code>openclaw gateway status</code>
          </p>
          <p className="actions">
            <button type="button" onClick={() => link.retryNow()}>
              <Icon name="refresh" /> Try now
            </button>
            <button type="button" className="quiet" onClick={() => signOut()}>
              Sign in differently
            </button>
          </p>
        </>
      )}
    </main>
  );
}

import { useDashboard } from "../app/dashboard.ts";
import { RoomHead } from "../app/room-head.tsx";
import type { Hello } from "../gateway/link.ts";
import type { Theme } from "../storage/settings.ts";
import { useStore } from "../store/use-store.ts";

const themes: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "Like the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function SettingsRoom({ hello, onMenu }: { hello: Hello; onMenu: () => void }) {
  const { settings, signOut } = useDashboard();
  const { theme } = useStore(settings);
  return (
    <>
      <RoomHead title="Settings" onMenu={onMenu} />
      <div className="page">
        <section className="card">
          <fieldset className="choice">
            <legend>
              <h2>Appearance</h2>
            </legend>
            {themes.map(({ value, label }) => (
              <label key={value}>
                <input
                  type="radio"
                  name="theme"
                  checked={theme === value}
                  onChange={() => settings.update((current) => ({ ...current, theme: value }))}
                />
                <span>{label}</span>
              </label>
            ))}
          </fieldset>
        </section>
        <section className="card">
          <h2>This browser</h2>
          <p>
            Signed in to <strong>{location.host}</strong>
            {hello.host ? ` (${hello.host})` : ""}.
          </p>
          <p className="muted">
            Signing out removes the token and this browser's device token from here. To shut it out for good, revoke it
            on the gateway's machine: <code>openclaw devices list</code>
          </p>
          <button type="button" onClick={() => signOut()}>
            Sign out
          </button>
        </section>
        <p className="muted small-text">OpenClaw gateway {hello.serverVersion}</p>
      </div>
    </>
  );
}

import { useEffect, useState } from "react";
import { useDashboard } from "../app/dashboard.ts";
import { RoomHead } from "../app/room-head.tsx";
import type { Hello } from "../gateway/link.ts";
import { useStore } from "../store/use-store.ts";
import { Icon } from "../ui/icon.tsx";
import { Prose } from "../ui/prose.tsx";
import { formatDuration } from "../ui/relative-time.ts";
import { Time, useNow } from "../ui/time.tsx";
import type { ChannelAccountStatus, Direction } from "./channel-status.ts";
import { findProblems } from "./problems.ts";

/** How the gateway and its channels are, in plain words. */
export function HealthRoom({ hello, onMenu }: { hello: Hello; onMenu: () => void }) {
  const { link, health, sessions } = useDashboard();
  const state = useStore(health.state);
  const status = useStore(link.status);
  const list = useStore(sessions.state);
  const now = useNow();
  const [checking, setChecking] = useState(false);
  const online = status.phase === "ready";

  useEffect(() => {
    if (!online) return undefined;
    void health.check(false);
    const timer = setInterval(() => void health.check(false), 15_000);
    return () => clearInterval(timer);
  }, [health, online]);

  const checkNow = () => {
    setChecking(true);
    void health.check(true).finally(() => setChecking(false));
  };
  const problems = findProblems(status, state, list.provider);
  const model = list.model ? `${list.provider ?? "unknown"}/${list.model}` : "unknown";

  return (
    <>
      <RoomHead title="Health" onMenu={onMenu}>
        <button type="button" className="quiet" disabled={checking || !online} onClick={checkNow}>
          <Icon name="refresh" /> {checking ? "Checking…" : "Check now"}
        </button>
      </RoomHead>
      <div className="page">
        <section className="card" aria-labelledby="state" role="status">
          <h2 id="state" className={problems.length === 0 ? "tone good" : "tone warning"}>
            {state.checkedAt === undefined && problems.length === 0
              ? "Checking…"
              : problems.length === 0
                ? "All is well"
                : problems.length === 1
                  ? "One thing to look at"
                  : `${problems.length} things to look at`}
          </h2>
          {problems.map((problem) => (
            <div key={problem.title} className="problem">
              <p>{problem.title}</p>
              <p className="muted">
                <Prose text={problem.next} />
              </p>
            </div>
          ))}
        </section>

        <section className="card" aria-labelledby="gateway">
          <h2 id="gateway">Gateway</h2>
          <dl className="facts">
            <Fact name="Version" value={hello.serverVersion} />
            <Fact name="Running for" value={formatDuration(hello.uptimeMs + Math.max(0, now - hello.receivedAt))} />
            <Fact name="Machine" value={hello.host ?? "unknown"} />
            <Fact name="Model" value={model === "offline/rules" ? "None (offline rules)" : model} />
          </dl>
        </section>

        <section className="card" aria-labelledby="channels">
          <h2 id="channels">Channels</h2>
          {state.channels.length === 0 ? (
            <p className="muted">
              No channel is set up; this page and the command line work without one. Add Telegram:{" "}
              <code>openclaw channels add telegram</code>
            </p>
          ) : (
            <ul className="rows">
              {state.channels.map((channel) => (
                <Channel key={channel.id} channel={channel} />
              ))}
            </ul>
          )}
        </section>

        <section className="card" aria-labelledby="agents">
          <h2 id="agents">Agents</h2>
          <ul className="rows">
            {state.agents.map((agent) => (
              <li key={agent.id}>
                <strong dir="auto">{agent.name}</strong>
                <span className="muted">
                  {agent.id}
                  {agent.isDefault ? ", default" : ""}
                </span>
              </li>
            ))}
          </ul>
        </section>

        <section className="card" aria-labelledby="presence">
          <h2 id="presence">Connected now</h2>
          <ul className="rows">
            {state.presence
              .filter((row) => row.connected)
              .map((row) => (
                <li key={row.id}>
                  <strong dir="auto">{row.kind}</strong>
                  <span className="muted">
                    {row.name}
                    {row.version ? `, ${row.version}` : ""}
                  </span>
                  <Time at={row.at} />
                </li>
              ))}
          </ul>
        </section>
      </div>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{value}</dd>
    </div>
  );
}

function Channel({ channel }: { channel: ChannelAccountStatus }) {
  return (
    <li className="channel">
      <strong dir="auto">{channel.name}</strong>
      <span className={`tone ${channel.tone}`}>{channel.summary}</span>
      <Way name="Receiving" direction={channel.inbound} />
      <Way name="Sending" direction={channel.outbound} />
      {channel.problem && (
        <p className="muted">
          <Prose text={channel.problem} />
        </p>
      )}
    </li>
  );
}

function Way({ name, direction }: { name: string; direction: Direction }) {
  return (
    <span className="way">
      {name}: {direction.text}
      {direction.lastOkAt !== undefined && (
        <>
          , last <Time at={direction.lastOkAt} />
        </>
      )}
    </span>
  );
}

import { useState } from "react";
import { useDashboard } from "../app/dashboard.ts";
import { useRouter } from "../router/link.tsx";
import { useStore } from "../store/use-store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";

/** Begins an empty conversation; asks with whom when there are several agents. */
export function NewConversation({ onFollow }: { onFollow?: () => void }) {
  const { link, health } = useDashboard();
  const router = useRouter();
  const status = useStore(link.status);
  const { agents } = useStore(health.state);
  const [choosing, setChoosing] = useState(false);
  const defaultAgent = status.phase === "ready" || status.phase === "offline" ? status.hello.defaultAgentId : "main";

  const begin = (agentId: string) => {
    setChoosing(false);
    router.go({ room: "chat", sessionKey: `agent:${agentId}:chat-${crypto.randomUUID().slice(0, 8)}` });
    onFollow?.();
  };
  return (
    <>
      <button
        type="button"
        className="icon-only"
        aria-label="New conversation"
        title="New conversation"
        onClick={() => (agents.length > 1 ? setChoosing(true) : begin(defaultAgent))}
      >
        <Icon name="plus" />
      </button>
      {choosing && (
        <Dialog label="New conversation" onClose={() => setChoosing(false)}>
          <h2>Talk to</h2>
          <ul className="choices">
            {agents.map((agent) => (
              <li key={agent.id}>
                <button type="button" onClick={() => begin(agent.id)}>
                  {agent.name}
                </button>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}

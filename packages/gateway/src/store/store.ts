import { type Database, openDatabase } from "./database.ts";
import { type Inbox, createInbox } from "./inbox.ts";
import { type KeyValueStore, createKeyValueStore } from "./key-value.ts";
import { type Outbox, createOutbox } from "./outbox.ts";
import { type SessionMail, createSessionMail } from "./session-mail.ts";
import { type SubagentRuns, createSubagentRuns } from "./subagent-runs.ts";
import { type SystemEvents, createSystemEvents } from "./system-events.ts";
import { type TurnStore, createTurnStore } from "./turns.ts";
import { type UsageStore, createUsageStore } from "./usage.ts";

/** The gateway's durable state beside transcripts: one SQLite file. */
export interface Store {
  database: Database;
  inbox: Inbox;
  turns: TurnStore;
  outbox: Outbox;
  systemEvents: SystemEvents;
  values: KeyValueStore;
  mail: SessionMail;
  subagents: SubagentRuns;
  usage: UsageStore;
}

export function openStore(path: string): Store {
  const database = openDatabase(path);
  return {
    database,
    inbox: createInbox(database),
    turns: createTurnStore(database),
    outbox: createOutbox(database),
    systemEvents: createSystemEvents(database),
    values: createKeyValueStore(database),
    mail: createSessionMail(database),
    subagents: createSubagentRuns(database),
    usage: createUsageStore(database),
  };
}

import { defaultAgentId } from "@openclaw/core/routing";
import { type Clock, type Log, systemClock } from "@openclaw/core";
import { createAgentTools } from "./agent-tools/agent-tools.ts";
import { catalog } from "./channels/generated/catalog.ts";
import { fillCommandMenu } from "./channels/command-menu.ts";
import { createChannelManager } from "./channels/manager.ts";
import { announceRestart } from "./configuration/announce-restart.ts";
import { createConfigEditor } from "./configuration/config-editor.ts";
import { configMethods } from "./configuration/config-methods.ts";
import type { Configuration } from "./configuration/configuration.ts";
import { followConfiguration } from "./configuration/live-config.ts";
import { moveChat } from "./configuration/move-chat.ts";
import { createPipeline } from "./conversation/pipeline.ts";
import { createTurnCommentary } from "./conversation/turn-commentary.ts";
import { createTurnProgress } from "./conversation/turn-progress.ts";
import { createBlockStreams } from "./delivery/block-streams.ts";
import { createDeliverer } from "./delivery/deliverer.ts";
import { deliveryReport } from "./delivery/delivery-report.ts";
import { shapeReply } from "./delivery/shape-reply.ts";
import { deviceMethods, openDeviceStore } from "./devices/index.ts";
import { createConfigOverrides } from "./commands/config/config-overrides.ts";
import { closeHostShell } from "./commands/host-shell.ts";
import { usageFooter } from "./commands/usage/usage-footer.ts";
import { compactionNotice } from "./usage/compaction-notice.ts";
import { execApprovalMethods } from "./exec-approvals/exec-approval-methods.ts";
import { createExecApprovals } from "./exec-approvals/exec-approvals.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { createHealthFeed } from "./health/health-feed.ts";
import { healthSnapshot } from "./health/health.ts";
import { acquireInstanceLock } from "./lock/instance-lock.ts";
import { agentEntries } from "./sessions/agent-entries.ts";
import { gatewayMethods } from "./methods/registry.ts";
import { createPresenceList, describeGateway, presenceMethods } from "./presence/index.ts";
import { createServer } from "./server/create-server.ts";
import { createCrossAgent } from "./session-tools/cross-agent.ts";
import type { GatewayServer } from "./server/types.ts";
import { createGatewaySessions } from "./sessions/gateway-sessions.ts";
import { type AuthOverrides, assertAuth, authSettings } from "./settings/auth.ts";
import { assertLocalMode } from "./settings/mode.ts";
import { resolveNetwork } from "./settings/network.ts";
import { keepStoreSmall } from "./maintenance/prune.ts";
import { controlUiSettings, serverSettings } from "./settings/server-settings.ts";
import { skillMethods } from "./skills/skill-methods.ts";
import { openStore } from "./store/store.ts";
import { createAgentPool } from "./turns/agent-pool.ts";
import { createTurnEngine } from "./turns/engine.ts";
import { placesOf } from "./turns/lane-groups.ts";
import { createRunBroadcast } from "./turns/run-broadcast.ts";

export interface GatewayOptions {
  configuration: Configuration;
  log: Log;
  /** File that `logs.tail` reads. */
  logFile(): string;
  clock?: Clock;
  port?: number;
  bind?: string;
  token?: string;
  password?: string;
  /** Start although `gateway.mode` is not `local`. */
  allowUnconfigured?: boolean;
  /** Directory of the built Control UI. */
  controlUi?: string;
  /** Ends this gateway and starts another one in its place, after `delayMs`. Absent where nothing would start it. */
  restart?(reason: string, delayMs?: number): void;
}

export interface RunningGateway {
  port: number;
  urls: readonly string[];
  /** Resolves when every channel was tried once. */
  channelsReady: Promise<void>;
  /** Drains what runs for at most `drainMs` (default 10 s), then closes everything. Idempotent. */
  stop(reason: "stopping" | "restarting", options?: { drainMs?: number }): Promise<void>;
}

/** Turns and sends in flight may take this long to finish when the gateway stops, ms. */
const DRAIN_MS = 10_000;

/**
 * Starts the gateway: lock, store, server, then channels and whatever a previous process left unfinished. Resolves when
 * the server answers; channels connect behind it. Fails with a coded error that says what to do.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { configuration, log } = options;
  const { paths, version } = configuration;
  const clock = options.clock ?? systemClock;
  const configOverrides = createConfigOverrides();
  const config = () => configOverrides.over(configuration.current());
  const overrides = (): AuthOverrides => ({
    env: configuration.env(),
    token: options.token,
    password: options.password,
  });

  assertLocalMode(config(), { configPath: paths.configPath, allowUnconfigured: options.allowUnconfigured ?? false });
  const env = configuration.env();
  const network = resolveNetwork(config(), {
    env,
    port: options.port,
    bind: options.bind,
    defaultPort: paths.defaultPort,
  });
  assertAuth(authSettings(config(), overrides()), network.loopbackOnly);

  const lock =
    env.OPENCLAW_ALLOW_MULTI_GATEWAY === "1"
      ? undefined
      : await acquireInstanceLock(paths.lockPath, paths.configPath, clock);
  const closers: (() => unknown)[] = [() => lock?.release()];
  const unwind = async () => {
    for (const close of closers.toReversed()) await close();
  };

  try {
    const store = openStore(paths.databasePath);
    closers.push(() => store.database.close());

    let server: GatewayServer | undefined;
    let channelsTried = false;
    const startedAt = clock.now();
    const agents = createAgentPool((agentId) => ({
      agentId,
      config: config(),
      stateDir: paths.stateDir,
      env: configuration.env(),
      log: log.child("agent"),
      clock,
      tools: [...crossAgent.tools, ...agentTools.tools()],
      approver: execApprovals.approver,
      onExecEvent: (event) => execApprovals.report(event),
      usage: store.usage,
      onBackgroundExit: ({ sessionKey, processId, exitCode, tail }) =>
        store.systemEvents.add(
          sessionKey,
          `Exec ${exitCode === 0 ? "completed" : "failed"} (${processId}, code ${exitCode}) :: ${tail}`,
          clock.now(),
        ),
    }));
    const sessions = createGatewaySessions({ store, paths, config, agents, clock, log: log.child("sessions") });
    const broadcast = createRunBroadcast(() => server, clock);

    const channels = createChannelManager({
      catalog,
      sections: () => config().channels ?? {},
      env: configuration.env,
      inbox: store.inbox,
      values: store.values,
      clock,
      log: log.child("channels"),
      accepted: (row) => pipeline.take(row),
      chatMoved: (moved) => moveChat(context.configEditor, config(), moved, log),
      connected(account) {
        deliverer.wake(account.channel, account.account.id);
        fillCommandMenu(account, config(), log);
      },
      changed: () => health.changed(),
    });
    const deliverer = createDeliverer({
      outbox: store.outbox,
      clock,
      log: log.child("delivery"),
      sender: channels.sender,
      onUnknown: () => config().messages?.delivery?.onUnknown ?? "report",
      settled: deliveryReport({ store, channels, deliverer: () => deliverer, clock }),
    });
    const progress = createTurnProgress(channels, clock);
    const commentary = createTurnCommentary({
      entry: sessions.entry,
      config,
      channels,
      deliverer,
      clock,
      draft: (request, text) => progress(request, "text", text),
    });
    const blocks = createBlockStreams({
      config,
      channels,
      deliverer,
      clock,
      hasParts: (runId) => store.outbox.ofTurn(runId).length > 0,
    });
    const engine = createTurnEngine({
      store,
      agents,
      sessions,
      deliverer,
      broadcast,
      clock,
      log: log.child("turns"),
      concurrency: (group) => placesOf(group, config()),
      rules: (request) => ({
        ...agentTools.rules(request, crossAgent.rules(request)),
        exec: execApprovals.access(request),
      }),
      ending: (request, outcome) => crossAgent.ending(request, outcome),
      stopWith: (sessionKey) => crossAgent.stopWith(sessionKey),
      shape(request, answer) {
        blocks.finish(request.runId);
        const result = agentTools.sends.withoutRepeats(request, answer);
        const streamed = store.outbox.ofTurn(request.runId).flatMap(({ message }) => message.text ?? []);
        const notes = [
          compactionNotice(result),
          usageFooter(sessions.entry(request.sessionKey)?.responseUsage, result),
        ];
        const footer = notes.filter(Boolean).join("\n") || undefined;
        const workplace = async () => (await agents.get(request.agentId)).workplace(request.sessionKey);
        const identityName = async () => (await sessions.identity(request.agentId)).name;
        return shapeReply(request, result, {
          config: config(),
          channels,
          paths,
          log,
          streamed,
          footer,
          workplace,
          identityName,
        });
      },
      progress(request, phase, text = "") {
        progress(request, phase, text);
        if (phase === "text" && !agentTools.sends.spokeHere(request)) blocks.write(request, text);
        if (phase !== "end") return;
        blocks.drop(request.runId);
        agentTools.sends.forget(request.runId);
        commentary.forget(request.runId);
      },
      observe: (request, event) => commentary.hear(request, event),
    });

    const execApprovals = createExecApprovals({
      config,
      clock,
      log: log.child("approvals"),
      store,
      sessions,
      engine,
      deliverer,
      channels,
      server: () => server as GatewayServer,
    });
    const context: GatewayContext = {
      version,
      startedAt,
      stateDir: paths.stateDir,
      configPath: paths.configPath,
      paths,
      logFile: options.logFile,
      config,
      configEditor: createConfigEditor(configuration, clock.now),
      configOverrides,
      restart: options.restart,
      degraded: configuration.degraded,
      clock,
      log,
      store,
      sessions,
      agents,
      engine,
      deliverer,
      channels,
      broadcast,
      execApprovals,
      server: () => server as GatewayServer,
    };
    const crossAgent = createCrossAgent(context);
    const configCalls = configMethods({
      configuration,
      editor: context.configEditor,
      now: clock.now,
      restart: (reason, delayMs) => options.restart?.(reason, delayMs),
    });
    const agentTools = createAgentTools({ context, configMethods: configCalls, callId: crossAgent.callId });
    const pipeline = createPipeline({ context, paths });
    const health = createHealthFeed(context, () => server);

    const devices = await openDeviceStore({ stateDir: paths.stateDir, clock, log: log.child("devices") });
    const presence = createPresenceList({ clock, self: describeGateway(version) });
    const methods = gatewayMethods(context, {
      config: configCalls,
      devices: deviceMethods({ devices }),
      execApprovals: execApprovalMethods({
        desk: execApprovals.desk,
        path: paths.execApprovalsPath,
        socketPath: paths.execApprovalsSocket,
      }),
      presence: presenceMethods({
        presence,
        onSystemEvent: (text) => store.systemEvents.add(sessions.canonical("main"), text, clock.now()),
      }),
      skills: skillMethods({
        config,
        env: configuration.env,
        stateDir: paths.stateDir,
        configEditor: context.configEditor,
      }),
    });

    server = await createServer({
      hosts: network.hosts,
      port: network.port,
      methods,
      devices,
      presence,
      clock,
      log: log.child("gateway"),
      version,
      settings: () => serverSettings(config(), overrides()),
      snapshot: {
        health: health.last,
        healthVersion: health.version,
        sessionDefaults: () => ({
          defaultAgentId: defaultAgentId(config()),
          mainKey: config().session?.mainKey ?? "main",
          mainSessionKey: sessions.canonical("main"),
          scope: config().session?.scope ?? "per-sender",
        }),
        configPath: paths.configPath,
        stateDir: paths.stateDir,
      },
      onConnect: () => health.changed(),
      http: {
        readiness: () => ({ ready: channelsTried }),
        health: () => healthSnapshot(context),
        webhooks: { match: (path) => channels.webhook(path) },
        controlUi: controlUiSettings(config, paths, options.controlUi),
      },
    });
    closers.push(() => server?.close("stopping"));

    // What a previous process left is judged by the accounts as they are configured now.
    const channelsReady = channels.load().then(async () => {
      deliverer.recover();
      engine.recover();
      await crossAgent.recover();
      pipeline.recover();
      announceRestart(context);
      await channels.start();
      channelsTried = true;
      configuration.markGood();
      health.changed();
    });
    followConfiguration({
      configuration,
      log,
      restart: (reason) => options.restart?.(reason),
      apply(plan) {
        agents.reset();
        if (plan.channels.length > 0) void channels.reload(plan.channels).then(() => configuration.markGood());
        else configuration.markGood();
        health.changed();
      },
    });
    const stopPruning = keepStoreSmall(store, clock);
    log.info(`gateway ready on ${server.urls.join(", ")}`, {
      pid: process.pid,
      stateDir: paths.stateDir,
      agents: agentEntries(config()).length,
    });

    let stopping: Promise<void> | undefined;
    const stop = async (reason: "stopping" | "restarting", drainMs: number) => {
      stopPruning();
      health.stop();
      execApprovals.close();
      await engine.stop(drainMs);
      await deliverer.stop(drainMs);
      await channels.stop();
      await server?.close(reason);
      closeHostShell(context);
      await crossAgent.stop();
      await agents.close();
      await devices.close();
      await sessions.close();
      store.database.close();
      lock?.release();
      log.info(`gateway stopped (${reason})`);
    };
    return {
      port: server.port,
      urls: server.urls,
      channelsReady,
      stop: (reason, { drainMs = DRAIN_MS } = {}) => (stopping ??= stop(reason, drainMs)),
    };
  } catch (error) {
    await unwind();
    throw error;
  }
}

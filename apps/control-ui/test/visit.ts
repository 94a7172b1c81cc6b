import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { buildPage, launchChromium } from "./browser.ts";
import { startFakeGateway } from "./fake-gateway.ts";
import type { FakeGateway, FakeGatewayOptions } from "./fake-gateway.ts";

export interface Visit {
  page: Page;
  gateway: FakeGateway;
  /** Hosts that the page spoke to, by HTTP or WebSocket. */
  hosts: Set<string>;
  /** Exceptions and refusals of the content policy. */
  complaints: string[];
}

export interface VisitOptions extends Partial<FakeGatewayOptions> {
  /** Path and fragment; `null` signs in by the dashboard link. */
  path?: string | null;
  browser?: BrowserContextOptions;
  prepare?: (gateway: FakeGateway) => void;
}

export const mainKey = "agent:main:main";

/** Builds the page and starts Chromium once for a test file; `visit` gives each test a gateway and a browser profile. */
export function useVisits(): (options?: VisitOptions) => Promise<Visit> {
  let built: Awaited<ReturnType<typeof buildPage>>;
  let browser: Browser;
  const cleanups: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    built = await buildPage();
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });

  return async ({ path = null, browser: browserOptions, prepare, ...gatewayOptions } = {}) => {
    const gateway = await startFakeGateway({ dist: built.dist, ...gatewayOptions });
    cleanups.push(() => gateway.close());
    prepare?.(gateway);
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: "en-GB",
      ...browserOptions,
    });
    cleanups.push(() => context.close());
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);

    const hosts = new Set<string>();
    const complaints: string[] = [];
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    page.on("websocket", (socket) => hosts.add(new URL(socket.url()).host));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
    await page.goto(`${gateway.origin}${gatewayOptions.basePath ?? ""}${path ?? `/#token=${gateway.token}`}`);
    return { page, gateway, hosts, complaints };
  };
}

/** The field where messages are written. */
export const composer = (page: Page) => page.getByRole("combobox", { name: "Message" });

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Waits until the value is as expected, as long as the page's own waits: the machine may be busy. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

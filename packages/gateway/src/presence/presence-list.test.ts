import { createFakeClock } from "@openclaw/testkit";
import { expect, test } from "vitest";
import { createPresenceList } from "./presence-list.ts";

const self = { host: "gw", mode: "gateway", text: "Gateway: gw" };
const create = () => {
  const clock = createFakeClock();
  return { clock, list: createPresenceList({ clock, self }) };
};

test("the gateway comes first and is always fresh, others newest first", async () => {
  const { clock, list } = create();
  list.report({ host: "a" });
  await clock.advance(1000);
  list.report({ host: "b" });
  await clock.advance(1000);
  expect(list.list().map(({ host, ts }) => [host, clock.now() - ts])).toEqual([
    ["gw", 0],
    ["b", 1000],
    ["a", 2000],
  ]);
});

test("reports of one device, instance, host or address are one entry that keeps what is known", () => {
  const { list } = create();
  list.report({ deviceId: "D1", host: "desk", version: "1" });
  list.report({ deviceId: "d1", lastInputSeconds: 3, host: undefined });
  list.report({ instanceId: "i1" });
  list.report({ ip: "10.0.0.1" });
  expect(list.list().slice(1)).toMatchObject([
    { ip: "10.0.0.1", text: "Node: 10.0.0.1" },
    { instanceId: "i1" },
    { deviceId: "d1", host: "desk", version: "1", lastInputSeconds: 3 },
  ]);
});

test("entries are forgotten after five minutes unless a socket still holds them", async () => {
  const { clock, list } = create();
  list.join({ deviceId: "live" });
  list.join({ deviceId: "live" });
  list.report({ deviceId: "reported" });
  await clock.advance(5 * 60_000 + 1);
  expect(list.list().map(({ deviceId }) => deviceId)).toEqual([undefined, "live"]);
  list.leave({ deviceId: "live" });
  expect(list.list()[1]).toMatchObject({ deviceId: "live", reason: "connect" });
  list.leave({ deviceId: "live" });
  expect(list.list()[1]).toMatchObject({ deviceId: "live", reason: "disconnect" });
  await clock.advance(5 * 60_000 + 1);
  expect(list.list()).toHaveLength(1);
});

test("at most 200 entries are kept, the newest", () => {
  const { list } = create();
  for (let i = 0; i < 250; i++) list.report({ host: `h${i}` });
  const hosts = list.list().map(({ host }) => host);
  expect(hosts).toHaveLength(201);
  expect(hosts[1]).toBe("h249");
});

test("every change raises the version and tells the listeners", () => {
  const { list } = create();
  let told = 0;
  const stop = list.subscribe(() => (told += 1));
  const before = list.version;
  list.report({ host: "a" });
  stop();
  list.report({ host: "a" });
  expect([list.version - before, told]).toEqual([2, 1]);
});

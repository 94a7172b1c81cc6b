import { expect, test } from "vitest";
import { composer, useVisits } from "./visit.ts";

const visit = useVisits();

test("a dashboard link signs in, its token leaves the address, and a reload stays signed in", async () => {
  const { page, gateway, hosts, complaints } = await visit();
  await composer(page).waitFor();
  expect(page.url()).toBe(`${gateway.origin}/`);
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  const stored = await page.evaluate(() => localStorage.getItem("openclaw.control.settings.v1"));
  expect(stored).toContain(gateway.token);

  await page.reload();
  await composer(page).waitFor();
  const auth = gateway.connects.map((params) => params.auth);
  expect(auth[0]).toEqual({ token: gateway.token });
  expect(auth[1]).not.toEqual({ token: gateway.token });
  expect(gateway.connects[0]).toMatchObject({
    client: { id: "openclaw-control-ui", mode: "webchat" },
    caps: ["tool-events"],
    device: { id: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect([...hosts]).toEqual([new URL(gateway.origin).host]);
  expect(complaints).toEqual([]);
});

test("a token or an endpoint in the query is removed and not used: no other host hears from the page", async () => {
  const { page, gateway, hosts } = await visit({
    path: "/chat?token=stolen&gatewayUrl=wss%3A%2F%2Fevil.example#gatewayUrl=wss://evil.example",
  });
  await page.getByRole("heading", { name: "Sign in to your gateway" }).waitFor();
  expect(page.url()).toBe(`${gateway.origin}/chat`);
  expect(gateway.connects.every((params) => params.auth === undefined)).toBe(true);
  expect([...hosts]).toEqual([new URL(gateway.origin).host]);
});

test("a stored endpoint of another page version is not used either", async () => {
  const { page, gateway, hosts } = await visit({ path: "/favicon.svg" });
  await page.evaluate(() =>
    localStorage.setItem("openclaw.control.settings.v1", '{"gatewayUrl":"ws://evil.example","token":"x"}'),
  );
  await page.goto(gateway.origin);
  await page.getByText("The token was not accepted").waitFor();
  expect([...hosts]).toEqual([new URL(gateway.origin).host]);
});

test("a wrong token is told apart from a missing one, and the right one typed by hand works", async () => {
  const { page, gateway } = await visit({ path: "/" });
  await page.getByRole("heading", { name: "Sign in to your gateway" }).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  await page.getByLabel("Gateway token").fill("wrong");
  await page.getByLabel("Gateway token").press("Enter");
  await page.getByRole("alert").getByText("It is mistyped, or the gateway has a new one.").waitFor();
  await page.getByRole("button", { name: "Copy command" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("openclaw dashboard");
  await page.getByLabel("Gateway token").fill(gateway.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await composer(page).waitFor();
});

test("a password signs in once; afterwards the device token does, and the password is nowhere in the browser", async () => {
  const { page, gateway } = await visit({ path: "/", password: "correct horse" });
  // The gateway said what it wants.
  expect(await page.getByRole("radio", { name: "Password" }).isChecked()).toBe(true);
  await page.getByLabel("Gateway password").fill("correct horse");
  await page.getByRole("button", { name: "Sign in" }).click();
  await composer(page).waitFor();
  expect(await page.evaluate(() => JSON.stringify(localStorage) + JSON.stringify(sessionStorage))).not.toContain(
    "correct horse",
  );
  await page.reload();
  await composer(page).waitFor();
  expect(gateway.connects.at(-1)?.auth).toEqual({ token: expect.stringMatching(/^[0-9a-f]{32}$/) });
});

test("a browser that has to be approved says how, and goes on by itself once it is", async () => {
  const { page, gateway } = await visit({
    prepare: (fake) => {
      fake.refuse = { code: "NOT_PAIRED", message: "pairing required", details: { requestId: "req-7" } };
    },
  });
  await page.getByText("openclaw devices approve req-7").waitFor();
  gateway.refuse = undefined;
  await composer(page).waitFor();
});

test.each([
  ["origin not allowed (open the Control UI from the gateway host)", "The gateway does not accept this address"],
  ["protocol mismatch", "Page and gateway are of different versions"],
  ["device signature expired", "The clocks differ"],
  ["control ui requires HTTPS or localhost (secure context)", "This address is not secure enough"],
])("the refusal “%s” is explained", async (message, title) => {
  const { page } = await visit({
    prepare: (gateway) => {
      gateway.refuse = { code: "INVALID_REQUEST", message };
    },
  });
  await page.getByRole("heading", { name: title }).waitFor();
});

test("signing out takes token and device token out of the browser", async () => {
  const { page, gateway } = await visit();
  await composer(page).waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in to your gateway" }).waitFor();
  expect(await page.title()).toBe("Sign in · OpenClaw");
  const stored = await page.evaluate(() => JSON.stringify(localStorage));
  expect(stored).not.toContain(gateway.token);
  expect(stored).not.toContain("openclaw.device.auth.v1");
});

test("a gateway that does not answer is said to, and found when it is back", async () => {
  const { page, gateway } = await visit({ prepare: (fake) => fake.cut(true) });
  await page.getByText("The gateway does not answer. Trying again…").waitFor();
  gateway.cut(false);
  await page.getByRole("button", { name: "Try now" }).click();
  await composer(page).waitFor();
});

test("a gateway that asks for patience is quoted, and asked again", async () => {
  const { page, gateway } = await visit({
    prepare: (fake) => {
      fake.refuse = { code: "UNAVAILABLE", message: "unauthorized: too many failed attempts; try again later" };
    },
  });
  await page.getByText("too many failed attempts; try again later. Trying again…").waitFor();
  gateway.refuse = undefined;
  await composer(page).waitFor();
});

test("everything works under a base path", async () => {
  const { page, gateway, complaints } = await visit({ basePath: "/claw/ui" });
  await composer(page).waitFor();
  await page.getByRole("link", { name: "Health" }).click();
  expect(page.url()).toBe(`${gateway.origin}/claw/ui/health`);
  await page.reload();
  await page.getByRole("heading", { name: "Channels" }).waitFor();
  await page.goBack();
  await composer(page).waitFor();
  expect(complaints).toEqual([]);
});

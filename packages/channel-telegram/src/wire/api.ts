import type { Api } from "grammy";
import { loadGrammy } from "./load-grammy.ts";
import { readBody } from "./read-body.ts";
import type { Transport, TransportRequest } from "./transport.ts";
import { TransportError } from "./transport-error.ts";

/** Largest Bot API answer we hold in memory: 100 updates stay far below it. */
const ANSWER_LIMIT = 16 * 1024 * 1024;

export interface ApiOptions {
  token: string;
  apiRoot: string;
  transport: Transport;
}

/** grammY's typed client over our transport. The library is loaded here, when an account is opened. */
export function createApi({ token, apiRoot, transport }: ApiOptions): Api {
  const { Api: GrammyApi } = loadGrammy();
  const fetch = async (url: string, init: TransportRequest) => {
    const response = await transport.open(url, init);
    const status = response.statusCode ?? 0;
    const body = (await readBody(response, ANSWER_LIMIT)).toString("utf8");
    return { json: () => Promise.resolve(parse(body, status)) };
  };
  return new GrammyApi(token, { apiRoot, fetch, timeoutSeconds: 600, sensitiveLogs: false });
}

function parse(body: string, status: number): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const phase = status >= 400 && status < 500 ? "refused" : "exchange";
    throw new TransportError({ phase, status, message: `HTTP ${status} with a body that is not JSON` });
  }
}

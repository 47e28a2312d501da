// A driver around the client mtn-momo: `npm install && node driver.cjs`.
const { AssertionError } = require("node:assert");
const { randomUUID } = require("node:crypto");
const { createInterface } = require("node:readline");
const momo = require("mtn-momo");
const { version } = require("mtn-momo/package.json");

// These errors leave open what has happened; every other one of the client's is a definite no.
const OPEN = /^(InternalProcessing|ResourceAlreadyExist|ServiceUnavailable|Unspecified)Error$/;

let products, callbackUrl;
const homes = new Map(); // the product of each payment, by its reference id

const configure = (asked) => {
  const { base_url: baseUrl, target_environment: environment, subscription_keys: keys } = asked;
  const access = { userId: asked.api_user, userSecret: asked.api_key };
  const { Collections, Disbursements } = momo.create({ callbackHost: "x", baseUrl, environment });
  products = {
    request_to_pay: Collections({ primaryKey: keys.collection, ...access }),
    transfer: Disbursements({ primaryKey: keys.disbursement, ...access }),
  };
  callbackUrl = asked.callback_url ?? undefined;
  return {};
};

// The client takes a reference id for a transfer, and makes its own for a request to pay.
const pay = async (method, role, { op, amount, currency, key, note = key, [role]: partyId }) => {
  const party = { [role]: { partyIdType: momo.PayerType.MSISDN, partyId } };
  const texts = { externalId: key, payerMessage: note, payeeNote: note, callbackUrl };
  const own = op === "transfer" ? { referenceId: randomUUID() } : {};
  homes.set(own.referenceId, products[op]);
  const reference_id = await products[op][method]({ amount, currency, ...party, ...texts, ...own });
  homes.set(reference_id, products[op]);
  return { reference_id, state: "pending" };
};

const status = async ({ reference_id }) => {
  const home = homes.get(reference_id) ?? products.request_to_pay;
  // A payment that has failed is thrown, with what the provider said of it.
  const found = await home.getTransaction(reference_id).catch((error) => error.transaction ?? {});
  const state = { SUCCESSFUL: "completed", FAILED: "failed" }[found.status] ?? "pending";
  const code = found.reason?.code ?? found.reason;
  const number = found.financialTransactionId?.toString();
  return { reference_id, state, code, financial_transaction_id: number };
};

const balance = async () => {
  const { availableBalance, currency } = await products.request_to_pay.getBalance();
  return { available: `${availableBalance}`, currency };
};

const request_to_pay = (asked) => pay("requestToPay", "payer", asked);
const transfer = (asked) => pay("transfer", "payee", asked);
const OPS = { configure, request_to_pay, transfer, status, balance };
const caps = { clock: "none", ledger: false, restart: false, reference_id: "library" };
Object.assign(caps, { concurrency: 16, status_views: ["request_to_pay"] });
const client = { name: "mtn-momo", version, language: "node" };
const hello = () => ({ protocol: 1, client, ops: Object.keys(OPS), caps });
const KNOWN = { ...OPS, hello, stop: () => ({}) };

const answer = async ({ op, deadline_ms = 20_000, ...asked }) => {
  if (!Object.hasOwn(KNOWN, op)) return { unsupported: true };
  const late = (_, reject) => setTimeout(reject, deadline_ms, new Error("no answer yet")).unref();
  try { // the client waits for ever: what is open at the deadline is unknown
    return { ok: await Promise.race([KNOWN[op]({ op, ...asked }), new Promise(late)]) };
  } catch (error) {
    const isOwn = error instanceof momo.MtnMoMoError || error instanceof AssertionError;
    const { name: code, message: why } = error;
    if (isOwn && !OPEN.test(code)) return { fail: { code, reference_id: null } };
    return { unknown: { reference_id: null, why: why || code } };
  }
};

createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on("line", async (line) => {
    const asked = JSON.parse(line);
    const told = JSON.stringify({ id: asked.id, ...(await answer(asked)) });
    process.stdout.write(`${told}\n`, () => asked.op === "stop" && process.exit());
  })
  .on("close", () => process.exit());

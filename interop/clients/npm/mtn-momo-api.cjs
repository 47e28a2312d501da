// mtn-momo-api: the host is compiled in; one call asks for a payment and reads its status.
const assert = require("node:assert");
const { makeRequest } = require("mtn-momo-api");
const { env, PAYER, UNLUCKY_PAYER, step } = require("../steps.cjs");

const pay = (number) =>
  makeRequest({
    callbackHost: "localhost",
    userApiKey: env.MTN_API_KEY,
    userId: env.MTN_API_USER,
    primaryKey: env.MTN_COLLECTION_SUBSCRIPTION_KEY,
    amount: "5",
    currency: env.MTN_CURRENCY,
    externalId: "order 1",
    partyIdType: "MSISDN",
    partyId: number,
    payerMessage: "an order",
    payeeNote: "a note",
  });

(async () => {
  let paid;
  await step("request to pay", async () => {
    paid = await pay(PAYER);
    assert.equal(paid.response.responseCode, 202); // it does not throw
  });
  await step("status", async () => {
    assert.equal(paid.status.status, "SUCCESSFUL");
  });
  await step("failed payment", async () => {
    const { status } = await pay(UNLUCKY_PAYER);
    assert.deepEqual([status.status, status.reason], ["FAILED", "NOT_ENOUGH_FUNDS"]);
  });
})();

// mtn-momo, and code-coast-momo-api, a fork of it: `baseUrl` of `create`.
const assert = require("node:assert");
const { env, PAYER, UNLUCKY_PAYER, step } = require("../steps.cjs");
const momo = require(env.INTEROP_PACKAGE);

const KEY = env.MTN_COLLECTION_SUBSCRIPTION_KEY;
const product = momo.create({
  callbackHost: "localhost",
  baseUrl: env.MTN_BASE_URL,
  environment: env.MTN_TARGET_ENVIRONMENT,
});
const party = (number) => ({ partyIdType: momo.PayerType.MSISDN, partyId: number });
const payment = (number) => ({
  amount: "5",
  currency: env.MTN_CURRENCY,
  externalId: "order 1",
  payer: party(number),
  payerMessage: "an order",
  payeeNote: "a note",
});

(async () => {
  let access;
  await step("provisioning", async () => {
    const users = product.Users({ primaryKey: KEY });
    const userId = await users.create("localhost");
    access = { userId, userSecret: (await users.login(userId)).apiKey };
  });

  const collections = product.Collections({ primaryKey: KEY, ...access });
  const disbursements = product.Disbursements({
    primaryKey: env.MTN_DISBURSEMENT_SUBSCRIPTION_KEY,
    ...access,
  });

  let reference;
  await step("request to pay", async () => {
    reference = await collections.requestToPay(payment(PAYER));
  });
  await step("status", async () => {
    assert.equal((await collections.getTransaction(reference)).status, "SUCCESSFUL");
  });
  await step("failed payment", async () => {
    const unlucky = await collections.requestToPay(payment(UNLUCKY_PAYER));
    await assert.rejects(collections.getTransaction(unlucky), momo.NotEnoughFundsError);
  });
  await step("balance", async () => {
    assert.equal((await collections.getBalance()).currency, env.MTN_CURRENCY);
  });
  await step("account active", async () => {
    assert.equal(await disbursements.isPayerActive(PAYER), true);
  });
  await step("transfer", async () => {
    const { payer, ...rest } = payment(PAYER);
    const transfer = await disbursements.transfer({ ...rest, payee: payer });
    assert.equal((await disbursements.getTransaction(transfer)).status, "SUCCESSFUL");
  });
})();

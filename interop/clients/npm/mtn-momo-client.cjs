// mtn-momo-client: the host is compiled in.
const assert = require("node:assert");
const momo = require("mtn-momo-client");
const { env, PAYER, UNLUCKY_PAYER, step } = require("../steps.cjs");

const KEY = env.MTN_COLLECTION_SUBSCRIPTION_KEY;
const TEXTS = { payerMessage: "an order", payeeNote: "a note" };
const payment = (party, number) => ({
  amount: "5",
  currency: env.MTN_CURRENCY,
  externalId: "order 1",
  [party]: { partyIdType: "MSISDN", partyId: number },
  ...TEXTS,
});

(async () => {
  let access;
  await step("provisioning", async () => {
    const wanted = { providerCallbackHost: "localhost", subscriptionKey: KEY };
    access = await momo.createAPIUserAndKey(wanted);
  });

  const collection = momo.createCollectionAPI(access);
  const disbursement = momo.createDisbursementAPI({
    ...access,
    subscriptionKey: env.MTN_DISBURSEMENT_SUBSCRIPTION_KEY,
  });

  await step("token", async () => {
    const targetProduct = momo.Product.Collection;
    assert.ok((await momo.createAccessToken({ ...access, targetProduct })).accessToken);
  });

  let asked;
  await step("request to pay", async () => {
    asked = await collection.requestToPay(payment("payer", PAYER));
  });
  await step("status", async () => {
    assert.equal((await collection.requestToPayTransactionStatus(asked)).status, "SUCCESSFUL");
  });
  await step("failed payment", async () => {
    const unlucky = await collection.requestToPay(payment("payer", UNLUCKY_PAYER));
    const failed = await collection.requestToPayTransactionStatus(unlucky);
    assert.deepEqual([failed.status, failed.reason], ["FAILED", "NOT_ENOUGH_FUNDS"]);
  });
  await step("balance", async () => {
    assert.equal((await collection.getAccountBalance()).currency, env.MTN_CURRENCY);
  });
  await step("account active", async () => {
    const holder = { accountHolderIdType: "msisdn", accountHolderId: PAYER };
    assert.equal(await collection.validateAccountHolderStatus(holder), true);
  });
  await step("user info", async () => {
    assert.ok((await collection.getBasicUserInfo({ accountHolderMSISDN: PAYER })).name);
  });
  await step("transfer", async () => {
    const transfer = await disbursement.transfer(payment("payee", PAYER));
    assert.equal((await disbursement.getTransferStatus(transfer)).status, "SUCCESSFUL");
  });
})();

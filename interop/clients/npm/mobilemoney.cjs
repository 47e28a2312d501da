// mobilemoney.js: the host is compiled in.
const assert = require("node:assert");
const { Client } = require("mobilemoney.js");
const { env, PAYER, step } = require("../steps.cjs");

const KEY = env.MTN_COLLECTION_SUBSCRIPTION_KEY;
const TARGET = env.MTN_TARGET_ENVIRONMENT;
const client = new Client();
client.isSandbox();
const collection = client.collection(KEY);
const disbursements = client.disbursements(env.MTN_DISBURSEMENT_SUBSCRIPTION_KEY);
const payment = (party) => ({
  amount: "5",
  currency: env.MTN_CURRENCY,
  externalId: "order 1",
  [party]: { partyIdType: "MSISDN", partyId: PAYER },
  payerMessage: "an order",
  payeeNote: "a note",
});

(async () => {
  let basic, bearer;
  await step("provisioning", async () => {
    const user = client.getReferenceId();
    await client.createApiUser(user, KEY, "localhost");
    assert.equal((await client.getApiUser(user, KEY))[1].targetEnvironment, TARGET);
    basic = client.basicToken(user, (await client.createApiKey(user, KEY))[1].apiKey);
  });
  await step("token", async () => {
    bearer = client.bearerToken((await collection.createAccessToken(basic))[1].access_token);
  });
  await step("request to pay", async () => {
    await collection.requestToPay(bearer, client.getReferenceId(), TARGET, payment("payer"));
  });
  await step("balance", async () => {
    const [, balance] = await collection.getAccountBalance(bearer, TARGET);
    assert.equal(balance.currency, env.MTN_CURRENCY);
  });
  await step("account active", async () => {
    const [, active] = await collection.isActive(PAYER, "msisdn", bearer, TARGET);
    assert.equal(active.result, true);
  });
  await step("user info", async () => {
    assert.ok((await collection.getBasicUserInfo(PAYER, bearer, TARGET))[1].name);
  });
  await step("transfer", async () => {
    const made = (await disbursements.createAccessToken(basic))[1].access_token;
    const access = [client.bearerToken(made), TARGET];
    const transfer = client.getReferenceId();
    await disbursements.transfer(transfer, ...access, payment("payee"));
    const [, found] = await disbursements.getTransferStatus(transfer, ...access);
    assert.equal(found.status, "SUCCESSFUL");
  });
})();

// momo-api: every call takes a host and puts https:// in front.
const assert = require("node:assert");
const momo = require("momo-api");
const { env, PAYER, step } = require("../steps.cjs");

const HOST = "sandbox.momodeveloper.mtn.com";
const TARGET = env.MTN_TARGET_ENVIRONMENT;
const KEY = env.MTN_COLLECTION_SUBSCRIPTION_KEY;
const DISBURSEMENT_KEY = env.MTN_DISBURSEMENT_SUBSCRIPTION_KEY;
const party = { partyIdType: "MSISDN", partyId: PAYER };
const money = ["5", env.MTN_CURRENCY];

(async () => {
  const user = momo.uuidv4();
  let apiKey, token;
  await step("provisioning", async () => {
    const users = `https://${HOST}/v1_0/apiuser`;
    await momo.createApiUser(users, user, KEY, TARGET, "localhost");
    ({ apiKey } = await momo.createApiKey(users, KEY, TARGET, user, "localhost"));
    assert.ok(apiKey);
  });
  await step("token", async () => {
    token = (await momo.colAccessToken(apiKey, HOST, KEY, user)).access_token;
    assert.ok(token);
  });
  await step("request to pay", async () => {
    const texts = [momo.uuidv4(), "a note", "an order"];
    await momo.requestToPay(HOST, KEY, "", TARGET, party, party, ...money, ...texts, token);
  });
  await step("transfer", async () => {
    const { access_token } = await momo.disAccessToken(apiKey, HOST, DISBURSEMENT_KEY, user);
    const order = [party, ...money, momo.uuidv4(), access_token];
    await momo.disburseTransfer(HOST, DISBURSEMENT_KEY, TARGET, ...order);
  });
})();

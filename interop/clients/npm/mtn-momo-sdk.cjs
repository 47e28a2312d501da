// mtn-momo-sdk: MOMO_API_BASE_URL_SANDBOX.
const assert = require("node:assert");
const { env, PAYER, step } = require("../steps.cjs");

Object.assign(env, {
  MTN_MOMO_ENV: "sandbox",
  LOCAL_CURRENCY: env.MTN_CURRENCY,
  MOMO_API_BASE_URL_SANDBOX: env.MTN_BASE_URL,
  X_TARGET_ENVIRONMENT_SANDBOX: env.MTN_TARGET_ENVIRONMENT,
  SUBSCRIPTION_KEY_SANDBOX: env.MTN_COLLECTION_SUBSCRIPTION_KEY,
  PROVIDER_CALLBACK_HOST_SANDBOX: "http://localhost/",
});
const { processPayment, pollPaymentStatus } = require("mtn-momo-sdk");

const told = [];
console.log = (...words) => told.push(words);

(async () => {
  await step("request to pay", async () => {
    assert.equal((await processPayment("5", PAYER, "order 1")).status, "SUCCESSFUL");
  });
  await step("status", async () => {
    const [, reference] = told.find(([text]) => text?.startsWith("Generated X-Reference-Id"));
    assert.equal((await pollPaymentStatus(reference)).status, "SUCCESSFUL");
  });
})();

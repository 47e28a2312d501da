// How a script says what its client did: a JSON line per step.
const { env } = process;

exports.env = env;
exports.PAYER = env.INTEROP_PAYER;
exports.UNLUCKY_PAYER = env.INTEROP_UNLUCKY_PAYER; // whose payments end in FAILED

// Says whether the action went through; what it throws ends here.
exports.step = async (name, action) => {
  try {
    await action();
    say({ step: name, ok: true });
  } catch (problem) {
    say({ step: name, ok: false, error: String(problem).slice(0, 300) });
  }
};

const say = (facts) => process.stdout.write(`\n${JSON.stringify(facts)}\n`);

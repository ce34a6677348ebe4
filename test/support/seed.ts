/**
 * To be imported by tests of random cases: the cases are the same in every run, so that it tells of the program and
 * not of its luck. CHANCERY_TEST_SEED names another number to begin with; `random` draws one, to look for cases that
 * nobody has met.
 */
import fc from 'fast-check'

const usualSeed = 20_261_122
const given = process.env.CHANCERY_TEST_SEED

if (given !== 'random') {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: given === undefined ? usualSeed : Number(given) })
}

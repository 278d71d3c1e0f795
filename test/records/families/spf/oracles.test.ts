import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkHost } from '../../../../records/families/spf/evaluate/check-host.js'
import { type Difference, MAILAUTH, PYSPF } from './oracles/differences.js'
import {
  checkWithMailauth,
  dnsOfCase,
  isPyspfAvailable,
  missingPyspf,
  type Pyspf,
  startPyspf,
  type Theirs,
} from './oracles/oracles.js'
import { type Case, mistakenCase, randomCase } from './oracles/random-case.js'

const CASES = Number(process.env.MAILSYNC_SPF_CASES ?? 1500)

/** A result that differs has one of the reasons, and few do. */
async function compare(
  cases: fc.Arbitrary<Case>,
  check: (one: Case) => Promise<Theirs>,
  differences: readonly Difference[],
): Promise<void> {
  let same = 0
  for (const one of fc.sample(cases, CASES)) {
    const ours = await checkHost({ ...one, receiver: 'mx.example.org' }, dnsOfCase(one))
    const theirs = await check(one)
    if (ours.result === theirs.result) same++
    else if (!differences.some(({ applies }) => applies(ours, theirs)))
      expect({ one, ours, result: ours.result }).toEqual({ one, ours, ...theirs })
  }
  expect(same / CASES).toBeGreaterThan(0.95)
}

describe.skipIf(!isPyspfAvailable)(isPyspfAvailable ? 'pyspf' : missingPyspf(), () => {
  let pyspf: Pyspf
  beforeAll(() => {
    pyspf = startPyspf()
  })
  afterAll(() => pyspf.stop())

  test('gives the same result for random records, but where it is named', () =>
    compare(randomCase, (one) => pyspf.check(one), PYSPF))

  test('finds the same mistakes in records', () => compare(mistakenCase, (one) => pyspf.check(one), PYSPF))

  test('gives the same explanation, but for the case of the digits of an IPv6 address', async () => {
    let explained = 0
    for (const one of fc.sample(randomCase, CASES)) {
      const { result, explanation } = await checkHost({ ...one, receiver: 'mx.example.org' }, dnsOfCase(one))
      const theirs = await pyspf.check(one)
      if (explanation === undefined || result !== theirs.result) continue
      explained++
      expect(explanation.toLowerCase()).toBe(theirs.why.toLowerCase())
    }
    expect(explained).toBeGreaterThan(CASES / 200)
  })
})

test('mailauth gives the same result for random records, but where it is named', () =>
  compare(randomCase, checkWithMailauth, MAILAUTH))

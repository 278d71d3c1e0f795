import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Certificate } from '../../conformance/certificates.js'
import { type CaseResult, type ConformanceSubject, conformanceCases } from '../../conformance/index.js'
import { withCertificates } from './certificate-table.js'

const FILE = new URL('../../conformance/certificates.json', import.meta.url)
const README = new URL('../../README.md', import.meta.url)

/** What a subject runs on, for whoever reads its certificate. */
export type Ground = Pick<Certificate, 'on' | 'kind'> & { readonly version?: string | undefined }

/**
 * Runs the suite on a subject, every case a test, and compares how they end with the adapter's certificate in
 * conformance/certificates.json. With MAILSYNC_CERTIFY=1 (`npm run certify`) it writes the certificate there instead.
 */
export function certify({ on, kind, version }: Ground, subject: ConformanceSubject): void {
  const cases = conformanceCases(subject)
  const results = new Map<string, CaseResult>()
  for (const { title, run } of cases)
    test(title, async ({ skip }) => {
      const result = await run()
      results.set(title, result)
      if (result.outcome === 'skipped') skip(result.reason)
    })

  test('its certificate is the one that is committed', async ({ skip }) => {
    if (results.size < cases.length) skip('not every case has come to its end')
    const certificate: Certificate = {
      class: subject.plugin.type,
      on,
      kind,
      ...(subject.plugin.traits.serves === 'addresses' && { serves: 'addresses' }),
      ...(version === undefined ? {} : { version }),
      date: new Date().toISOString().slice(0, 10),
      passed: [...results.values()].filter(({ outcome }) => outcome === 'passed').length,
      rejected: reasons(results, 'rejected'),
      skipped: reasons(results, 'skipped'),
    }
    if (process.env.MAILSYNC_CERTIFY === '1') await save(certificate)
    const committed = (await readCertificates()).find((other) => isSameGround(other, certificate))
    const hint = 'npm run certify writes what the suite gives now'
    expect(committed && withoutBuild(committed), hint).toEqual(withoutBuild(certificate))
  })
}

/** The certificates as they are committed. */
export async function readCertificates(): Promise<readonly Certificate[]> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Certificate[]
}

function reasons(results: ReadonlyMap<string, CaseResult>, kind: CaseResult['outcome']): Record<string, string> {
  return Object.fromEntries(
    [...results].flatMap(([title, result]) =>
      result.outcome === kind && 'reason' in result ? [[title, result.reason]] : [],
    ),
  )
}

/** Test files that write certificates run one after the other: see `npm run certify`. */
async function save(certificate: Certificate): Promise<void> {
  const others = (await readCertificates()).filter((other) => !isSameGround(other, certificate))
  const key = (one: Certificate): string => `${one.class} ${one.on}`
  const all = [...others, certificate].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  await writeFile(FILE, `${JSON.stringify(all, null, 2)}\n`)
  await writeFile(README, withCertificates(await readFile(README, 'utf8'), all))
}

function isSameGround(a: Certificate, b: Certificate): boolean {
  return a.class === b.class && a.on === b.on
}

/** What does not depend on the machine and the day. */
function withoutBuild({ version: _version, date: _date, ...rest }: Certificate): object {
  return rest
}

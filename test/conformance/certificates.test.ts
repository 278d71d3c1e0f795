import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { type Certificate, casesOf } from '../../conformance/certificates.js'
import { conformanceCases } from '../../conformance/index.js'
import { builtInClasses } from '../../providers/index.js'
import { withCertificates } from './certificate-table.js'
import { readCertificates } from './certify.js'
import { inMemory } from './in-memory.js'

/** Tables may be padded so that their columns are aligned. */
function unpadded(markdown: string): string {
  return markdown.replace(/ +/g, ' ').replace(/-{3,}/g, '---')
}

describe.skipIf(process.env.MAILSYNC_CERTIFY === '1')('the committed certificates', async () => {
  const certificates = await readCertificates()

  test('are there for every class that comes with mailsync, and for no other but memory', () => {
    const classes = new Set(certificates.map((one) => one.class))
    expect([...classes].sort()).toEqual([...builtInClasses, 'memory'].sort())
  })

  test('are about every case that the suite has now', () => {
    const zones = inMemory()
    const { plugin } = zones
    const addresses = { ...zones, plugin: { ...plugin, traits: { ...plugin.traits, serves: 'addresses' as const } } }
    const count = { zones: conformanceCases(zones).length, addresses: conformanceCases(addresses).length }
    const isOther = (one: Certificate): boolean => casesOf(one) !== count[one.serves ?? 'zones']
    expect(certificates.filter(isOther).map((one) => `${one.class} on ${one.on}`)).toEqual([])
  })

  test('are the table of README', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    expect(unpadded(withCertificates(readme, certificates))).toBe(unpadded(readme))
  })
})

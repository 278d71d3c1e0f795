import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { casesOf } from '../../conformance/certificates.js'
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
    const count = conformanceCases(inMemory()).length
    expect(certificates.filter((one) => casesOf(one) !== count).map((one) => `${one.class} on ${one.on}`)).toEqual([])
  })

  test('are the table of README', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    expect(unpadded(withCertificates(readme, certificates))).toBe(unpadded(readme))
  })
})

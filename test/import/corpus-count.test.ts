import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readZoneFile } from '../../providers/yaml/zone-text.js'
import type { Name } from '../../records/rr/name.js'
import { readMasterFile } from '../../src/import/master-file/master-file.js'
import { imported } from './imported.js'
import { unsaid } from './unsaid.js'

const FOLDER = 'test/fixtures/corpus'
const ZONE = 'example.com.' as Name

/** Why a spec cannot say a record of mail: each is not as its RFC has it, or stands at a name whose MX is not. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  '05-shared-host-relative.zone': ['DKIM dkim._domainkey.example.com. TXT'], // The key is cut: it is no RSA key.
  '09-campus-includes.zone': ['SPF mx-in1.example.com. TXT'], // No plain SPF of a host: the spec says only `a` and egress.
  '12-long-string-and-unquoted.zone': ['DKIM sel._domainkey.example.com. TXT'], // Its p= is no key.
  // Its exchange has no dot at its end; clients are of domains with MX.
  '14-no-trailing-dot.example.com.yaml': ['MX example.com. MX', 'discovery autodiscover.example.com. CNAME'],
  '16-mx-is-apex-cname-host.zone': ['MX example.com. MX'], // Its exchange is a CNAME (RFC 2181 §10.3).
}

const files = (await readdir(FOLDER)).filter((file) => !file.includes('10-reverse'))

test.each(files)('of %s the spec says all records of mail, and the plan changes nothing', async (file) => {
  const text = await readFile(`${FOLDER}/${file}`, 'utf8')
  const rrsets = file.endsWith('.yaml') ? readZoneFile(text, ZONE) : readMasterFile(text, { file }).rrsets
  const domains = rrsets.flatMap(({ name, type }) => (type === 'MX' ? [name] : []))
  const { text: made, changes } = await imported({ [ZONE]: rrsets }, [...new Set([ZONE, ...domains])])
  expect(await unsaid(made, ZONE, rrsets)).toEqual(REASONS[file] ?? [])
  expect(changes.filter((change) => !change.endsWith('(adopts)'))).toEqual([])
})

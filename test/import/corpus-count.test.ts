import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readZoneFile } from '../../providers/yaml/zone-text.js'
import { compile } from '../../records/compile.js'
import { isDkimValue } from '../../records/families/dkim/read-dkim.js'
import { isDmarcValue } from '../../records/families/dmarc/read-dmarc.js'
import { isSpfValue } from '../../records/families/spf/read-spf.js'
import { groupBy } from '../../records/group.js'
import type { Name } from '../../records/rr/name.js'
import { type AnyRRset, isKnown, keyOf, rdataTexts } from '../../records/rr/rrset.js'
import { readMasterFile } from '../../src/import/master-file/master-file.js'
import { load } from '../config/load.js'
import { imported } from './imported.js'

const FOLDER = 'test/fixtures/corpus'
const ZONE = 'example.com.' as Name

/** What a record is to mail; undefined for what is none of its business. */
function kindOf(rrset: AnyRRset): string | undefined {
  const { name, type } = rrset
  if (type === 'MX') return 'MX'
  if (name.includes('._domainkey.') && (type === 'TXT' || type === 'CNAME')) return isKey(rrset) ? 'DKIM' : undefined
  if (name.startsWith('_dmarc.')) return type === 'CNAME' || textsOf(rrset).some(isDmarcValue) ? 'DMARC' : undefined
  if (type === 'TXT' && textsOf(rrset).some(isSpfValue)) return 'SPF'
  if (/^_mta-sts\.|^mta-sts\./.test(name)) return 'MTA-STS'
  if (name.startsWith('_smtp._tls.')) return 'TLS-RPT'
  if (name.startsWith('default._bimi.')) return 'BIMI'
  if (
    /^auto(?:config|discover)\./.test(name) ||
    (type === 'SRV' && /^_(?:autodiscover|imaps?|pop3s?|submissions?)\./.test(name))
  )
    return 'discovery'
  return type === 'CAA' || type === 'TLSA' ? type : undefined
}

function isKey(rrset: AnyRRset): boolean {
  return rrset.type === 'CNAME' || textsOf(rrset).some(isDkimValue)
}

function textsOf(rrset: AnyRRset): string[] {
  return isKnown(rrset) && rrset.type === 'TXT' ? rdataTexts(rrset) : []
}

/** The records of mail in a zone that the imported spec does not say, `kind name TYPE` each; and whether its plan changes anything. */
async function unsaid(file: string): Promise<{ unsaid: string[]; changes: readonly string[] }> {
  const text = await readFile(`${FOLDER}/${file}`, 'utf8')
  const rrsets = file.endsWith('.yaml') ? readZoneFile(text, ZONE) : readMasterFile(text, { file }).rrsets
  const domains = rrsets.flatMap(({ name, type }) => (type === 'MX' ? [name] : []))
  const { text: made, changes } = await imported({ [ZONE]: rrsets }, [...new Set([ZONE, ...domains])])
  const { spec } = await load(made)
  if (!spec) throw new Error('there is no spec')
  const { zones } = compile(spec, [], new Map([[ZONE, ['dns']]]))
  const said = new Set([...zones.values()].flat().map(({ rrset }) => keyOf(rrset)))
  const left = rrsets.flatMap((rrset) => {
    const kind = kindOf(rrset)
    return kind === undefined || said.has(keyOf(rrset)) ? [] : [`${kind} ${keyOf(rrset)}`]
  })
  return { unsaid: left.sort(), changes: changes.filter((change) => !change.endsWith('(adopts)')) }
}

/** What a spec has words for, so that all of it is said unless it is not as its RFC has it. */
const SAID = ['MX', 'SPF', 'DKIM', 'DMARC']
const REASONS: Readonly<Record<string, readonly string[]>> = {
  '05-shared-host-relative.zone': ['DKIM dkim._domainkey.example.com. TXT'], // The key is cut: it is no RSA key.
  '09-campus-includes.zone': ['SPF mx-in1.example.com. TXT'], // No plain SPF of a host: the spec says only `a` and egress.
  '12-long-string-and-unquoted.zone': ['DKIM sel._domainkey.example.com. TXT'], // Its p= is no key.
  '14-no-trailing-dot.example.com.yaml': ['MX example.com. MX'], // Its exchange has no dot at its end.
  '16-mx-is-apex-cname-host.zone': ['MX example.com. MX'], // Its exchange is a CNAME (RFC 2181 §10.3).
}

/** What other families say, or will: how many records of each kind may be left over in all files together. */
const AT_MOST: Readonly<Record<string, number>> = { 'MTA-STS': 2, 'TLS-RPT': 1, BIMI: 1, CAA: 2, TLSA: 1, discovery: 8 }

const files = (await readdir(FOLDER)).filter((file) => !file.includes('10-reverse'))

test.each(files)('of %s the spec says all that it has words for, and the plan changes nothing', async (file) => {
  const { unsaid: left, changes } = await unsaid(file)
  expect(left.filter((line) => SAID.includes(kindIn(line)))).toEqual(REASONS[file] ?? [])
  expect(changes).toEqual([])
})

test('no more is left over than there was', async () => {
  const left = (await Promise.all(files.map(unsaid))).flatMap((one) => one.unsaid).map(kindIn)
  const others = groupBy(
    left.filter((kind) => !SAID.includes(kind)),
    (kind) => kind,
  )
  for (const [kind, { length }] of others)
    expect.soft({ kind, isLess: length <= (AT_MOST[kind] ?? 0) }).toEqual({ kind, isLess: true })
})

function kindIn(line: string): string {
  return line.slice(0, line.indexOf(' '))
}

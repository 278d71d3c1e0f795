import { expect, test } from 'vitest'
import { keyOf } from '../records/compiled.js'
import { rrset } from '../records/zone-fixtures.js'
import { planned, planText, problemLines } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const SPEC = (dkim: string) => `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
domains: { example.com: { mx: [mail.example.com], dkim: ${dkim}, dmarc: false } }
`
const held = {
  one: {
    'example.com.': [
      rrset('s1._domainkey 3600 TXT v=DKIM1; k=rsa; p=MIIB'),
      rrset('_mailsync 3600 TXT v=mailsync1; owner=default; dkim.TXT=s1._domainkey'),
    ],
  },
}

test('a key that is in DNS and not in the key store is an error: mail would fail while it is made anew', async () => {
  const plan = await planText(await worldOf(held), SPEC('{}'))
  expect(problemLines(plan)).toContain(
    'mailsync.yaml:4:57 dkim-keys-lost: s1._domainkey.example.com. is in DNS and was written by mailsync, but the key store does not know it (example.com. one)',
  )
  expect(plan.zones).toEqual([])
})

test('a key that is in both stays', async () => {
  const plan = await planText(await worldOf(held), SPEC('{ algorithms: [rsa-2048] }'), {
    keys: [keyOf('example.com.', 's1')],
  })
  expect(problemLines(plan).join()).not.toContain('dkim-keys-lost')
  expect(planned(plan).filter((line) => line.includes('_domainkey'))).toEqual([])
})

test('with dkim: false the key goes, as was asked', async () => {
  const plan = await planText(await worldOf(held), SPEC('false'))
  expect(planned(plan)).toContain('one: - s1._domainkey.example.com. TXT')
})

import type { Relay } from '../relay.js'

const key = (selector: string) => ({ selector, cname: `${selector}.{domain}._domainkey.migadu.com` })

export const migadu: Relay = {
  name: 'migadu',
  title: 'Migadu',
  alsoCalled: [],
  about: 'mailboxes',
  documentation: ['https://migadu.com/guides/'],
  asOf: '2026-11-27',
  seenInZones:
    'the include, the MX and the CNAMEs of the three keys, alike in ten zones; the panel shows them too, under DNS Configuration',
  inputs: {},
  spf: 'spf.migadu.com',
  otherSpf: [],
  dkim: [[key('key1'), key('key2'), key('key3')]],
  names: [],
  mx: {
    servers: [
      { preference: 10, exchange: 'aspmx1.migadu.com' },
      { preference: 20, exchange: 'aspmx2.migadu.com' },
    ],
    usual: true,
  },
  servers: ['migadu.com'],
  notes: ['The TXT hosted-email-verify=… of the domain is Migadu’s: it stays as it is.'],
}

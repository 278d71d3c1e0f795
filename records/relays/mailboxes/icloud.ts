import type { Relay } from '../relay.js'

export const icloud: Relay = {
  name: 'icloud',
  title: 'iCloud+ Custom Email Domain',
  alsoCalled: ['apple'],
  about: 'mailboxes',
  documentation: ['https://support.apple.com/en-us/102374'],
  asOf: '2026-11-27',
  seenInZones: 'the CNAME of the key, alike in ten zones',
  inputs: {},
  spf: 'icloud.com',
  otherSpf: [],
  dkim: [[{ selector: 'sig1', cname: 'sig1.dkim.{domain}.at.icloudmailadmin.com' }]],
  names: [],
  mx: {
    servers: [
      { preference: 10, exchange: 'mx01.mail.icloud.com' },
      { preference: 10, exchange: 'mx02.mail.icloud.com' },
    ],
    usual: true,
  },
  servers: ['icloud.com', 'me.com'],
  notes: ['The TXT apple-domain=… of the domain is Apple’s: it stays as it is.'],
}

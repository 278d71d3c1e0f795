import type { Relay } from '../relay.js'

export const daum: Relay = {
  name: 'daum',
  title: 'Daum Smartwork',
  alsoCalled: ['kakao', 'hanmail'],
  about: 'mailboxes, Kakao’s until 2025-12',
  documentation: ['https://hanmail-notice.daum.net/list/915'],
  asOf: '2026-11-27',
  seenInZones: 'the include and the MX; the notice says only who runs it',
  inputs: {},
  spf: '_spf.daum.net',
  otherSpf: [],
  dkim: [],
  names: [],
  mx: {
    servers: [
      { preference: 10, exchange: 'aspmx.daum.net' },
      { preference: 20, exchange: 'alt.aspmx.daum.net' },
    ],
    usual: true,
  },
  servers: ['daum.net', 'hanmail.net'],
  notes: [
    'Since 2025-12-01 it is run by AXZ, no longer by Kakao, which has no other mail for domains of one’s own.',
    'No page says that it signs with a key of the domain: count on SPF alone for DMARC, which forwarding breaks.',
  ],
}

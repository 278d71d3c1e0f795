import { key } from '../forms.js'
import type { Relay } from '../relay.js'

export const naverWorks: Relay = {
  name: 'naver-works',
  title: 'Naver Works',
  alsoCalled: ['naver', 'naverworks', 'worksmobile', 'line-works'],
  about: 'mailboxes',
  documentation: [
    'https://help.worksmobile.com/en/admin-guides/manage-service/mail/mail-advanced-settings/',
    'https://help.worksmobile.com/ko/',
  ],
  asOf: '2026-11-27',
  seenInZones: 'the MX, their preferences, and the selector',
  inputs: {
    key: key({
      what: 'the DKIM key that Naver Works made',
      where: 'Admin, Service, Mail, Send/Receive, mail authentication (DKIM)',
    }),
  },
  spf: 'spf.worksmobile.com',
  otherSpf: [],
  dkim: [[{ selector: 'naverworks', txt: '{key}', isOwn: true }]],
  sendsUnsigned: true,
  names: [],
  mx: {
    servers: [
      { preference: 10, exchange: 'kr1-aspmx1.worksmobile.com' },
      { preference: 20, exchange: 'kr1-aspmx2.worksmobile.com' },
    ],
    usual: true,
  },
  servers: ['worksmobile.com'],
  notes: ['The MX are those of Korea: where the admin console shows others, write them under mx.'],
}

import type { Relay } from '../relay.js'

const key = (selector: string) => ({ selector, cname: `${selector}.{domain}.dkim.fmhosted.com` })

export const fastmail: Relay = {
  name: 'fastmail',
  title: 'Fastmail',
  alsoCalled: ['messagingengine'],
  about: 'mailboxes',
  documentation: [
    'https://www.fastmail.help/hc/en-us/articles/360060591153',
    'https://www.fastmail.help/hc/en-us/articles/1500000280261',
  ],
  asOf: '2026-11-27',
  seenInZones: 'the MX and the CNAMEs of the three keys',
  inputs: {},
  spf: 'spf.messagingengine.com',
  otherSpf: [],
  dkim: [[key('fm1'), key('fm2'), key('fm3')]],
  names: [],
  mx: {
    servers: [
      { preference: 10, exchange: 'in1-smtp.messagingengine.com' },
      { preference: 20, exchange: 'in2-smtp.messagingengine.com' },
    ],
    usual: true,
  },
  servers: ['fastmail.com', 'messagingengine.com'],
  notes: [],
}

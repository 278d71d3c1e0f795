/** What a receiver wants to find before it takes mail. */
export type Need = 'reverse DNS' | 'SPF or DKIM' | 'SPF' | 'DKIM' | 'DMARC'

/** A large receiver, and what its pages for senders ask for, as far as DNS shows it. */
export interface Receiver {
  readonly name: string
  /** Of every sender. */
  readonly always: readonly Wanted[]
  /** Of those who send it much. */
  readonly inBulk: readonly Wanted[]
  /** What it calls much. */
  readonly bulk: string
  readonly documentation: string
  /** The day as of which its pages say so, `YYYY-MM-DD`. */
  readonly asOf: string
}

export interface Wanted {
  readonly need: Need
  /** How it refuses mail without; absent where its pages do not say. */
  readonly reply?: string
}

const AUTHENTICATED: readonly Wanted[] = [{ need: 'SPF' }, { need: 'DKIM' }, { need: 'DMARC' }]
const THOUSANDS = '5,000 messages a day'

export const receivers: readonly Receiver[] = [
  {
    name: 'Gmail',
    always: [
      { need: 'reverse DNS', reply: '550-5.7.25' },
      { need: 'SPF or DKIM', reply: '550-5.7.26' },
    ],
    inBulk: AUTHENTICATED,
    bulk: THOUSANDS,
    documentation: 'https://support.google.com/mail/answer/81126',
    asOf: '2026-11-27',
  },
  {
    name: 'Outlook',
    always: [{ need: 'reverse DNS' }],
    inBulk: AUTHENTICATED.map(({ need }) => ({ need, reply: '550 5.7.515' })),
    bulk: THOUSANDS,
    documentation: 'https://sendersupport.olc.protection.outlook.com/pm/policies.aspx',
    asOf: '2026-11-27',
  },
  {
    name: 'Yahoo',
    always: [{ need: 'reverse DNS' }, { need: 'SPF or DKIM' }],
    inBulk: AUTHENTICATED,
    bulk: 'a lot of mail, by its own judgement',
    documentation: 'https://senders.yahooinc.com/best-practices/',
    asOf: '2026-11-27',
  },
  {
    name: 'Naver',
    always: [{ need: 'reverse DNS' }, { need: 'SPF' }],
    inBulk: [{ need: 'DKIM' }, { need: 'DMARC' }],
    bulk: 'a lot of mail, by its own judgement',
    documentation: 'https://policy.naver.com/rules/spamcheck.html',
    asOf: '2026-11-27',
  },
]

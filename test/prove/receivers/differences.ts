import type { Outcome } from './variants.js'

/** Where a receiver sees something else than we do, and why we are right. */
export interface Difference {
  readonly variants: readonly string[]
  readonly who: 'rspamd' | 'chain'
  readonly sees: Partial<Outcome>
  readonly because: string
}

/** Servers give several values in any order. */
const VARIES = '*'

export const DIFFERENCES: readonly Difference[] = [
  {
    variants: ['SPF: +all'],
    who: 'rspamd',
    sees: { spf: 'permerror' },
    because: 'a policy of its own against records that let everybody send; +all is a pass (RFC 7208 §5.1)',
  },
  {
    variants: ['SPF: another version'],
    who: 'rspamd',
    sees: { spf: 'pass' },
    because: 'a record begins with exactly "v=spf1" and then a space or its end (RFC 7208 §4.5)',
  },
  {
    variants: ['SPF: two records'],
    who: 'rspamd',
    sees: { spf: VARIES },
    because: 'it takes the one that comes first; several are a permerror (RFC 7208 §4.5)',
  },
  {
    variants: [
      'SPF: an address that is none',
      'SPF: a prefix that is none',
      'SPF: a macro that is none',
      'DMARC: a permerror is no pass',
    ],
    who: 'rspamd',
    sees: { spf: 'fail' },
    because: 'it leaves out a term that it cannot read; any error of syntax is a permerror (RFC 7208 §4.6)',
  },
  {
    variants: ['SPF: an unknown mechanism before', 'SPF: an unknown mechanism after'],
    who: 'rspamd',
    sees: { spf: 'pass' },
    because: 'it leaves out a term that it cannot read; any error of syntax is a permerror (RFC 7208 §4.6)',
  },
  {
    variants: ['SPF: include of itself', 'SPF: include in a circle'],
    who: 'rspamd',
    sees: { spf: 'fail' },
    because: 'it stops going round; the look-ups never end within ten (RFC 7208 §4.6.4)',
  },
  {
    variants: ['SPF: include of a name without SPF'],
    who: 'rspamd',
    sees: { spf: 'pass' },
    because: 'it leaves the include out; a name without SPF there is a permerror (RFC 7208 §5.2)',
  },
  {
    variants: ['SPF: eleven names are looked up', 'SPF: three names are not there'],
    who: 'rspamd',
    sees: { spf: 'pass' },
    because: 'its limit is 30 look-ups of any kind; it is ten, and two void ones (RFC 7208 §4.6.4)',
  },
  {
    variants: ['DKIM: the version is not first'],
    who: 'rspamd',
    sees: { dkim: 'pass' },
    because: 'v= is the first tag where it is there (RFC 6376 §3.6.1)',
  },
  {
    variants: ['DKIM: the version is not first'],
    who: 'chain',
    sees: { dkim: 'pass' },
    because: 'v= is the first tag where it is there (RFC 6376 §3.6.1)',
  },
  {
    variants: ['DKIM: for something else'],
    who: 'rspamd',
    sees: { dkim: 'pass' },
    because: 'it does not read s=; a record that is not for mail is ignored (RFC 6376 §3.6.1)',
  },
  {
    variants: ['DKIM: for sha1 only'],
    who: 'rspamd',
    sees: { dkim: 'pass' },
    because: 'it does not read h=; a hash that is not listed is not accepted (RFC 6376 §6.1.2 step 6)',
  },
  {
    variants: ['DKIM: two keys'],
    who: 'rspamd',
    sees: { dkim: VARIES },
    because: 'it takes the one that comes first; the result is undefined (RFC 6376 §3.6.2.2)',
  },
  {
    variants: ['DKIM: Ed25519 without its kind'],
    who: 'chain',
    sees: { dkim: 'pass' },
    because: 'without k= the key is one of RSA (RFC 6376 §3.6.1), which this is not',
  },
  {
    variants: ['DMARC: two policies', 'DMARC: the version is not first'],
    who: 'chain',
    sees: { dmarc: 'pass' },
    because: 'OpenDMARC takes the first record, and v= anywhere in it; neither is a policy (RFC 9989 §4.10, §4.7)',
  },
  {
    variants: ['DMARC: beside another TXT'],
    who: 'chain',
    sees: { dmarc: VARIES },
    because: 'OpenDMARC looks at the value that comes first; what is no policy is left out (RFC 9989 §4.10)',
  },
  {
    variants: ['DMARC: a version that is none', 'DMARC: a policy that is none, with nobody to tell'],
    who: 'chain',
    sees: { dmarc: 'permerror' },
    because: 'only a word for the same: DMARC does not apply (RFC 9989 §4.10)',
  },
]

/** What a receiver makes of a variant of which we make `outcome`; `seen` where that varies. */
export function seenBy(who: string, variant: string, outcome: Outcome, seen: Outcome): Outcome {
  const sees = DIFFERENCES.filter((one) => one.who === who && one.variants.includes(variant)).map((one) => one.sees)
  const { spf, dkim, dmarc }: Outcome = Object.assign({ ...outcome }, ...sees)
  return {
    spf: spf === VARIES ? seen.spf : spf,
    dkim: dkim === VARIES ? seen.dkim : dkim,
    dmarc: dmarc === VARIES ? seen.dmarc : dmarc,
  }
}

import { deepStrictEqual, ok } from 'node:assert/strict'
import { asHeld } from '../providers/as-held.js'
import type { MailRecord } from '../records/families/mail-record.js'
import { isManifestName } from '../records/manifest.js'
import { planOf, reconcile } from './planning.js'
import { a } from './rrsets.js'
import { type ConformanceSubject, contents, type Story, withZone, ZONE } from './subject.js'

const CROWD = 300
const web = a('www', ['192.0.2.80'])

function host(label: string, address: string): MailRecord {
  return { rrset: a(label, [address]), purpose: 'host', from: ['hosts', `${label}.example.com`] }
}

const crowd = Array.from({ length: CROWD }, (_, index) => host(`a-rather-long-host-name-${index}`, '192.0.2.1'))

export function ownershipCases(subject: ConformanceSubject): Story[] {
  return [
    {
      title: 'what was there before and only claimed is left as it is when it leaves the spec',
      rrsets: [web],
      run: () => claimAndLeave(subject),
    },
    {
      title: 'a manifest too large for one name is spread over several, and goes with what it names',
      rrsets: crowd.map(({ rrset }) => rrset),
      run: () => spreadManifest(subject),
    },
  ]
}

function held(subject: ConformanceSubject, records: readonly MailRecord[]): MailRecord[] {
  return records.map((record) => ({ ...record, rrset: asHeld(subject.plugin, record.rrset) }))
}

async function claimAndLeave(subject: ConformanceSubject): Promise<void> {
  const seed = asHeld(subject.plugin, web)
  await withZone(subject, ZONE, [seed], async ({ provider }) => {
    const both = held(subject, [host('www', '192.0.2.80'), host('mail', '192.0.2.10')])
    const first = await reconcile(provider, both)
    deepStrictEqual(
      first.claimed.map(({ rrset }) => rrset.name),
      [web.name],
      'what is as wanted is claimed',
    )
    deepStrictEqual((await planOf(provider, both)).edits, [], 'planning again finds nothing to do')
    const last = await reconcile(provider, [])
    deepStrictEqual(
      last.left.map(({ name }) => name),
      [web.name],
      'what was only claimed is left',
    )
    deepStrictEqual(await contents(provider, ZONE), [seed], 'what mailsync wrote is gone, the claimed record is not')
  })
}

async function spreadManifest(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ZONE, [], async ({ provider }) => {
    const desired = held(subject, crowd)
    await reconcile(provider, desired)
    const manifests = (await contents(provider, ZONE)).filter(({ name }) => isManifestName(ZONE, name))
    ok(manifests.length > 1, 'the manifest is at several names')
    deepStrictEqual((await planOf(provider, desired)).edits, [], 'planning again finds nothing to do')
    const fewer = desired.slice(1)
    const { removed } = await reconcile(provider, fewer)
    deepStrictEqual(
      removed.map(({ name }) => name),
      [desired[0]?.rrset.name],
      'what is no longer wanted is known as our own',
    )
    deepStrictEqual((await planOf(provider, fewer)).edits, [])
    await reconcile(provider, [])
    deepStrictEqual(await contents(provider, ZONE), [], 'nothing is left')
  })
}

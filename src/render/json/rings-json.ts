import { keyId } from '../../../records/families/dkim/dkim-key.js'
import { isAbout, markOf } from '../../../records/families/dkim/rotation/step.js'
import { privateFileOf } from '../../dkim/keystore/private/private-half.js'
import type { Orphan } from '../../dkim/rotation/orphans.js'
import type { Ring } from '../../dkim/rotation/rings.js'
import type { Rotation } from '../../dkim/rotation/rotate.js'
import type { Failure } from '../../failure.js'
import { instantText } from '../../instant.js'
import type { Problem } from '../../problem.js'
import { jsonText } from './json-text.js'

/** `mailsync dkim status --format json`. */
export function renderStatusJson(
  rings: readonly Ring[],
  {
    keysDirectory,
    now,
    orphans,
    problems,
    failures,
  }: {
    readonly keysDirectory: string
    readonly now: number
    readonly orphans: readonly Orphan[]
    readonly problems: readonly Problem[]
    readonly failures: readonly Failure[]
  },
): string {
  return jsonText({
    format: 'mailsync-dkim-status',
    version: 1,
    domains: rings.map((ring) => ringData(ring, keysDirectory, now)),
    orphans: orphans.map(({ name, domain, provider, isOurs }) => ({ name, domain, provider, ours: isOurs })),
    failures,
    problems,
  })
}

/** `mailsync dkim rotate --format json`. */
export function renderRotationJson(
  { taken, rings, zones, manual, zoneFailures, failures }: Rotation,
  { keysDirectory, now, dryRun }: { readonly keysDirectory: string; readonly now: number; readonly dryRun: boolean },
): string {
  return jsonText({
    format: 'mailsync-dkim-rotation',
    version: 1,
    dryRun,
    steps: taken.map((step) => ({ domain: step.domain, ...markOf(step), algorithm: step.algorithm, step: step.kind })),
    domains: rings.map((ring) => ringData(ring, keysDirectory, now)),
    zones,
    manual,
    failures: [...zoneFailures, ...failures],
  })
}

function ringData(
  { domain, shared, leads = [], movesTo, keys, next, sightOf }: Ring,
  keysDirectory: string,
  now: number,
): object {
  const isoTimes = (times: object): object =>
    Object.fromEntries(
      Object.entries(times).flatMap(([name, at]) => (at === undefined ? [] : [[name, instantText(at)]])),
    )
  return {
    domain,
    ...(shared && {
      signsFor: shared.domains,
      selectors: shared.selectors,
      domains: leads.map(({ domain: name, sight, led }) => ({
        domain: name,
        shownBy: sight.servers,
        missingAt: sight.missing,
        ...(led && isoTimes({ visible: led.visible, signing: led.signing })),
      })),
    }),
    ...(movesTo && { movesTo: movesTo.name }),
    keys: keys.map((key) => {
      const { algorithm, state, times, holder, recipients } = key
      const { servers, missing } = sightOf(keyId(key))
      const place = privateFileOf(keysDirectory, key)
      const since = times[state] ?? times.published
      return {
        ...markOf(key),
        algorithm,
        state,
        times: isoTimes(times),
        age: Math.max(0, now - since),
        shownBy: servers,
        missingAt: missing,
        due: next.steps.flatMap((step) => (step.kind !== 'create' && isAbout(step, key) ? [step.kind] : [])),
        waits: next.waits.filter((wait) => isAbout(wait, key)).map(waitData),
        privateHalf: {
          holder,
          ...(recipients && { recipients }),
          ...(place && { file: place.file, here: place.isHere }),
        },
      }
    }),
    due: next.steps.flatMap((step) =>
      step.kind === 'create'
        ? [{ step: step.kind, algorithm: step.algorithm, ...(step.selector && { selector: step.selector }) }]
        : [],
    ),
    waits: next.waits.filter(({ selector }) => selector === undefined).map(waitData),
  }
}

function waitData({ reason, until }: Ring['next']['waits'][number]): object {
  return { reason, ...(until === undefined ? {} : { until: instantText(until) }) }
}

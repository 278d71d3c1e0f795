import { type DkimPublicKey, nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import { isDkimValue, publishedKey } from '../../../records/families/dkim/read-dkim.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { subjectOf } from '../../../records/rr/rrset.js'
import type { Problem } from '../../problem.js'
import type { ZonePlan } from '../plan.js'

interface Going {
  /** As a person would say it: `s1 of example.com`. */
  readonly title: string
  readonly selector: string
  /** Of a record that leads to a key elsewhere: where. */
  readonly target: string | undefined
  /** Whether it is one of our own, which the spec keeps in DNS while it asks for keys. */
  readonly isOurs: boolean
}

/** How long mail that was signed may be under way, and some days more: the usual `dkim.rotate.drain`. */
const LONG_ENOUGH = '7 days'

/**
 * Keys that a plan takes out of DNS because the spec or a mail server names them no more, and not because a rotation came to their end:
 * mail that was signed with them and is under way fails. One warning for all of a kind.
 */
export function keysThatGo(zones: readonly ZonePlan[], keys: readonly DkimPublicKey[]): Problem[] {
  const known = new Map(keys.map((key) => [nameOfKey(key), key]))
  const going = zones.flatMap(({ changes }) => {
    const comes = new Set(changes.filter(({ kind }) => kind === 'create').map((change) => subjectOf(change).name))
    return changes.flatMap((change): Going[] => {
      const { name, type } = subjectOf(change)
      const state = known.get(name)?.state
      const [selector = '', domain] = displayName(name).split('._domainkey.', 2)
      if (domain === undefined || comes.has(name) || state === 'gone') return []
      const gone = change.edits
        .filter(({ purpose, after }) => purpose === 'dkim' && after.length === 0)
        .flatMap(({ before }) => before)
        .filter((value) => !isDkimValue(value) || publishedKey(value))
      const [value] = gone
      if (value === undefined) return []
      const target = type === 'CNAME' ? displayName(value as Name) : undefined
      return [{ title: `${selector} of ${domain}`, selector, target, isOurs: state !== undefined }]
    })
  })
  return [
    ...warning(
      going.filter(({ isOurs }) => isOurs),
      () => 'keep dkim as it was until then',
    ),
    ...warning(
      going.filter(({ isOurs }) => !isOurs),
      ({ selector, target }) => {
        // Where the key that it leads to goes as well, only its text keeps it.
        const isKept = !going.some(({ title }) => title.replace(' of ', '._domainkey.') === target)
        const record = target === undefined || !isKept ? 'txt: "v=DKIM1; …"' : `cname: ${target}`
        return `keep what is in DNS until then: dkim: { keys: { ${selector}: { ${record} } } }`
      },
    ),
  ]
}

const SHOWN = 3

function warning(going: readonly Going[], remedy: (first: Going) => string): Problem[] {
  const [first] = going
  if (first === undefined) return []
  const more = going.length - SHOWN
  const titles = going.slice(0, SHOWN).map(({ title }) => title)
  const listed = more > 0 ? `${titles.join(', ')} and ${more} more` : titles.join(', ')
  return [
    {
      rule: 'dkim-key-leaves',
      severity: 'warning',
      message: `this plan takes out of DNS what receivers check signatures with: ${listed}; mail signed so that is still under way would fail DKIM`,
      hint: `apply it once nothing was signed so for ${LONG_ENOUGH}; ${remedy(first)}`,
    },
  ]
}

import type { Failure } from '../../failure.js'
import type { HostRoll } from '../../hosts/tlsa/look.js'
import type { Roll } from '../../hosts/tlsa/roll.js'
import { publishedBy } from '../../hosts/tlsa/words.js'
import { instantText } from '../../instant.js'
import type { Problem } from '../../problem.js'
import { jsonText } from './json-text.js'

/** `mailsync tlsa status --format json`. */
export function renderTlsaStatusJson(rolls: readonly HostRoll[], problems: readonly Problem[]): string {
  return jsonText({ format: 'mailsync-tlsa-status', version: 1, hosts: rolls.map(hostData), problems })
}

/** `mailsync tlsa roll --format json`. */
export function renderRollJson(
  { taken, hosts, zones, manual, zoneFailures, failures }: Roll,
  { dryRun, refused }: { readonly dryRun: boolean; readonly refused: readonly Failure[] },
): string {
  return jsonText({
    format: 'mailsync-tlsa-roll',
    version: 1,
    dryRun,
    steps: taken.map(({ host, kind, association, certificate }) => ({ host, association, certificate, step: kind })),
    hosts: hosts.map(hostData),
    zones,
    manual,
    refused,
    failures: [...zoneFailures, ...failures],
  })
}

function hostData(roll: HostRoll): object {
  const { host, files, failure, served, dnssec, sightOf, next } = roll
  return {
    host: host.name,
    dnssec: dnssec ?? 'unknown',
    served,
    certificates: host.tlsa.roll.map(({ value: { certificate } }) => {
      const { renewal, installed } = files.get(certificate) ?? {}
      return { certificate, ...(renewal && { renewed: renewal.association }), ...(installed && { installed }) }
    }),
    keys: publishedBy(roll).map((association) => {
      const key = host.tlsa.rollKeys.find((one) => one.association === association)
      const { servers, missing } = sightOf(association)
      return {
        association,
        ...(key && {
          certificate: key.certificate,
          state: key.state,
          times: Object.fromEntries(
            Object.entries(key.times).flatMap(([name, at]) => (at === undefined ? [] : [[name, instantText(at)]])),
          ),
        }),
        shownBy: servers,
        missingAt: missing,
        due: next.steps.flatMap((step) => (step.association === association ? [step.kind] : [])),
        waits: next.waits.filter((one) => one.association === association).map(waitData),
      }
    }),
    waits: next.waits.filter((one) => one.association === undefined).map(waitData),
    ...(failure && { failure }),
  }
}

function waitData({ reason, until }: HostRoll['next']['waits'][number]): object {
  return { reason, ...(until !== undefined && { until: instantText(until) }) }
}

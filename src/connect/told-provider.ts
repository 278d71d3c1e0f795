import type { Provider } from '../../providers/provider.js'
import { isManifestName } from '../../records/manifest.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, subjectOf } from '../../records/rr/rrset.js'
import type { ChangeCounts } from '../watch/run-event.js'
import type { Watch } from '../watch/watch.js'

/** The provider, whose readings and writes the watch is told of. */
export function toldProvider(name: string, provider: Provider, watch: Watch | undefined): Provider {
  if (!watch) return provider
  const { views } = provider
  const { tell, clock } = watch
  const reading = async <T>(zone: Name, read: () => Promise<T>, count: (result: T) => number): Promise<T> => {
    const start = clock()
    const result = await read()
    tell({ event: 'zone.read', zone, provider: name, rrsets: count(result), seconds: (clock() - start) / 1000 })
    return result
  }
  return {
    ...provider,
    read: (zone, ...given) =>
      reading(
        zone,
        () => provider.read(zone, ...given),
        ({ length }) => length,
      ),
    ...(views && {
      views: (zone, ...given) =>
        reading(
          zone,
          () => views(zone, ...given),
          ([first]) => first?.rrsets.length ?? 0,
        ),
    }),
    write: async (zone, changes, signal) => {
      const start = clock()
      tell({ event: 'write.start', zone, provider: name, ...countsOf(zone, changes) })
      const result = await provider.write(zone, changes, signal)
      const { applied, uncertain = [], failure } = result
      tell({
        event: 'write.done',
        zone,
        provider: name,
        ...countsOf(zone, applied),
        uncertain: uncertain.length,
        ...(failure && { failure: failure.code }),
        seconds: (clock() - start) / 1000,
      })
      return result
    },
  }
}

function countsOf(zone: Name, changes: readonly Change[]): ChangeCounts {
  const counts = { create: 0, update: 0, delete: 0 }
  for (const change of changes) if (!isManifestName(zone, subjectOf(change).name)) counts[change.kind] += 1
  return counts
}

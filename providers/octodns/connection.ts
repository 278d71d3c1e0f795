import { compareNames, type Name, parseName } from '../../records/rr/name.js'
import type { AnyRRset } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import type { ConnectContext, Provider } from '../provider.js'
import { unlessBug } from '../refusal.js'
import { writeBatches } from '../write-batches.js'
import { type BridgeRecord, readRecords } from './convert.js'
import { exceptionsOf } from './exceptions.js'
import { type Facts, factsOf } from './facts.js'
import type { OctodnsOptions } from './options.js'
import { findPython } from './python.js'
import { type PythonProcess, pythonProcess } from './python-process.js'
import { notServed, sendChanges } from './write.js'

/** Starts Python and makes one object of the class, so that wrong options are told at once. */
export async function connectOctodns(options: OctodnsOptions, context: ConnectContext): Promise<Provider> {
  const python = await findPython(options.python, context)
  const process = pythonProcess(
    python,
    options,
    context.directory,
    context.calls?.(`${options.className} ${JSON.stringify(options.provider)}`),
  )
  const facts = factsOf(options.className, await process.opened(), options.minTtl)
  return connection(process, facts)
}

interface ReadAnswer {
  readonly served: boolean
  readonly records: readonly BridgeRecord[]
}

function connection(process: PythonProcess, facts: Facts): Provider {
  const read = async (zone: Name, signal: AbortSignal): Promise<AnyRRset[]> => {
    const { served, records } = await process.result<ReadAnswer>('read', { zone }, signal)
    if (served) return readRecords(records, facts)
    throw notServed(zone, facts)
  }
  return {
    facts: {
      traits: facts.traits,
      rejects: facts.rejects,
      exceptions: exceptionsOf(facts.txt !== undefined, facts.traits.types),
    },
    zones: async (signal) => {
      const names = (await process.result<readonly string[]>('zones', {}, signal)).map(parseName)
      return names.filter((name) => typeof name === 'string').sort(compareNames)
    },
    read,
    write: (zone, changes, signal) =>
      writeBatches(zone, changes, signal, async () => {
        const look = async (): Promise<Zone> => zoneWith(zone, await read(zone, new AbortController().signal))
        return {
          pack: (all) => [{ changes: all, oneByOne: true }],
          send: (batch) => sendChanges(batch.changes, { zone, process, facts, signal, look }),
          readBack: () => look().catch(unlessBug),
        }
      }),
    close: () => process.close(),
  }
}

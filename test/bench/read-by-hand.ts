import { writeFile } from 'node:fs/promises'
import { startBind } from '../servers/bind.js'
import { peakMemory, seconds, socketsMade } from './measure.js'
import { FOREIGN_LINES, workloadSpec, zoneNames } from './workload.js'

interface ReadByHand {
  /** Median seconds of a plan. */
  readonly time: number
  /** MiB. */
  readonly peak: number
  /** UDP sockets that were made in all. */
  readonly sockets: number
}

/** Plans zones without an API, which are read by asking their name server for what the spec concerns. */
export async function readByHand(cli: string, spec: string, zones: number): Promise<ReadByHand> {
  const bind = await startBind({
    zones: Object.fromEntries(zoneNames(zones).map((name) => [`${name}.`, FOREIGN_LINES])),
  })
  try {
    await writeFile(spec, workloadSpec(zones, `{ class: manual, servers: ['${bind.host}:${bind.port}'] }`))
    const look = [cli, 'plan', '-c', spec]
    return { time: await seconds(look), peak: await peakMemory(look), sockets: await socketsMade(look) }
  } finally {
    await bind.stop()
  }
}

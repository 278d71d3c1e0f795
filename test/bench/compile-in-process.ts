import { readFile } from 'node:fs/promises'
import { compile } from '../../records/compile.js'
import { loadSpec } from '../../src/config/load-config.js'
import { median } from './measure.js'

const RUNS = 5

/** Median seconds of reading a spec with positions, and of compiling it, in a warm process. */
export async function compileInProcess(file: string): Promise<{ load: number; compile: number }> {
  const times: { load: number; compile: number }[] = []
  for (let run = 0; run <= RUNS; run++) {
    const begin = performance.now()
    const { spec } = await loadSpec(file, readFile)
    if (!spec) throw new Error('the spec of the benchmark is wrong')
    const loaded = performance.now()
    compile(spec, [], new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets])))
    times.push({ load: (loaded - begin) / 1000, compile: (performance.now() - loaded) / 1000 })
  }
  return {
    load: median(times.slice(1).map(({ load }) => load)),
    compile: median(times.slice(1).map(({ compile }) => compile)),
  }
}

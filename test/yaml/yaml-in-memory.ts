import { resolve } from 'node:path'
import type { SpecPath } from '../../records/finding.js'
import { type Position, readYaml, type YamlProblem } from '../../yaml/read-yaml.js'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** Reads `conf/spec.yaml` of some files that exist only here. */
export async function read(files: Files | string) {
  const given: Files = typeof files === 'string' ? { 'conf/spec.yaml': files } : files
  const byPath = new Map(Object.entries(given).map(([name, content]) => [resolve(name), content]))
  const opened: string[] = []
  const source = await readYaml('conf/spec.yaml', async (path) => {
    opened.push(path)
    const content = byPath.get(path)
    if (content === undefined) throw Object.assign(new Error(`ENOENT, open '${path}'`), { code: 'ENOENT' })
    return typeof content === 'string' ? Buffer.from(content) : content
  })
  return {
    value: source.value,
    opened,
    /** `file:line:column rule: message`, each on a line of its own. */
    problems: source.problems.map((problem) => `${written(problem.where)} ${problem.rule}: ${problem.message}`),
    hints: source.problems.map(({ hint }: YamlProblem) => hint),
    locate: (path: SpecPath, at?: 'key' | 'value') => written(source.locate(path, at)),
  }
}

const written = ({ file, line, column }: Position): string => `${file}:${line}:${column}`

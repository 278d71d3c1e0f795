import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FOREIGN_YAML, workloadSpec, zoneNames } from './workload.js'

/** Domains in one included file. */
const IN_A_FILE = 100

/** The workload with its domains in files of a hundred, in a git repository, and one domain changed since. Gives the spec and that domain. */
export async function oneChange(folder: string, domains: number): Promise<{ spec: string; changed: string }> {
  await mkdir(join(folder, 'domains'), { recursive: true })
  await mkdir(join(folder, 'zones'))
  const [head = '', list = ''] = workloadSpec(domains, '{ class: yaml, directory: ./zones }')
    .replace('dkim: { algorithms: [rsa-2048, ed25519] }', 'dkim: false')
    .split('\ndomains:\n')
  const entries = list.split(/\n(?= {2}\S)/)
  const files: string[] = []
  for (let from = 0; from < entries.length; from += IN_A_FILE) {
    const file = `domains/${from}.yaml`
    await writeFile(join(folder, file), entries.slice(from, from + IN_A_FILE).join('\n'))
    files.push(file)
  }
  const spec = join(folder, 'mailsync.yaml')
  await writeFile(spec, `${head}\ndomains: !include [${files.join(', ')}]\n`)
  const changed = zoneNames(domains)[domains / 2] as string
  await writeFile(join(folder, 'zones', `${changed}.yaml`), FOREIGN_YAML)
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args])
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'before')
  const file = join(folder, `domains/${domains / 2}.yaml`)
  await writeFile(file, (await readFile(file, 'utf8')).replace(`${changed}:\n`, `${changed}:\n    ttl: 600\n`))
  return { spec, changed }
}

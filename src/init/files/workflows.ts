import { dirname, join, resolve } from 'node:path'
import { type Problem, unplaced } from '../../problem.js'
import { packageFile } from './package-file.js'
import { isThere } from './schema-path.js'

const NAMES = ['mailsync-plan.yml', 'mailsync-apply.yml', 'mailsync-drift.yml'] as const

/** The credential that a workflow of `examples/github` hands over, with the comment before it. */
const CREDENTIAL = /^( +)env:\n((?: +#.*\n)?)\1 {2}DNS_TOKEN: \$\{\{ secrets\.DNS_(READ|WRITE)_TOKEN \}\}\n/m

const pathOf = (name: string): string => `.github/workflows/${name}`

/** A workflow, and the secrets it reads. */
export interface Workflow {
  readonly path: string
  readonly text: string
}

/** The name of the secret that a workflow hands over as an environment variable: one to read with, one to write with. */
export function secretOf(variable: string, right: 'READ' | 'WRITE', variables: readonly string[]): string {
  return variables.length === 1 ? `DNS_${right}_TOKEN` : `${variable}_${right}`
}

/** The three workflows of `examples/github`, with the variables that a provider needs. */
export async function workflowsFor(variables: readonly string[]): Promise<Workflow[]> {
  return Promise.all(
    NAMES.map(async (name) => ({
      path: pathOf(name),
      text: withVariables(await packageFile(`examples/github/${name}`), variables),
    })),
  )
}

function withVariables(text: string, variables: readonly string[]): string {
  if (!CREDENTIAL.test(text)) throw new Error('a workflow of examples/github hands over no DNS_TOKEN')
  const own = text.replace(CREDENTIAL, (_, indent: string, comment: string, right: 'READ' | 'WRITE') => {
    if (variables.length === 0) return ''
    const lines = variables.map((name) => `${indent}  ${name}: \${{ secrets.${secretOf(name, right, variables)} }}\n`)
    const about = variables.map((name) => `env/${name}`).join(', ')
    return `${indent}env:\n${comment.replace('`env/DNS_TOKEN`', `\`${about}\``)}${lines.join('')}`
  })
  return own.replace(/^# Copy to .*\n#\n/, '')
}

/** The workflows name the spec by its place, which is the top of a repository. */
export async function workflowProblems(config: string): Promise<Problem[]> {
  const path = resolve(config)
  const isTop = path.endsWith(`${join('/', 'mailsync.yaml')}`) && !(await isBelowRepository(dirname(path)))
  const hint = 'copy those of examples/github, and give them `config:`'
  return isTop ? [] : [unplaced('usage', '--workflows is for a mailsync.yaml at the top of its repository', hint)]
}

/** Whether they can be written for a spec, and none of them is there. */
export async function hasRoomForWorkflows(config: string): Promise<boolean> {
  if ((await workflowProblems(config)).length > 0) return false
  const found = await Promise.all(NAMES.map((name) => isThere(join(dirname(resolve(config)), pathOf(name)))))
  return !found.includes(true)
}

async function isBelowRepository(directory: string): Promise<boolean> {
  if (await isThere(join(directory, '.git'))) return false
  for (let folder = dirname(directory); folder !== dirname(folder); folder = dirname(folder))
    if (await isThere(join(folder, '.git'))) return true
  return false
}

import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Installation, installedAction, temporaryFolder } from './installation.js'
import { commandsIn, masked, type RunnerCommand, readOutputs } from './runner-commands.js'

/** What a workflow says about one step, and what the runner knows about the job. */
export interface Step {
  /** The checkout. */
  readonly workspace: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly event: { readonly name: string; readonly payload?: unknown; readonly ref?: string }
  readonly apiUrl?: string
  readonly token?: string
  /** A person cancels the run. */
  readonly cancel?: AbortSignal
}

/** What GitHub shows of a finished step. */
export interface StepResult {
  readonly code: number | null
  /** The log, with what was masked as `***`. */
  readonly log: string
  /** Of the log, what went to stderr. */
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly annotations: readonly RunnerCommand[]
  /** What the step asked the runner to mask. */
  readonly masks: readonly string[]
}

export const RUN_ID = 4711

/** Runs the bundled action as GitHub's runner does: a process of its own, told everything by variables and files. */
export async function runStep(step: Step): Promise<StepResult> {
  const action = await installedAction()
  return runProgram(process.execPath, [action.main], {
    ...step,
    env: { ...step.env, ...inputVariables(action, step) },
  })
}

/** Runs the script of a `run:` step, as the runner does on Linux. */
export function runScript(script: string, step: Step): Promise<StepResult> {
  return runProgram('bash', ['-e', '-c', script], step)
}

async function runProgram(program: string, args: readonly string[], step: Step): Promise<StepResult> {
  const temporary = await temporaryFolder()
  const file = (name: string): string => join(temporary, name)
  for (const name of ['output', 'summary']) await writeFile(file(name), '')
  await writeFile(file('event.json'), JSON.stringify(step.event.payload ?? {}))
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: temporary,
    CI: 'true',
    NO_COLOR: '1',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: step.apiUrl ?? 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: step.event.name,
    GITHUB_EVENT_PATH: file('event.json'),
    GITHUB_OUTPUT: file('output'),
    GITHUB_REF: step.event.ref ?? 'refs/heads/main',
    GITHUB_REPOSITORY: 'acme/dns',
    GITHUB_RUN_ID: String(RUN_ID),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_WORKSPACE: step.workspace,
    RUNNER_TEMP: temporary,
    ...step.env,
  }
  const { code, log, stderr } = await start(program, args, step, env)
  const commands = commandsIn(log)
  const masks = commands.filter(({ command }) => command === 'add-mask').map(({ message }) => message)
  return {
    code,
    log: masked(log, masks),
    stderr: masked(stderr, masks),
    outputs: readOutputs(await readFile(file('output'), 'utf8')),
    summary: await readFile(file('summary'), 'utf8'),
    annotations: commands.filter(({ command }) => ['error', 'warning', 'notice'].includes(command)),
    masks,
  }
}

function inputVariables({ defaults }: Installation, { inputs = {}, token = '' }: Step): Record<string, string> {
  const unknown = Object.keys(inputs).filter((name) => !defaults.has(name))
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`)
  return Object.fromEntries(
    [...defaults].map(([name, standard]) => [
      `INPUT_${name.toUpperCase()}`,
      inputs[name] ?? standard.replace(/\$\{\{ github\.token \}\}/, token),
    ]),
  )
}

function start(
  program: string,
  args: readonly string[],
  { workspace, cancel }: Step,
  env: Record<string, string>,
): Promise<{ code: number | null; log: string; stderr: string }> {
  const child = spawn(program, args, { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'] })
  cancel?.addEventListener('abort', () => child.kill('SIGINT'))
  let log = ''
  let stderr = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (stream === child.stderr) stderr += text
    })
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('close', (code) => done({ code, log, stderr }))
  })
}

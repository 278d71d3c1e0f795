import type { Output } from '../../../output.js'
import type { Plan } from '../../../plan/plan.js'
import { print } from '../print.js'
import { planSections } from './plan-text.js'
import { unbrokenLines } from './steps-text.js'

/** UTF-16 units that are printed at a time. */
const PORTION = 2 ** 20

/** Prints a plan for people in portions: the text of tens of thousands of zones takes more memory than their plan. */
export function printPlan(output: Output, plan: Plan, { verbose = false } = {}): void {
  const unbroken = unbrokenLines(plan)
  let portion = ''
  let gap = ''
  for (const section of planSections(plan, { ...output, width: output.columns, verbose })) {
    portion += `${gap}${section}`
    gap = '\n'
    if (portion.length < PORTION) continue
    print(output, portion, unbroken)
    portion = ''
  }
  print(output, portion, unbroken)
}

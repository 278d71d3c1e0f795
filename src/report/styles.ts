import { html } from './html.js'
import { base } from './styles/base.js'
import { changes } from './styles/changes.js'
import { checks } from './styles/checks.js'
import { colours } from './styles/colours.js'
import { header } from './styles/header.js'
import { map } from './styles/map.js'
import { notices } from './styles/notices.js'
import { panel } from './styles/panel.js'
import { paper } from './styles/paper.js'
import { tables } from './styles/tables.js'

/** The style sheet of the report. */
export const styles = html`${[colours, base, header, notices, map, changes, tables, checks, panel, paper]}`

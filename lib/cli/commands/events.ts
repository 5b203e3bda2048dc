// `kram events ...`
import { Command } from 'commander'
import { matchCommand } from './events-match.ts'

export const command = (): Command =>
  new Command('events').description('Events of the shop.').addCommand(matchCommand())

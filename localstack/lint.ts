// `npm run lint:template`: the template of stage prod against AWS' own resource schemas, by cfn-lint (PyPI), in a folder
// of its own. Exit code 77 and the reason on the last line where it cannot be installed.
import { execFileSync, spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { installPython } from './python.ts'
import { folder, root, run, say } from './settings.ts'

/** The version that the template was written against. */
const packages = ['cfn-lint==1.58.0']

// W3005: the Framework names dependencies that follow from others anyway.
const passedOver = ['W3005']

const skipped = 77

async function main(): Promise<void> {
  const installed = installPython('lint', packages)
  if ('why' in installed) {
    say(installed.why)
    process.exitCode = skipped
    return
  }
  const packageFolder = `${folder}/package-prod`
  execFileSync(
    process.execPath,
    [
      `${root}node_modules/serverless/bin/serverless.js`,
      ...['package', '--stage', 'prod', '--region', 'eu-central-1', '--package', packageFolder],
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const template = `${packageFolder}/cloudformation-template-update-stack.json`
  const args = [
    '-c',
    'import sys; from cfnlint.runner import main; sys.exit(main())',
    '--template',
    template,
    '--regions',
    'eu-central-1',
    '--ignore-checks',
    ...passedOver,
  ]
  const { status } = spawnSync(installed.python, args, { stdio: 'inherit' })
  if (status !== 0) throw new Error('cfn-lint has found faults in the template.')
  say('cfn-lint finds no fault in the template of stage prod.')
}

const command = new Command('npm run lint:template --').description(
  'Checks the template of stage prod by cfn-lint, which it fetches.',
)
run(command, main)

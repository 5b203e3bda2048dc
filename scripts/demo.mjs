// `npm run demo`: plays the first shop's story on a throw-away shop. Exit code 0 when everything was as it should be.
// The functions' log lines would drown the story; set POWERTOOLS_LOG_LEVEL=INFO to see them.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT'
const { demo } = await import('../lib/cli/demo.ts')
process.exitCode = await demo()

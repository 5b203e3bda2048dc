// Import it first: the functions' log lines are not what this test is about.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT'

metadata description = 'Stops a deployment with a sentence.'

@description('What is wrong; empty if nothing is.')
param problem string

output isSound bool = empty(problem) ? true : fail(problem)

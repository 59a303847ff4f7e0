metadata description = 'Refuses a deployment with a sentence: nothing but an empty problem is allowed, and the error quotes what was given.'

@description('What is wrong; empty if nothing is.')
@allowed([
  ''
])
param problem string

output isSound bool = empty(problem)

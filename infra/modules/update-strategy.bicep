metadata description = 'One update strategy: stages one after the other, groups of members within a stage side by side.'

@description('Name of the fleet.')
param fleetName string

@description('Name of the strategy: small letters, digits and hyphens.')
@minLength(1)
@maxLength(50)
param name string

@description('Its stages. A group of members may be in one of them only.')
@minLength(1)
param stages array

var stageNames = [for stage in stages: stage.name]
var groupsByStage = [for stage in stages: stage.groups]
var groups = flatten(groupsByStage)
var groupNames = [for member in groups: member.name]

var stageTwice = length(union(stageNames, stageNames)) < length(stageNames)
var groupTwice = length(union(groupNames, groupNames)) < length(groupNames)
var stageProblem = stageTwice ? 'Two stages of the strategy ${name} have the same name.' : ''
var groupProblem = groupTwice ? 'A group is in the strategy ${name} twice.' : ''

module rules 'rules.bicep' = {
  name: 'strategy-rules-${uniqueString(fleetName, name)}'
  params: {
    problem: empty(stageProblem) ? groupProblem : stageProblem
  }
}

resource fleet 'Microsoft.ContainerService/fleets@2026-06-01' existing = {
  name: fleetName
}

resource strategy 'Microsoft.ContainerService/fleets/updateStrategies@2026-06-01' = {
  parent: fleet
  name: name
  properties: {
    strategy: {
      stages: stages
    }
  }
  dependsOn: [
    rules
  ]
}

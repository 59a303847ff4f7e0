metadata description = 'The update strategies and auto-upgrade profiles of one fleet, so that they can live in a repository.'

import { profileProblems, strategyProblems } from 'functions/fleet-rules.bicep'
import { autoUpgradeProfile, resourceName, updateStrategy } from 'types/fleet.bicep'

@description('Name of the fleet, in the resource group of this deployment.')
@minLength(1)
@maxLength(63)
param fleetName string

@description('Update strategies to create or change.')
param strategies updateStrategy[] = []

@description('Names of strategies of the fleet that are managed elsewhere and that profiles use.')
param existingStrategies resourceName[] = []

@description('Auto-upgrade profiles to create or change.')
param profiles autoUpgradeProfile[] = []

var strategyNames = concat(map(strategies, strategy => strategy.name), existingStrategies)
var problems = concat(strategyProblems(strategies), profileProblems(profiles, strategyNames))

// Fleet's name is the first value that every resource needs: a problem stops the deployment before it writes anything.
resource fleet 'Microsoft.ContainerService/fleets@2026-06-01' existing = {
  name: empty(problems) ? fleetName : fail(join(problems, ' '))
}

resource updateStrategies 'Microsoft.ContainerService/fleets/updateStrategies@2026-06-01' = [
  for strategy in strategies: {
    parent: fleet
    name: strategy.name
    properties: {
      strategy: {
        stages: strategy.stages
      }
    }
  }
]

resource autoUpgradeProfiles 'Microsoft.ContainerService/fleets/autoUpgradeProfiles@2026-06-01' = [
  for profile in profiles: {
    parent: fleet
    name: profile.name
    properties: {
      channel: profile.channel
      disabled: profile.?disabled ?? false
      ...(profile.?strategy == null ? {} : { updateStrategyId: '${fleet.id}/updateStrategies/${profile.?strategy}' })
      ...(profile.?nodeImageSelection == null ? {} : { nodeImageSelection: { type: profile.?nodeImageSelection } })
      ...(profile.channel != 'TargetKubernetesVersion'
        ? {}
        : {
            targetKubernetesVersion: profile.?targetKubernetesVersion
            longTermSupport: profile.?longTermSupport ?? false
          })
    }
    dependsOn: [
      updateStrategies
    ]
  }
]

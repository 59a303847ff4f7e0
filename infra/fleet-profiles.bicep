metadata description = 'The update strategies and auto-upgrade profiles of one fleet, so that they can live in a repository.'

@description('Name of the fleet; it is in the resource group this is deployed to.')
@minLength(1)
@maxLength(63)
param fleetName string

@description('Strategies: name, and stages with name, groups, afterStageWaitInSeconds, maxConcurrency and gates, as Fleet has them.')
param strategies array = []

@description('Profiles: name, channel, and as needed strategy, nodeImageSelection, targetKubernetesVersion, longTermSupport, disabled.')
param profiles array = []

module updateStrategies 'modules/update-strategy.bicep' = [for strategy in strategies: {
  name: 'strategy-${strategy.name}'
  params: {
    fleetName: fleetName
    name: strategy.name
    stages: strategy.stages
  }
}]

module autoUpgradeProfiles 'modules/auto-upgrade-profile.bicep' = [for profile in profiles: {
  name: 'profile-${profile.name}'
  params: {
    fleetName: fleetName
    name: profile.name
    channel: profile.channel
    strategyName: profile.?strategy ?? ''
    nodeImageSelection: profile.?nodeImageSelection ?? ''
    targetKubernetesVersion: profile.?targetKubernetesVersion ?? ''
    longTermSupport: profile.?longTermSupport ?? false
    disabled: profile.?disabled ?? false
  }
  dependsOn: [
    updateStrategies
  ]
}]

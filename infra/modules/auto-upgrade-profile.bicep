metadata description = 'One auto-upgrade profile, with the rules that Fleet has for it.'

@description('Name of the fleet.')
param fleetName string

@description('Name of the profile: small letters, digits and hyphens.')
@minLength(1)
@maxLength(50)
param name string

@description('Which releases it follows.')
@allowed([
  'Stable'
  'Rapid'
  'NodeImage'
  'TargetKubernetesVersion'
])
param channel string

@description('Name of an update strategy of the fleet; empty updates all members, one by one.')
param strategyName string

@description('Which node images; empty leaves it to Fleet. The NodeImage channel always takes consistent ones, and is given none.')
@allowed([
  ''
  'Latest'
  'Consistent'
])
param nodeImageSelection string

@description('The minor version to stay on, such as 1.33; for the TargetKubernetesVersion channel, and for no other.')
param targetKubernetesVersion string

@description('Whether versions with long-term support only are followed too; for the TargetKubernetesVersion channel only.')
param longTermSupport bool

@description('Whether it is switched off. Runs under way go on.')
param disabled bool

var isTarget = channel == 'TargetKubernetesVersion'
var isNodeImage = channel == 'NodeImage'
var versionParts = split(targetKubernetesVersion, '.')
var isNotMinor = length(versionParts) != 2

var missingTarget = isTarget && empty(targetKubernetesVersion)
var malformedTarget = isTarget && isNotMinor
var surplusTarget = (!isTarget) && (!empty(targetKubernetesVersion))
var surplusSupport = (!isTarget) && longTermSupport
var surplusSelection = isNodeImage && (!empty(nodeImageSelection))

var missingText = missingTarget ? 'The channel TargetKubernetesVersion needs a targetKubernetesVersion.' : ''
var malformedText = malformedTarget ? 'A targetKubernetesVersion is a minor version such as 1.33.' : ''
var surplusText = surplusTarget ? 'Only the channel TargetKubernetesVersion takes a targetKubernetesVersion.' : ''
var supportText = surplusSupport ? 'Only the channel TargetKubernetesVersion takes longTermSupport.' : ''
var selectionText = surplusSelection ? 'The channel NodeImage takes no nodeImageSelection.' : ''

module rules 'rules.bicep' = {
  name: 'profile-rules-${uniqueString(fleetName, name)}'
  params: {
    problem: trim('${missingText} ${malformedText} ${surplusText} ${supportText} ${selectionText}')
  }
}

resource fleet 'Microsoft.ContainerService/fleets@2026-06-01' existing = {
  name: fleetName
}

resource profile 'Microsoft.ContainerService/fleets/autoUpgradeProfiles@2026-06-01' = {
  parent: fleet
  name: name
  properties: {
    channel: channel
    updateStrategyId: empty(strategyName) ? null : '${fleet.id}/updateStrategies/${strategyName}'
    nodeImageSelection: empty(nodeImageSelection) ? null : { type: nodeImageSelection }
    targetKubernetesVersion: isTarget ? targetKubernetesVersion : null
    longTermSupport: longTermSupport
    disabled: disabled
  }
  dependsOn: [
    rules
  ]
}

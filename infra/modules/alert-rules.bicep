metadata description = 'When somebody is told: one rule of Azure Monitor for each query in infra/alerts. docs/runbook.md says what to do.'

@description('What tells this installation from others; part of the names of the rules.')
param installation string

@description('Azure region, that of the workspace.')
param location string

@description('Tags of every resource.')
param tags object

@description('Id of the Log Analytics workspace that Application Insights writes to.')
param workspaceId string

@description('Ids of the action groups that tell people.')
param actionGroupIds array = []

@description('Id of a managed identity that may query the workspace and read the fleets; empty for no rules over Azure Resource Graph.')
param resourceGraphIdentityId string = ''

@description('Address of docs/runbook.md, for the description of each alert; empty if it is not published.')
param runbookUrl string = ''

@description('Other values of a rule, by its name: enabled, severity, threshold, evaluationFrequency, windowSize, customProperties, actionGroupIds.')
param overrides object = {}

var definitions = loadJsonContent('../alerts/alerts.json')

var queries = {
  'detection-silent': loadTextContent('../alerts/detection-silent.kql')
  'reconcile-silent': loadTextContent('../alerts/reconcile-silent.kql')
  'profile-blocked': loadTextContent('../alerts/profile-blocked.kql')
  'run-failed': loadTextContent('../alerts/run-failed.kql')
  'run-completed-with-failures': loadTextContent('../alerts/run-completed-with-failures.kql')
  'run-pending': loadTextContent('../alerts/run-pending.kql')
  'gate-waiting': loadTextContent('../alerts/gate-waiting.kql')
  'clusters-behind': loadTextContent('../alerts/clusters-behind.kql')
  'clusters-out-of-support': loadTextContent('../alerts/clusters-out-of-support.kql')
  'events-dead-lettered': loadTextContent('../alerts/events-dead-lettered.kql')
  'azure-throttled': loadTextContent('../alerts/azure-throttled.kql')
  'access-denied': loadTextContent('../alerts/access-denied.kql')
  'work-failed': loadTextContent('../alerts/work-failed.kql')
  'function-failing': loadTextContent('../alerts/function-failing.kql')
  unreadable: loadTextContent('../alerts/unreadable.kql')
  'run-failed-in-azure': loadTextContent('../alerts/run-failed-in-azure.kql')
  'run-completed-with-failures-in-azure': loadTextContent('../alerts/run-completed-with-failures-in-azure.kql')
  'gate-waiting-in-azure': loadTextContent('../alerts/gate-waiting-in-azure.kql')
  'member-failed-in-azure': loadTextContent('../alerts/member-failed-in-azure.kql')
}

var defaults = {
  enabled: true
  actionGroupIds: []
}

var unchanged = {}

// acting-alerts.bicep finds by this word the alerts that call the app; a filter is said to be particular about spaces
var actingWord = 'calls-fleet-auto-upgrade'

var allRules = [for definition in definitions: union(defaults, definition, overrides[?definition.name] ?? unchanged)]

var rules = filter(allRules, rule => rule.source == 'workspace' || !empty(resourceGraphIdentityId))

var resourceGraphReader = {
  type: 'UserAssigned'
  userAssignedIdentities: {
    '${resourceGraphIdentityId}': {}
  }
}

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'fleet-auto-upgrade-${installation}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  identity: rule.source == 'workspace' ? null : resourceGraphReader
  properties: {
    displayName: rule.title
    description: join(concat([rule.description], empty(runbookUrl) ? [] : ['${runbookUrl}#${rule.name}'], empty(rule.customProperties) ? [] : [actingWord]), ' ')
    enabled: rule.enabled
    severity: rule.severity
    scopes: [
      workspaceId
    ]
    evaluationFrequency: rule.evaluationFrequency
    windowSize: rule.windowSize
    criteria: {
      allOf: [
        {
          query: queries[rule.name]
          timeAggregation: rule.aggregation
          metricMeasureColumn: empty(rule.measure) ? null : rule.measure
          operator: rule.operator
          threshold: rule.threshold
          dimensions: rule.dimensions
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: concat(actionGroupIds, rule.actionGroupIds)
      customProperties: rule.customProperties
    }
    // an alert ends by itself when its query finds nothing any more
    autoMitigate: true
    // in a new installation the role of the identity may take minutes to count; tests check the queries
    skipQueryValidation: true
  }
}]

output ruleNames array = [for rule in rules: 'fleet-auto-upgrade-${installation}-${rule.name}']

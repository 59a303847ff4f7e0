metadata description = 'One log search alert rule for each query in infra/alerts. docs/runbook.md says what to do.'

import { alertOverrides } from '../types/alerts.bicep'
import { tagMap } from '../types/app.bicep'

@description('What identifies the installation; part of the names of the rules.')
param installation string

@description('Azure region, that of the workspace.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Resource id of the Log Analytics workspace that Application Insights writes to.')
param workspaceId string

@description('Resource ids of the action groups that get every alert.')
param actionGroupIds string[] = []

@description('Resource id of a managed identity that may query the workspace and read fleets; empty for no rules over Azure Resource Graph.')
param resourceGraphIdentityId string = ''

@description('Address of docs/runbook.md, for the description of each alert; empty if it is not published.')
param runbookUrl string = ''

@description('Changes to rules, by the name of the rule.')
param overrides alertOverrides = {}

@description('True for the rules that would fire before the first detection has succeeded, false for all others.')
param afterFirstDetection bool = false

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
  'messages-poisoned': loadTextContent('../alerts/messages-poisoned.kql')
  'azure-throttled': loadTextContent('../alerts/azure-throttled.kql')
  'access-denied': loadTextContent('../alerts/access-denied.kql')
  'work-failed': loadTextContent('../alerts/work-failed.kql')
  'function-failing': loadTextContent('../alerts/function-failing.kql')
  unreadable: loadTextContent('../alerts/unreadable.kql')
  'run-failed-in-azure': loadTextContent('../alerts/run-failed-in-azure.kql')
  'run-completed-with-failures-in-azure': loadTextContent('../alerts/run-completed-with-failures-in-azure.kql')
  'gate-waiting-in-azure': loadTextContent('../alerts/gate-waiting-in-azure.kql')
  'member-failed-in-azure': loadTextContent('../alerts/member-failed-in-azure.kql')
  'resource-graph-limit': loadTextContent('../alerts/resource-graph-limit.kql')
}

var unknownNames = filter(objectKeys(overrides), name => !contains(map(definitions, rule => rule.name), name))
var knownOverrides = empty(unknownNames)
  ? overrides
  : fail('alertOverrides names rules that do not exist: ${join(unknownNames, ', ')}. docs/runbook.md has a section for each rule.')

// acting-alerts.bicep finds by this word the alerts that call the app
var actingWord = 'calls-fleet-auto-upgrade'

var chosen = filter(
  definitions,
  rule =>
    (rule.?afterFirstDetection ?? false) == afterFirstDetection && (rule.source == 'workspace' || !empty(resourceGraphIdentityId))
)

var rules = map(chosen, rule => union({ enabled: true, actionGroupIds: [] }, rule, knownOverrides[?rule.name] ?? {}))

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'fleet-auto-upgrade-${installation}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    identity: rule.source == 'workspace'
      ? {
          type: 'None'
        }
      : {
          type: 'UserAssigned'
          userAssignedIdentities: {
            '${resourceGraphIdentityId}': {}
          }
        }
    properties: {
      displayName: rule.title
      description: join(
        concat(
          [rule.description],
          empty(runbookUrl) ? [] : ['${runbookUrl}#${rule.name}'],
          empty(rule.customProperties) ? [] : [actingWord]
        ),
        ' '
      )
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
            ...(empty(rule.measure) ? {} : { metricMeasureColumn: rule.measure })
            operator: rule.operator
            threshold: rule.threshold
            ...(empty(rule.dimensions) ? {} : { dimensions: rule.dimensions })
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: concat(actionGroupIds, rule.actionGroupIds)
        ...(empty(rule.customProperties) ? {} : { customProperties: rule.customProperties })
      }
      // an alert ends when its query finds nothing any more
      autoMitigate: true
      // in a new installation the role of the identity may take minutes to apply; tests check the queries
      skipQueryValidation: true
    }
  }
]

@description('Names of the rules.')
output ruleNames string[] = [for rule in rules: 'fleet-auto-upgrade-${installation}-${rule.name}']

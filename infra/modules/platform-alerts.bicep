metadata description = 'Metric alerts on the platform that the app runs on. They work while the app is down. docs/runbook.md says what to do.'

import { tagMap } from '../types/app.bicep'

@description('What identifies the installation; part of the names of the rules.')
param installation string

@description('Tags of every resource.')
param tags tagMap

@description('Resource id of the Function app.')
param functionAppId string

@description('Resource id of the storage account.')
param storageAccountId string

@description('Memory of an instance, in MB.')
param instanceMemoryMB int

@description('Resource ids of the action groups that get every alert.')
param actionGroupIds string[]

@description('Address of docs/runbook.md, for the description of each alert; empty if it is not published.')
param runbookUrl string

// Metrics of function apps and of storage accounts, as Azure Monitor lists them:
// https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-web-sites-metrics
// https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-storage-storageaccounts-metrics
// The first has Http5xx and MemoryWorkingSet for function apps, and does not say whether Flex Consumption emits them.
var rules = loadJsonContent('../alerts/platform-alerts.json')

var resources = {
  app: {
    id: functionAppId
    namespace: 'Microsoft.Web/sites'
  }
  storage: {
    id: storageAccountId
    namespace: 'Microsoft.Storage/storageAccounts'
  }
}

// a metric alert compares bytes with a whole number of bytes
var bytesPerPercent = instanceMemoryMB * 1024 * 1024 / 100

var actions = [for id in actionGroupIds: { actionGroupId: id }]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for rule in rules: {
    name: 'fleet-auto-upgrade-${installation}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: join(
        concat(['${rule.title}. ${rule.description}'], empty(runbookUrl) ? [] : ['${runbookUrl}#${rule.name}']),
        ' '
      )
      enabled: true
      severity: rule.severity
      scopes: [
        resources[rule.resource].id
      ]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.name
            metricNamespace: resources[rule.resource].namespace
            metricName: rule.metric
            timeAggregation: rule.aggregation
            operator: rule.operator
            threshold: rule.unit == 'percentOfInstanceMemory' ? rule.threshold * bytesPerPercent : rule.threshold
            dimensions: map(rule.dimensions, dimension => {
              name: dimension
              operator: 'Include'
              values: ['*']
            })
            // a new or deleted app may not emit a metric yet
            skipMetricValidation: true
          }
        ]
      }
      actions: actions
    }
  }
]

@description('Names of the rules.')
output ruleNames string[] = [for rule in rules: 'fleet-auto-upgrade-${installation}-${rule.name}']
